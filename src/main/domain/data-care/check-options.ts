import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DataProgress } from '../../../shared/data-care.js';
import { AppError } from '../../../shared/errors.js';

export interface CheckOptions {
  signal: AbortSignal;
  onProgress(progress: DataProgress): void;
  /** Wall clock, epoch ms. */
  nowMs(): number;
}

/** Reports how far it is, lets messages in, and stops where it is to stop. Throws `cancelled`. */
export async function say({ signal, onProgress }: Pick<CheckOptions, 'signal' | 'onProgress'>, progress: DataProgress): Promise<void> {
  onProgress(progress);
  await nextTurn();
  if (signal.aborted) throw new AppError('cancelled', 'The check was canceled');
}
