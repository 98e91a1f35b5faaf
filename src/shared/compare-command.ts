// `run compare` as a command that someone can run again. Pure.
import type { RunComparisonRequest } from './api/run-comparison-inputs.js';
import { quoteWord } from './command-line.js';

/** The command that makes the same comparison; hidden runs are left out of it. */
export function toCompareCommand({ runIds, groupBy, reference, hiddenIds, onlyValid }: RunComparisonRequest): string {
  return [
    'npm run cli -- run compare',
    ...runIds.filter((id) => !hiddenIds.includes(id)).map(quoteWord),
    ...(groupBy === 'scheduler' ? [] : [`--group-by ${groupBy}`]),
    ...(reference === null ? [] : [`--reference ${quoteWord(reference)}`]),
    ...(onlyValid ? ['--only-valid'] : []),
  ].join(' ');
}
