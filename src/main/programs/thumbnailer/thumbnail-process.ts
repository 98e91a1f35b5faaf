// The parent's side of the thumbnail process: starts it when first needed, feeds it a few jobs at a time, starts it again when it dies.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.js';
import { forkProgram } from '../child/fork-program.js';
import type { Log } from '../../adapters/log/log.js';
import type { Thumbnailer, ThumbnailJob, ThumbnailReply } from '../../domain/images/thumbnailer-messages.js';

/** Jobs in the child at once: sharp works on each in a thread of its own. */
const MAX_ACTIVE_JOBS = 2;
/** A job that took the process down is tried once more, in case it was another job's fault. */
const MAX_ATTEMPTS = 2;
/** Longest side; fits a gallery card on a dense display. */
const THUMBNAIL_SIDE_PX = 320;

const replySchema: z.ZodType<ThumbnailReply> = z.object({ id: z.number(), problem: z.string().nullable() });

interface Job extends ThumbnailJob {
  attempts: number;
  resolve(): void;
  reject(error: AppError): void;
}

export class ThumbnailProcess implements Thumbnailer {
  private child: ChildProcess | null = null;
  private readonly waiting: Job[] = [];
  private readonly active = new Map<number, Job>();
  private nextId = 1;
  private isClosed = false;

  constructor(
    /** The built child program. */
    private readonly entryPath: string,
    private readonly log: Log | null = null,
  ) {}

  make(sourcePath: string, targetPath: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.isClosed) {
        reject(new AppError('cancelled', 'The program is closing'));
        return;
      }
      this.waiting.push({ id: this.nextId++, sourcePath, targetPath, sidePx: THUMBNAIL_SIDE_PX, attempts: 0, resolve, reject });
      this.pump();
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const { child } = this;
    this.failAll(new AppError('cancelled', 'The program is closing'));
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  private pump(): void {
    while (!this.isClosed && this.active.size < MAX_ACTIVE_JOBS) {
      const job = this.waiting.shift();
      if (!job) return;
      job.attempts++;
      this.active.set(job.id, job);
      const { id, sourcePath, targetPath, sidePx } = job;
      // A failed send means that the child is dying; its exit puts the job back, so the failure itself says nothing new.
      this.ensureChild().send({ id, sourcePath, targetPath, sidePx } satisfies ThumbnailJob, () => undefined);
      this.holdProgram();
    }
  }

  /** The program (a terminal command, say) waits for jobs, but not for an idle child. */
  private holdProgram(): void {
    const { child } = this;
    if (this.active.size > 0) {
      child?.ref();
      child?.channel?.ref();
    } else {
      child?.unref();
      child?.channel?.unref();
    }
  }

  private ensureChild(): ChildProcess {
    if (this.child) return this.child;
    const child = forkProgram(this.entryPath, this.log);
    child.on('message', (message) => this.finish(replySchema.parse(message)));
    child.once('error', () => this.handleDeath(child));
    child.once('exit', () => this.handleDeath(child));
    this.child = child;
    return child;
  }

  private finish(reply: ThumbnailReply): void {
    const job = this.active.get(reply.id);
    if (!job) return;
    this.active.delete(reply.id);
    if (reply.problem === null) job.resolve();
    else
      job.reject(
        new AppError('io', `No thumbnail could be made of ${job.sourcePath} (${reply.problem})`, 'The image itself may be damaged.'),
      );
    this.pump();
  }

  private handleDeath(child: ChildProcess): void {
    if (this.child !== child) return;
    this.child = null;
    const lost = [...this.active.values()];
    this.active.clear();
    for (const job of lost) {
      if (job.attempts < MAX_ATTEMPTS) this.waiting.unshift(job);
      else
        job.reject(
          new AppError('io', `The thumbnail process ended while it worked on ${job.sourcePath}`, 'The image itself may be damaged.'),
        );
    }
    this.pump();
  }

  private failAll(error: AppError): void {
    for (const job of [...this.active.values(), ...this.waiting.splice(0)]) job.reject(error);
    this.active.clear();
  }
}
