// The parent's side of the data process: one process a task. SQLite's own checks can't be interrupted, so a process that does not heed a
// cancellation is ended; it only reads, and what it was writing has no name yet.
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { type DataCheckReport, dataCheckReportSchema, dataProgressSchema } from '../../../shared/data-care.js';
import { errorShapeSchema } from '../../../shared/error-shape-schema.js';
import { runOneTask } from '../child/run-one-task.js';
import type { Log } from '../../adapters/log/log.js';
import type { DataReply, DataTask, DataWorker, DataWorkOptions } from '../../domain/data-care/data-worker-messages.js';

const KILL_AFTER_MS = 500;

type Answer = Exclude<DataReply, { kind: 'progress' | 'failed' }>;

const replySchema: z.ZodType<DataReply> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), progress: dataProgressSchema }),
  z.object({ kind: z.literal('checked'), report: dataCheckReportSchema }),
  z.object({ kind: z.literal('quick-checked'), problem: z.string().nullable() }),
  z.object({ kind: z.literal('backed-up'), sizeBytes: z.number() }),
  z.object({ kind: z.literal('failed'), error: errorShapeSchema }),
]);

export class DataProcess implements DataWorker {
  constructor(
    /** The built child program (out/main/data-worker.js). */
    private readonly entryPath: string,
    private readonly log: Log | null = null,
  ) {}

  async check(dataDir: string, options: DataWorkOptions): Promise<DataCheckReport> {
    const reply = await this.run({ kind: 'check', dataDir }, options);
    if (reply.kind === 'checked') return reply.report;
    throw unexpected(reply);
  }

  async quickCheck(dataDir: string, options: DataWorkOptions): Promise<string | null> {
    const reply = await this.run({ kind: 'quick-check', dataDir }, options);
    if (reply.kind === 'quick-checked') return reply.problem;
    throw unexpected(reply);
  }

  async backUp(dataDir: string, path: string, options: DataWorkOptions): Promise<{ sizeBytes: number }> {
    try {
      const reply = await this.run({ kind: 'back-up', dataDir, path }, options);
      if (reply.kind === 'backed-up') return { sizeBytes: reply.sizeBytes };
      throw unexpected(reply);
    } catch (thrown) {
      // A process that was ended could not clear up after itself.
      for (const ending of ['', '-journal']) await rm(`${path}.part${ending}`, { force: true });
      throw thrown;
    }
  }

  private run(task: DataTask, { signal, onProgress }: DataWorkOptions): Promise<Answer> {
    return runOneTask({
      ...{ entryPath: this.entryPath, log: this.log, task, replySchema, signal, onProgress },
      ...{ killAfterMs: KILL_AFTER_MS, subject: 'data folder', afterDeath: 'Try again; nothing was changed.' },
    });
  }
}

function unexpected(reply: Answer): Error {
  return new Error(`The data process answered ${reply.kind}`);
}
