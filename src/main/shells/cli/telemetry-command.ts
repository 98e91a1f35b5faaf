// `npm run cli -- node telemetry NODE`: what the node's hardware does, a line a sample.
import type { Command } from 'commander';
import { cleanLine } from '../../../shared/foreign-text.js';
import { AppError } from '../../../shared/errors.js';
import { hottestOf, type TelemetrySample } from '../../../shared/telemetry.js';
import { chooseNode } from './choose-defaults.js';
import { decimal } from './parse-arguments.js';
import { withSession } from './session.js';
import type { CommonOptions } from './session.js';

interface TelemetryOptions extends CommonOptions {
  for: number;
}

export function addTelemetryCommand(node: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  node
    .command('telemetry')
    .description('sample load, memory, power and temperature of a node over SSH')
    .argument('[node]', 'name or id; the only one where it is left out')
    .option('--for <seconds>', 'how long to look', decimal, 20)
    .action((nameOrId: string | undefined, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<TelemetryOptions>();
        return withSession(options, { access: 'exclusive', activity: 'nodes' }, async ({ api, until: during, terminal, signal }) => {
          const found = await chooseNode({ api, terminal }, nameOrId);
          const samples: TelemetrySample[] = [];
          const until = AbortSignal.any([signal, AbortSignal.timeout(options.for * 1000)]);
          for await (const telemetry of await during(until).testbeds.telemetry({ id: found.id })) {
            if (telemetry.problem) throw new AppError(telemetry.problem.code, telemetry.problem.message, telemetry.problem.hint);
            const newestMs = samples.at(-1)?.atMs ?? 0;
            for (const sample of telemetry.samples.filter(({ atMs }) => atMs > newestMs)) {
              samples.push(sample);
              terminal.note(describeSample(sample));
            }
          }
          const origin = found.kind === 'virtual' ? ' of the machine that this virtual node runs on' : '';
          terminal.result({ nodeId: found.id, isOfHost: found.kind === 'virtual', samples }, `${samples.length} samples${origin}.`);
          return 0;
        });
      }),
    );
}

function describeSample(sample: TelemetrySample): string {
  const percent = (value: number | null): string => (value === null ? 'not reported' : `${value.toFixed(1)} %`);
  const { memoryUsedBytes, memoryTotalBytes, rails } = sample;
  const memory =
    memoryUsedBytes === null ? 'not reported' : `${(memoryUsedBytes / 1e9).toFixed(1)} of ${((memoryTotalBytes ?? 0) / 1e9).toFixed(1)} GB`;
  const hottest = hottestOf(sample);
  const parts = [
    new Date(sample.atMs).toISOString(),
    `GPU ${percent(sample.gpuPercent)}`,
    `CPU ${percent(sample.cpuPercent)}`,
    `memory ${memory}`,
    rails.length === 0
      ? 'power not reported'
      : rails.map(({ name, milliwatts }) => `${name} ${(milliwatts / 1000).toFixed(1)} W`).join(' '),
    hottest ? `${hottest.name} ${hottest.celsius.toFixed(1)} °C` : 'temperature not reported',
  ];
  return cleanLine(parts.join('  '));
}
