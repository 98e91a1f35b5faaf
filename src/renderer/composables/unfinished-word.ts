// A search answers while someone types. A word that is not finished often fits nothing: that is said only when they have stopped.

/** Real ms from a key to the question: what one keystroke changes is asked once. */
export const TYPED_AFTER_MS = 25;
/** Real ms that an empty answer waits for the next key. */
export const EMPTY_AFTER_MS = 200;

/** Gives the answer on: at once where it has something, else after a while, in which another question may take its place. */
export async function holdEmpty<Answer extends { total: number }>(answer: Answer, signal: AbortSignal): Promise<Answer> {
  if (answer.total > 0 || signal.aborted) return answer;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, EMPTY_AFTER_MS);
    const letGo = (): void => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', letGo, { once: true });
  });
  return answer;
}
