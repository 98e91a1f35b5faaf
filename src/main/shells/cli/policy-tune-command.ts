// `policy tune`: finds k of considerate completion for a testbed by simulation.
import type { Command } from 'commander';
import { formatRelative } from '../../../shared/describe-twin.js';
import { formatInterval } from '../../../shared/format.js';
import type { ConsiderationRow, ConsiderationTuning } from '../../../shared/twin.js';
import { plannedWorkSchema } from '../../../shared/api/twin-inputs.js';
import { TWIN_NOTES } from '../../../shared/twin.js';
import { chooseTestbed } from './choose-testbed.js';
import { type SchedulingOptions, settingsOfOptions, withOrderOptions } from './scheduling-options.js';
import { type CommonOptions, withReadingCore } from './session.js';
import { formatTable } from './terminal.js';
import { withWorkOptions, workOfOptions, type WorkOptions } from './twin-options.js';

type TuneOptions = CommonOptions & WorkOptions & SchedulingOptions;

export function addPolicyTuneCommand(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const parent =
    program.commands.find((command) => command.name() === 'policy') ?? program.command('policy').description('scheduling policies');
  withOrderOptions(withWorkOptions(parent.command('tune'), { repetitions: 20 }))
    .description('find k of considerate completion for a testbed and its work by simulation, and say what it is worth on other work')
    .action((_options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<TuneOptions>();
        return withReadingCore(options, async (session) => {
          const { core, terminal, signal } = session;
          const testbed = await chooseTestbed(session, options.testbed, '--testbed');
          const tuning = await core.services.twin.tune(
            {
              work: plannedWorkSchema.parse(workOfOptions(options, testbed)),
              settings: settingsOfOptions(options),
              repetitions: options.repeat,
            },
            { signal, onValue: (done, of) => terminal.progress(`Simulated ${done} of ${of}`) },
          );
          terminal.result(tuning, describeTuning(tuning));
          return 0;
        });
      }),
    );
}

function describeTuning({ bestK, chosenOn, heldOut, repetitions, testbedName }: ConsiderationTuning): string {
  const advice =
    bestK === 0
      ? 'No k is better than shortest expected completion here.'
      : `Best: k = ${bestK}. Use it: run start --scheduler considerate-completion --consideration ${bestK}`;
  return [
    `Testbed “${testbedName}”, chosen on ${repetitions} repetitions:`,
    describeRows(chosenOn, bestK),
    `\nOn ${repetitions} others, which nothing was chosen on:`,
    describeRows(heldOut, bestK),
    `\n${advice}`,
    'Best is the least mean delay whose p95 is not above that of k = 0, which is shortest expected completion. ± is the 95 % interval.',
    ...TWIN_NOTES,
  ].join('\n');
}

function describeRows(rows: readonly ConsiderationRow[], bestK: number): string {
  const cells = rows.map(({ k, figures, difference }) => [
    `${k}${k === bestK ? ' *' : ''}`,
    formatInterval(figures.meanSec, 1),
    formatInterval(figures.p95Sec, 1),
    formatInterval(figures.p99Sec, 1),
    formatRelative(difference.meanSec),
    formatRelative(difference.p95Sec),
    formatRelative(difference.p99Sec),
  ]);
  return formatTable(['k', 'mean (s)', 'p95 (s)', 'p99 (s)', 'mean to k = 0', 'p95 to k = 0', 'p99 to k = 0'], cells);
}
