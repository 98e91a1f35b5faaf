// Takes away what provisioning has put on a node: named paths under the home folder, and nothing else.
import { shellQuote } from '../../../adapters/ssh/shell-quote.js';
import type { NodeSession } from './node-session.js';
import type { StepOutcome } from './provision-step.js';

export interface RemovePathsOptions {
  /** In words that follow "Removed". */
  what: string;
  /** Files and folders, relative to the home folder. */
  paths: readonly string[];
}

/** Says `unchanged` when none of them was there. */
export async function removePaths(session: NodeSession, { what, paths }: RemovePathsOptions): Promise<StepOutcome> {
  const quoted = paths.map(shellQuote).join(' ');
  const command = `for path in ${quoted}; do
  [ -e "$path" ] || [ -L "$path" ] || continue
  rm -rf -- "$path" || exit 1
  echo removed
done`;
  const output = await session.run(`remove ${what}`, command);
  return output.includes('removed')
    ? { state: 'changed', detail: `Removed ${what}.` }
    : { state: 'unchanged', detail: `There was nothing of ${what} left.` };
}
