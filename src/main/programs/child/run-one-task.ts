// The parent's side of a child process that does one task, reports how far it is, answers and ends.
import type { z } from 'zod';
import type { AppErrorShape } from '../../../shared/errors.js';
import { AppError } from '../../../shared/errors.js';
import type { Log } from '../../adapters/log/log.js';
import { forkProgram } from './fork-program.js';
import type { OneTaskRequest } from './serve-one-task.js';

interface Failure {
  kind: 'failed';
  error: AppErrorShape;
}

interface OneTaskOptions<Progress, Answer extends { kind: string }> {
  /** The built child program. */
  entryPath: string;
  log: Log | null;
  task: object;
  replySchema: z.ZodType<{ kind: 'progress'; progress: Progress } | Failure | Answer>;
  signal: AbortSignal;
  onProgress(progress: Progress): void;
  /** Real ms that a process which was canceled gets to end by itself. */
  killAfterMs: number;
  /** In errors: what it works on, and what is left when it dies. */
  subject: string;
  afterDeath: string;
}

/** Resolves with the last word when the process has ended. Throws what it failed with, `cancelled`, and `io` when it dies. */
export function runOneTask<Progress, Answer extends { kind: string }>(options: OneTaskOptions<Progress, Answer>): Promise<Answer> {
  const { signal, subject } = options;
  return new Promise((resolve, reject) => {
    const child = forkProgram(options.entryPath, options.log);
    let answer: Failure | Answer | null = null;
    let killTimer: NodeJS.Timeout | null = null;
    // A failed send means that the child is dying; its exit says the rest.
    const send = (request: OneTaskRequest<object>): void => void child.send(request, () => undefined);
    const onAbort = (): void => {
      send({ kind: 'cancel' });
      killTimer = setTimeout(() => child.kill('SIGKILL'), options.killAfterMs);
    };
    const finish = (death: string): void => {
      signal.removeEventListener('abort', onAbort);
      if (killTimer) clearTimeout(killTimer);
      if (answer && isFailure(answer)) reject(new AppError(answer.error.code, answer.error.message, answer.error.hint));
      else if (answer) resolve(answer);
      else if (signal.aborted) reject(new AppError('cancelled', `The work on the ${subject} was canceled`));
      else reject(new AppError('io', `The process that worked on the ${subject} ended (${death})`, options.afterDeath));
    };
    child.on('message', (message) => {
      const reply = options.replySchema.parse(message);
      if (isProgress(reply)) options.onProgress(reply.progress);
      else answer = reply;
    });
    child.once('error', (error) => finish(error.message));
    // Not 'exit': the last word may still be on its way then.
    child.once('close', (code, exitSignal) => finish(exitSignal ?? `status ${code ?? 'unknown'}`));
    send({ kind: 'start', task: options.task });
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

function isFailure(reply: { kind: string }): reply is Failure {
  return reply.kind === 'failed';
}

function isProgress<Progress>(
  reply: { kind: string } | { kind: 'progress'; progress: Progress },
): reply is { kind: 'progress'; progress: Progress } {
  return reply.kind === 'progress';
}
