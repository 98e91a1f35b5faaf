import type { Command } from 'commander';
import { AppError } from '../../../shared/errors.js';
import { MEMORY_COUNTED, type MemoryComparison, type ModelMemory, PAPER_MEMORY_GB } from '../../../shared/model-memory.js';
import { findByName } from './find-by-name.js';
import { formatBytes } from '../../../shared/format.js';
import { type CommonOptions, withSession } from './session.js';
import { formatTable } from './terminal.js';

interface MemoryOptions extends CommonOptions {
  original?: string;
  refined?: string;
}

export function addModelMemoryCommand(model: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  model
    .command('memory')
    .description('measure on a node what the original and the refined model take of its memory')
    .argument('<node>', 'name or id; both models must have been pushed to it')
    .option('--original <model>', 'the model with T5 (name or id)')
    .option('--refined <model>', 'the model without (name or id)')
    .action((nameOrId: string, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<MemoryOptions>();
        const { original, refined } = options;
        if (original === undefined || refined === undefined) {
          throw new AppError('invalid-input', 'Two models are compared.', 'Name them by --original and --refined.');
        }
        return withSession(options, { access: 'exclusive', activity: 'nodes' }, async ({ api, until, terminal, signal }) => {
          const node = findByName(
            (await api.testbeds.list()).flatMap(({ nodes }) => nodes),
            nameOrId,
            'node',
          );
          const models = await api.models.list();
          terminal.note('Loading one model after the other on the node; that takes minutes ...');
          const comparison = await until(signal).modelMemory.compare({
            nodeId: node.id,
            originalModelId: findByName(models, original, 'model').id,
            refinedModelId: findByName(models, refined, 'model').id,
          });
          terminal.result(comparison, describe(comparison));
          return 0;
        });
      }),
    );
}

function describe({ original, refined, savedFraction }: MemoryComparison): string {
  const row = (name: string, memory: ModelMemory, paperGb: number): string[] => [
    name,
    memory.modelName,
    sizeOf(memory.takenBytes),
    sizeOf(memory.restingBytes),
    sizeOf(memory.mostResidentBytes),
    sizeOf(memory.mostCudaBytes),
    `about ${paperGb} GB`,
  ];
  const table = formatTable(
    ['', 'model', 'max taken', 'at rest', 'process', 'GPU', 'paper'],
    [row('with T5', original, PAPER_MEMORY_GB.original), row('without', refined, PAPER_MEMORY_GB.refined)],
  );
  const saved = savedFraction === null ? '' : `Saved: ${(savedFraction * 100).toFixed(0)} % (the paper: 60 %).`;
  return [table, saved, `On ${refined.device} in ${refined.dtype}.`, MEMORY_COUNTED].filter(Boolean).join('\n');
}

function sizeOf(bytes: number | null): string {
  return bytes === null ? '' : formatBytes(bytes);
}
