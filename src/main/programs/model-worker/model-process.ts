// The parent's side of the model process.
import { z } from 'zod';
import { AppError, ERROR_CODES } from '../../../shared/errors.js';
import type { AppErrorCode } from '../../../shared/errors.js';
import { modelContentSchema, modelProgressSchema, refineReportSchema } from '../../../shared/model.js';
import type { ModelContent, ModelProgress, RefineReport } from '../../../shared/model.js';
import { forkProgram } from '../fork-program.js';
import type { Log } from '../../adapters/log/log.js';
import type { ModelReply, ModelRequest, ModelTask } from './model-messages.js';
import { removeLeftovers } from '../../domain/models/part-path.js';

/** A process that was cancelled and does not end by itself is ended after this long. */
const KILL_AFTER_MS = 2_500;

const replySchema: z.ZodType<ModelReply> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), progress: modelProgressSchema }),
  z.object({ kind: z.literal('inspected'), content: modelContentSchema }),
  z.object({ kind: z.literal('refined'), report: refineReportSchema }),
  z.object({
    kind: z.literal('failed'),
    error: z.object({
      code: z.custom<AppErrorCode>((code) => typeof code === 'string' && code in ERROR_CODES),
      message: z.string(),
      hint: z.string().nullable(),
    }),
  }),
]);

interface RunOptions {
  signal: AbortSignal;
  onProgress(progress: ModelProgress): void;
}

export class ModelProcess {
  constructor(
    /** The built child program. */
    private readonly entryPath: string,
    private readonly log: Log | null = null,
  ) {}

  /** Throws what recognising throws, `cancelled` when the signal aborts, `io` when the process dies. */
  async inspect(path: string, options: RunOptions): Promise<ModelContent> {
    const reply = await this.run({ kind: 'inspect', path }, options);
    if (reply.kind === 'inspected') return reply.content;
    throw unexpected(reply);
  }

  /** Throws what refining throws, `cancelled` when the signal aborts, `io` when the process dies; nothing is left behind then. */
  async refine(task: Omit<ModelTask & { kind: 'refine' }, 'kind'>, options: RunOptions): Promise<RefineReport> {
    try {
      const reply = await this.run({ kind: 'refine', ...task }, options);
      if (reply.kind === 'refined') return reply.report;
      throw unexpected(reply);
    } catch (thrown) {
      // A process that was killed could not clear up after itself.
      await removeLeftovers(task.outputPath);
      throw thrown;
    }
  }

  /** Resolves with the last word when the process has ended. */
  private run(task: ModelTask, { signal, onProgress }: RunOptions): Promise<ModelReply> {
    return new Promise((resolve, reject) => {
      const child = forkProgram(this.entryPath, this.log);
      let answer: ModelReply | null = null;
      let killTimer: NodeJS.Timeout | null = null;
      // A failed send means that the child is dying; its exit says the rest.
      const send = (request: ModelRequest): void => void child.send(request, () => undefined);
      const onAbort = (): void => {
        send({ kind: 'cancel' });
        killTimer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      };
      const finish = (death: string): void => {
        signal.removeEventListener('abort', onAbort);
        if (killTimer) clearTimeout(killTimer);
        if (answer?.kind === 'failed') reject(new AppError(answer.error.code, answer.error.message, answer.error.hint));
        else if (answer) resolve(answer);
        else if (signal.aborted) reject(new AppError('cancelled', 'The work on the model was cancelled'));
        else reject(new AppError('io', `The process that worked on the model ended (${death})`, 'Try again; nothing half done was left.'));
      };
      child.on('message', (message) => {
        const reply = replySchema.parse(message);
        if (reply.kind === 'progress') onProgress(reply.progress);
        else answer = reply;
      });
      child.once('error', (error) => finish(error.message));
      // Not 'exit': the last word may still be on its way then.
      child.once('close', (code, exitSignal) => finish(exitSignal ?? `status ${code ?? 'unknown'}`));
      send({ kind: 'begin', task });
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}

function unexpected(reply: ModelReply): Error {
  return new Error(`The model process answered ${reply.kind}`);
}
