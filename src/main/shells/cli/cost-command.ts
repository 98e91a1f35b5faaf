// `npm run cli -- cost`: what 1,000 images cost on nodes of one's own, and from how many images on that is less than a platform takes.
import type { Command } from 'commander';
import { listBreakEvens, type CostReport, type CostSettings } from '../../../shared/cost.js';
import { cleanLine } from '../../../shared/foreign-text.js';
import { findSeriesId } from './find-series.js';
import { decimal } from './parse-arguments.js';
import { type CommonOptions, withSession } from './session.js';

interface CostOptions extends CommonOptions {
  row?: string;
  series?: string;
  measured?: boolean;
  watts?: number;
  kwh?: number;
  hardware?: number;
  years?: number;
  use?: number;
  upfront?: boolean;
  save: boolean;
}

export function addCostCommand(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  program
    .command('cost')
    .description('what 1,000 images cost on your own nodes, and when that is less than each platform takes')
    .option('--row <id>', 'whose: the id of a row of compare --json (default: the fullest measured row)')
    .option('--series <series>', 'rows of a series: its name or id')
    .option('--measured', 'power as telemetry measured it in the runs')
    .option('--watts <watts>', 'what a wall meter shows, all nodes together', decimal)
    .option('--kwh <usd>', 'price of a kilowatt-hour in US dollars', decimal)
    .option('--hardware <usd>', 'price of all nodes together in US dollars', decimal)
    .option('--years <years>', 'spread the hardware over so many years (with --use)', decimal)
    .option('--use <percent>', 'share of the time that images are made, in percent (with --years; default 20)', decimal)
    .option('--upfront', 'the hardware is paid before the first image')
    .option('--save', 'keep these for next time, and for the prices in Table V', false)
    .action((_options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CostOptions>();
        return withSession(options, { access: options.save ? 'exclusive' : 'read', activity: 'none' }, async ({ api, terminal }) => {
          const settings = mergeSettings((await api.costs.settings()).settings, options);
          if (options.save && settings) await api.costs.save(settings);
          const series = options.series === undefined ? {} : { seriesId: await findSeriesId(api, options.series) };
          const report = await api.costs.compute({
            comparison: series,
            rowId: options.row ?? null,
            settings: options.save ? null : settings,
          });
          terminal.result(report, describeCost(report));
          return 0;
        });
      }),
    );
}

/** Null where no option says anything. */
function mergeSettings(kept: CostSettings, options: CostOptions): CostSettings | null {
  const { measured, watts, kwh, hardware, years, use, upfront } = options;
  const spread = years === undefined && use === undefined ? {} : { spread: spreadOf(kept, options) };
  const changes: Partial<CostSettings> = {
    ...(watts === undefined ? {} : { power: 'entered', wallWatts: watts }),
    ...(measured ? { power: 'measured' } : {}),
    ...(kwh === undefined ? {} : { usdPerKwh: kwh }),
    ...(hardware === undefined ? {} : { hardwareUsd: hardware }),
    ...(upfront ? { spread: null } : spread),
  };
  return Object.keys(changes).length === 0 ? null : { ...kept, ...changes };
}

function spreadOf({ spread }: CostSettings, { years, use }: CostOptions): NonNullable<CostSettings['spread']> {
  return { years: years ?? spread?.years ?? 3, usePercent: use ?? spread?.usePercent ?? 20 };
}

function describeCost(report: CostReport): string {
  const usd = report.usdPer1k === null ? 'not known' : `$${report.usdPer1k.toFixed(4)} per 1,000 images`;
  return [
    `${report.name}: ${usd}${report.upfrontUsd > 0 ? `, after $${report.upfrontUsd} of hardware` : ''}`,
    report.counted,
    ...(report.isAssumed ? ['Price of energy and hardware are assumed until you save your own (--save).'] : []),
    ...listBreakEvens(report),
  ]
    .map(cleanLine)
    .join('\n');
}
