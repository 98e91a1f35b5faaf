// The parent's side of the push process.
import type { ChildProcess } from 'node:child_process';
import { z } from 'zod';
import { errorShapeSchema } from '../../../shared/error-shape-schema.js';
import { AppError } from '../../../shared/errors.js';
import { type PushOutcome, pushOutcomeSchema, pushProgressSchema } from '../../../shared/model-push.js';
import { removeOpenSshFoldersOf } from '../../adapters/ssh/openssh-folder.js';
import { forkProgram } from '../child/fork-program.js';
import type { Log } from '../../adapters/log/log.js';
import type {
  PushReply,
  PushRequest,
  PushTarget,
  PushWorker,
  PushWorkerOptions,
  StartPushWorker,
} from '../../domain/models/push/push-worker-messages.js';

/** A push that was canceled and does not end by itself is given up after this long, real ms. */
const GIVE_UP_AFTER_MS = 2_500;

const replySchema: z.ZodType<PushReply> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), nodeId: z.string(), progress: pushProgressSchema }),
  z.object({ kind: z.literal('pushed'), nodeId: z.string(), outcome: pushOutcomeSchema }),
  z.object({ kind: z.literal('failed'), nodeId: z.string(), error: errorShapeSchema }),
]);

type PushToOptions = Parameters<PushWorker['push']>[2];

interface RunningPush {
  options: PushToOptions;
  settle: (outcome: PushOutcome | Error) => void;
}

/** How this program starts one. Without a log the process's standard error is this program's. */
export function pushWorkerStarter(entryPath: string, log: Log | null = null): StartPushWorker {
  return (options) => new PushProcess(forkProgram(entryPath, log), options);
}

class PushProcess implements PushWorker {
  readonly #child: ChildProcess;
  readonly #running = new Map<string, RunningPush>();
  readonly #options: PushWorkerOptions;
  readonly ended: Promise<void>;

  constructor(child: ChildProcess, options: PushWorkerOptions) {
    this.#options = options;
    this.#child = child;
    this.#child.on('message', (message) => this.#take(replySchema.parse(message)));
    this.ended = new Promise((resolve) => {
      const finish = (death: string): void => {
        if (child.pid !== undefined) removeOpenSshFoldersOf(child.pid);
        this.#failAll(
          new AppError('io', `The process that pushed the model ended (${death}).`, 'Push again: it continues from what is there.'),
        );
        resolve();
      };
      this.#child.once('error', (error) => finish(error.message));
      // Not 'exit': the last word may still be on its way then.
      this.#child.once('close', (code, signal) => finish(signal ?? `status ${code ?? 'unknown'}`));
    });
    this.#send({ kind: 'start', work: options.work });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  push(node: { id: string; name: string }, resolving: Promise<PushTarget>, options: PushToOptions): Promise<PushOutcome> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      let giveUp: NodeJS.Timeout | undefined;
      const running: RunningPush = { options, settle: (outcome) => settle(outcome) };
      const settle = (outcome: PushOutcome | Error): void => {
        if (this.#running.get(node.id) !== running) return;
        clearTimeout(giveUp);
        signal.removeEventListener('abort', onAbort);
        this.#running.delete(node.id);
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
        if (this.#running.size === 0) {
          this.#options.onIdle();
          this.#send({ kind: 'end' });
        }
      };
      const cancelled = new AppError('cancelled', `The push to node "${node.name}" was canceled.`);
      const onAbort = (): void => {
        this.#send({ kind: 'cancel', nodeId: node.id });
        giveUp = setTimeout(() => settle(cancelled), GIVE_UP_AFTER_MS);
      };
      this.#running.set(node.id, running);
      resolving.then(
        (target) => {
          if (signal.aborted) settle(cancelled);
          else if (this.#running.get(node.id) === running) this.#send({ kind: 'add', target });
        },
        (thrown: unknown) => settle(thrown instanceof Error ? thrown : new Error(String(thrown))),
      );
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
    });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #take(reply: PushReply): void {
    const running = this.#running.get(reply.nodeId);
    if (!running) return;
    if (reply.kind === 'progress') running.options.onProgress(reply.progress);
    else if (reply.kind === 'pushed') running.settle(reply.outcome);
    else running.settle(new AppError(reply.error.code, reply.error.message, reply.error.hint));
  }

  #failAll(error: AppError): void {
    for (const { settle } of [...this.#running.values()]) settle(error);
  }

  #send(request: PushRequest): void {
    // A failed send means that the child is dying; its end says the rest.
    if (this.#child.connected) this.#child.send(request, () => undefined);
  }
}
