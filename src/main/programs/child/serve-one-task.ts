// The child's side of a program that does one task, reports how far it is, answers and ends; `one-task.ts` is its parent's.
import { AppError, type AppErrorShape } from '../../../shared/errors.js';

/** What the parent says. */
export type OneTaskRequest<Task> = { kind: 'start'; task: Task } | { kind: 'cancel' };

interface ServeOptions<Task, Progress, Answer> {
  /** In the error of a cancellation: what it works on. */
  subject: string;
  act(task: Task, work: { signal: AbortSignal; onProgress(progress: Progress): void }): Promise<Answer>;
  describeFailure(thrown: unknown): AppErrorShape;
}

/** Ends with its parent, and when the task is done. */
export function serveOneTask<Task, Progress, Answer>({ subject, act, describeFailure }: ServeOptions<Task, Progress, Answer>): void {
  const cancelled = new AbortController();
  const cancel = (): void => cancelled.abort(new AppError('cancelled', `The work on the ${subject} was canceled`));
  const work = { signal: cancelled.signal, onProgress: (progress: Progress) => void reply({ kind: 'progress', progress }) };
  process.on('message', (request: OneTaskRequest<Task>) => {
    if (request.kind === 'cancel') {
      cancel();
      return;
    }
    void act(request.task, work)
      .catch((thrown: unknown) => ({ kind: 'failed', error: describeFailure(thrown) }))
      .then(reply)
      .finally(() => {
        if (process.connected) process.disconnect();
      });
  });
  process.on('disconnect', cancel);
  // Ctrl-C reaches the whole group; the parent cancels.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', cancel);
}

/** Resolves when the parent has it; a parent that is gone waits for nothing. */
function reply(message: unknown): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected && process.send) process.send(message, () => resolve());
    else resolve();
  });
}
