// A comparison of memory as a table.
import { formatBytes } from '../../../shared/format.js';
import { type MemoryComparison, type ModelMemory, PAPER_MEMORY_GB } from '../../../shared/model-memory.js';

export const MEMORY_COLUMNS = ['', 'Model', 'Max taken', 'At rest', 'Process', 'GPU', 'Paper'] as const;

/** One row a model, in the order of MEMORY_COLUMNS. */
export function listMemoryRows({ original, refined }: MemoryComparison): string[][] {
  const row = (title: string, memory: ModelMemory, paperGb: number): string[] => [
    title,
    memory.modelName,
    formatBytes(memory.takenBytes),
    formatBytes(memory.restingBytes),
    formatBytes(memory.mostResidentBytes),
    formatBytes(memory.mostCudaBytes),
    `about ${paperGb} GB`,
  ];
  return [row('SD3 medium with T5-XXL', original, PAPER_MEMORY_GB.original), row('reSD3-m', refined, PAPER_MEMORY_GB.refined)];
}
