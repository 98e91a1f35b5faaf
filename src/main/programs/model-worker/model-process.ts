// The parent's side of the model process.
import { z } from 'zod';
import { errorShapeSchema } from '../../../shared/error-shape-schema.js';
import { modelContentSchema, modelProgressSchema, refineReportSchema } from '../../../shared/model.js';
import type { ModelContent, RefineReport } from '../../../shared/model.js';
import { runOneTask } from '../child/run-one-task.js';
import type { Log } from '../../adapters/log/log.js';
import type { ModelReply, ModelTask, ModelWorker, ModelWorkOptions } from '../../domain/models/model-worker-messages.js';
import { removeLeftovers } from '../../domain/models/part-path.js';

/** A process that was canceled and does not end by itself is ended after this long. */
const KILL_AFTER_MS = 2_500;

type Answer = Exclude<ModelReply, { kind: 'progress' | 'failed' }>;

const replySchema: z.ZodType<ModelReply> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), progress: modelProgressSchema }),
  z.object({ kind: z.literal('inspected'), content: modelContentSchema }),
  z.object({ kind: z.literal('refined'), report: refineReportSchema }),
  z.object({ kind: z.literal('failed'), error: errorShapeSchema }),
]);

export class ModelProcess implements ModelWorker {
  constructor(
    /** The built child program. */
    private readonly entryPath: string,
    private readonly log: Log | null = null,
  ) {}

  async inspect(path: string, options: ModelWorkOptions): Promise<ModelContent> {
    const reply = await this.run({ kind: 'inspect', path }, options);
    if (reply.kind === 'inspected') return reply.content;
    throw unexpected(reply);
  }

  async refine(task: Omit<ModelTask & { kind: 'refine' }, 'kind'>, options: ModelWorkOptions): Promise<RefineReport> {
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

  private run(task: ModelTask, { signal, onProgress }: ModelWorkOptions): Promise<Answer> {
    return runOneTask({
      ...{ entryPath: this.entryPath, log: this.log, task, replySchema, signal, onProgress },
      ...{ killAfterMs: KILL_AFTER_MS, subject: 'model', afterDeath: 'Try again; nothing half done was left.' },
    });
  }
}

function unexpected(reply: Answer): Error {
  return new Error(`The model process answered ${reply.kind}`);
}
