import { type Command, InvalidArgumentError } from 'commander';
import { cleanLine } from '../../../shared/foreign-text.js';
import type { CalibrationRun } from '../../../shared/calibration.js';
import { chooseTestbed } from './choose-testbed.js';
import { findByName } from './find-by-name.js';
import { type CommonOptions, type Session, withSession } from './session.js';
import { formatTable } from './terminal.js';

interface CalibrateOptions extends CommonOptions {
  images: number;
  node?: string[];
}

export function addCalibrateCommand(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  program
    .command('calibrate')
    .description('measure how long images take on the real nodes of a testbed; their schedulers get the figures with the next run')
    .argument('[testbed]', 'name or id; the only one, or the one of the last run, where it is left out')
    .option('--images <count>', 'images at each of the two step counts', readCount, 3)
    .option('--node <node...>', 'only these nodes (name or id)')
    .action((nameOrId: string | undefined, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CalibrateOptions>();
        return withSession(options, { access: 'exclusive', activity: 'nodes' }, async (session) => {
          const testbed = await chooseTestbed(session, nameOrId);
          const nodeIds = options.node?.map((name) => findByName(testbed.nodes, name, 'node').id);
          const started = await session.api.calibrations.start({
            testbedId: testbed.id,
            imagesPerCount: options.images,
            ...(nodeIds ? { nodeIds } : {}),
          });
          const ended = await follow(session, started);
          session.terminal.result(ended, describe(ended));
          return exitStatus(ended);
        });
      }),
    );
}

function readCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 20) throw new InvalidArgumentError('Name a whole number from 1 to 20.');
  return count;
}

/** Reports each image once; Ctrl-C cancels. */
async function follow({ api, terminal, signal }: Session, started: CalibrationRun): Promise<CalibrationRun> {
  signal.addEventListener('abort', () => void api.jobs.cancel({ id: started.id }), { once: true });
  const reported = new Map<string, number>();
  let last = started;
  for await (const snapshot of await api.calibrations.watch({ id: started.id })) {
    last = snapshot;
    for (const { nodeId, nodeName, samples, imageCount } of snapshot.nodes) {
      for (let index = reported.get(nodeId) ?? 0; index < samples.length; index++) {
        const sample = samples[index];
        if (!sample) continue;
        const { qualitySteps, computeSec } = sample;
        terminal.note(cleanLine(`${nodeName}: image ${index + 1} of ${imageCount}, ${qualitySteps} steps: ${computeSec.toFixed(2)} s`));
      }
      reported.set(nodeId, samples.length);
    }
  }
  return last;
}

function describe({ state, nodes }: CalibrationRun): string {
  const table = formatTable(
    ['node', 'state', 'fixed s', 's a step', 'residual s', 'problem'],
    nodes.map(({ nodeName, state: nodeState, calibration, error }) => [
      nodeName,
      nodeState,
      calibration?.fixedSec.toFixed(2) ?? '',
      calibration?.secPerStep.toFixed(3) ?? '',
      calibration?.residualSec.toFixed(3) ?? '',
      error?.message ?? '',
    ]),
  );
  const hints = new Set(nodes.flatMap(({ error }) => error?.hint ?? []));
  const next = state === 'succeeded' ? ['Schedulers get these figures with the next run.'] : [];
  return [table, ...[...hints].map((hint) => `Hint: ${cleanLine(hint)}`), ...next].join('\n');
}

/** 0 all measured; 5 some not; 130 cancelled. */
function exitStatus({ state }: CalibrationRun): number {
  return state === 'succeeded' ? 0 : state === 'cancelled' ? 130 : 5;
}
