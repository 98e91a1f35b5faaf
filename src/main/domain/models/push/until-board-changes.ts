import type { BlockBoard } from './block-board.js';

/** Patience runs by the clock and not by news, so that someone looks again now and then, real ms. */
const LOOK_AGAIN_MS = 1_000;

/** Resolves at the board's next change, or when the signal aborts. */
export function untilBoardChanges(board: BlockBoard, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      unsubscribe();
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const unsubscribe = board.onChange(done);
    const timer = setTimeout(done, LOOK_AGAIN_MS);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
