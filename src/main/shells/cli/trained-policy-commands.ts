// What came out of a training: its policy described, and written as ONNX.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { chooseTrainingId, type TrainingChoice } from './choose-defaults.js';
import { whole } from './parse-arguments.js';
import { withReadingCore } from './session.js';
import type { CommonOptions, LocalSession } from './session.js';
import { formatTable } from './terminal.js';
import { writeOutput } from './write-output.js';

type Run = (act: () => Promise<number>) => Promise<void>;
const WITH_CHECKPOINT: TrainingChoice = { what: 'training with a checkpoint', isMeant: ({ checkpointEpisodes }) => checkpointEpisodes > 0 };
type ExportedPolicy = Awaited<ReturnType<LocalSession['core']['services']['trainings']['exportPolicy']>>;

export function addTrainedPolicyCommands(policy: Command, run: Run): void {
  policy
    .command('show')
    .description('the policy of a training as of its last checkpoint: inputs, outputs, metadata')
    .argument('[training]', 'id of a training; the newest with a checkpoint where it is left out')
    .action((requestedId: string | undefined, _options: unknown, command: Command) =>
      run(() =>
        withReadingCore(command.optsWithGlobals<CommonOptions>(), async ({ api, core, terminal }) => {
          const id = await chooseTrainingId({ api, terminal }, requestedId, WITH_CHECKPOINT);
          const { onnx, ...description } = await core.services.trainings.exportPolicy(id, 1);
          terminal.result({ ...description, onnxBytes: onnx.length }, describePolicy(description));
          return 0;
        }),
      ),
    );

  policy
    .command('export')
    .description('write the policy of a training as ONNX (opset 17), for any runtime')
    .argument('[training]', 'id of a training; the newest with a checkpoint where it is left out')
    .requiredOption('--out <file>', 'the file to write')
    .option('--batch <count>', 'observations of each agent in one run', whole, 1)
    .option('--overwrite', 'replace what is at --out', false)
    .action((requestedId: string | undefined, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & { out: string; batch: number; overwrite: boolean }>();
        return withReadingCore(options, async ({ api, core, terminal }) => {
          const id = await chooseTrainingId({ api, terminal }, requestedId, WITH_CHECKPOINT);
          const { onnx, ...description } = await core.services.trainings.exportPolicy(id, options.batch);
          const outputPath = resolve(options.out);
          await writeOutput(outputPath, onnx, options.overwrite);
          terminal.result(
            { ...description, onnxBytes: onnx.length, outputPath },
            `${describePolicy(description)}\nwritten   ${outputPath}`,
          );
          return 0;
        });
      }),
    );
}

function describePolicy({ inputs, outputs, metadata }: Omit<ExportedPolicy, 'onnx'>): string {
  const { method, preset, seed, episodes, baseStations, programVersion } = metadata;
  const rows = [
    ...inputs.map(({ name, shape }) => ['input', name, `[${shape.join(', ')}]`]),
    ...outputs.map(({ name, shape }) => ['output', name, `[${shape.join(', ')}]`]),
  ];
  const head = `${method}, preset ${preset}, seed ${seed}, B ${baseStations}, ${episodes} episodes, version ${programVersion}`;
  return `${head}\n${formatTable(['', 'name', 'float32'], rows)}`;
}
