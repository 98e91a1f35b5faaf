import type { Command } from 'commander';
import { MEMORY_COUNTED, type MemoryComparison, type ModelMemory, PAPER_MEMORY_GB } from '../../../shared/model-memory.js';
import { hasT5 } from '../../../shared/model-variant.js';
import { chooseModel } from './choose-defaults.js';
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
    .argument('[node]', 'name or id; both models must have been pushed to it. What was measured before is listed where it is left out')
    .option('--original <model>', 'the model with T5 (name or id; default: the only one)')
    .option('--refined <model>', 'the model without (name or id; default: the only one)')
    .action((nameOrId: string | undefined, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<MemoryOptions>();
        const { original, refined } = options;
        if (nameOrId === undefined) {
          return withSession(options, { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
            const kept = await api.modelMemory.list();
            terminal.result(kept, kept.length > 0 ? kept.map(describeKept).join('\n\n') : 'Nothing was measured yet.');
            return 0;
          });
        }
        return withSession(options, { access: 'exclusive', activity: 'nodes' }, async (session) => {
          const { api, until, terminal, signal } = session;
          const node = findByName(
            (await api.testbeds.list()).flatMap(({ nodes }) => nodes),
            nameOrId,
            'node',
          );
          const whole = await chooseModel(session, original, { naming: '--original', isMeant: hasT5 });
          const lean = await chooseModel(session, refined, { naming: '--refined', isMeant: (found) => !hasT5(found) });
          terminal.note('Loading one model after the other on the node; that takes minutes ...');
          const comparison = await until(signal).modelMemory.compare({
            nodeId: node.id,
            originalModelId: whole.id,
            refinedModelId: lean.id,
          });
          terminal.result(comparison, describe(comparison));
          return 0;
        });
      }),
    );
}

function describeKept(comparison: MemoryComparison): string {
  const { nodeName, measuredAtMs } = comparison;
  return `${nodeName}, ${new Date(measuredAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC\n${describe(comparison)}`;
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
    [row('SD3 medium with T5-XXL', original, PAPER_MEMORY_GB.original), row('reSD3-m', refined, PAPER_MEMORY_GB.refined)],
  );
  const saved = savedFraction === null ? '' : `Saved: ${(savedFraction * 100).toFixed(0)} % (the paper: 60 %).`;
  return [table, saved, `On ${refined.device} in ${refined.dtype}.`, MEMORY_COUNTED].filter(Boolean).join('\n');
}

function sizeOf(bytes: number | null): string {
  return bytes === null ? '' : formatBytes(bytes);
}
