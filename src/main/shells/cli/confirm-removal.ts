// What is deleted for good is asked about first: a person at a terminal with a question, a script with --yes.
import type { Command } from 'commander';
import { AppError } from '../../../shared/errors.js';
import { canAsk, confirm } from './secret-input.js';

export interface RemovalOptions {
  yes: boolean;
}

export function withYes(command: Command): Command {
  return command.option('--yes', 'without asking', false);
}

interface Asking {
  canAsk(): boolean;
  confirm(question: string): Promise<boolean>;
}

/**
 * `what` says in a sentence what goes, such as “This removes run run-1.”. False when the answer is no; throws `invalid-input` where no one
 * can be asked.
 */
export async function confirmRemoval(what: string, { yes }: RemovalOptions, asking: Asking = { canAsk, confirm }): Promise<boolean> {
  if (yes) return true;
  if (!asking.canAsk()) throw new AppError('invalid-input', `${what} It can't be undone.`, 'Add --yes.');
  return asking.confirm(`${what} It can't be undone. Continue?`);
}
