// Sends the tasks of a run to their base stations when they have arrived. All decisions about which edge server executes a task are the
// agents'.
import type { Lease } from '../../../shared/task-life/lease.js';
import type { AgentClient } from '../../adapters/agents/agent-client.js';
import { bringPictures, type PictureSource } from './picture-dispatch.js';
import type { NodeTalks } from './node-talks.js';
import type { RunLife } from './run-life.js';
import type { RunNodes } from './run-nodes.js';
import type { BoardTask, TaskBoard } from './task-board.js';

export interface TaskDispatchOptions {
  board: TaskBoard;
  life: RunLife;
  nodes: RunNodes;
  talks: NodeTalks;
  /** Of an image-to-image run: the share of the steps, and where the pictures are; a base station that simulates its link gets none. */
  pictures: { strength: number; source: PictureSource; isSimulated(stationId: string): boolean } | null;
  /** Does what no one awaits. */
  attempt(work: () => void): void;
}

interface SentTask {
  task: BoardTask;
  lease: Lease;
}

const SUBMIT_BATCH = 250;
/** With their pictures, which take a while: the first ones start meanwhile. */
const PICTURE_BATCH = 16;
const IMAGE_SIZE_PX = 512;

export class TaskDispatch {
  readonly #options: TaskDispatchOptions;
  #isQueued = false;
  #isClosed = false;
  #arrivalTimer: NodeJS.Timeout | undefined;

  constructor(options: TaskDispatchOptions) {
    this.#options = options;
  }

  /** Looks for tasks to send when the events of now are through. */
  soon(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    setImmediate(() => {
      this.#isQueued = false;
      this.#options.attempt(() => this.#sendDue());
    });
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#arrivalTimer);
  }

  #sendDue(): void {
    const { board, life } = this.#options;
    clearTimeout(this.#arrivalTimer);
    if (this.#isClosed || life.state !== 'running') return;
    const { elapsedMs } = life;
    const byStation = new Map<string, BoardTask[]>();
    let nextArrivalMs = Infinity;
    for (const task of board.pending()) {
      if (task.arrivalMs > elapsedMs) {
        nextArrivalMs = Math.min(nextArrivalMs, task.arrivalMs);
        continue;
      }
      const station = this.#stationFor(task);
      if (station === null) continue;
      const batch = byStation.get(station) ?? [];
      byStation.set(station, batch);
      batch.push(task);
    }
    if (Number.isFinite(nextArrivalMs)) {
      this.#arrivalTimer = setTimeout(() => this.soon(), (nextArrivalMs - elapsedMs) / life.run.timeScale);
    }
    for (const [station, tasks] of byStation) {
      const size = this.#options.pictures ? PICTURE_BATCH : SUBMIT_BATCH;
      for (let from = 0; from < tasks.length; from += size) this.#send(station, tasks.slice(from, from + size));
    }
  }

  /** The task's own base station; another one when that is lost; null while it may come back or none is there. */
  #stationFor(task: BoardTask): string | null {
    const { nodes } = this.#options;
    if (nodes.readyClient(task.baseStationId)) return task.baseStationId;
    if (!nodes.isLost(task.baseStationId)) return null;
    const standing = nodes.standing();
    return standing[task.ordinal % standing.length] ?? null;
  }

  #send(stationId: string, batch: readonly BoardTask[]): void {
    const { board, nodes, talks } = this.#options;
    const client = nodes.readyClient(stationId);
    if (!client) return;
    const sent = board.send(stationId, batch);
    void talks
      .say(stationId, async () => {
        const ready = await this.#bringPictures(stationId, client, sent);
        if (ready.length > 0)
          await client.submitTasks(ready.map(({ task, lease }) => toMessage(task, lease, this.#options.pictures?.strength)));
      })
      // Whether it arrived is not known, and one that refused may have forgotten the run: the node is asked what it has before anything else.
      .catch(() => nodes.unsettle(stationId));
  }

  /** Those whose pictures the base station has now; the others have failed for good. */
  async #bringPictures(stationId: string, client: AgentClient, sent: readonly SentTask[]): Promise<readonly SentTask[]> {
    const { board, pictures } = this.#options;
    if (!pictures || pictures.isSimulated(stationId)) return sent;
    const refused = await bringPictures(
      client,
      sent.flatMap(({ task }) => task.picture ?? []),
      pictures.source,
    );
    return sent.filter(({ task, lease }) => {
      const message = refused.get(task.picture?.sha256 ?? '');
      if (message === undefined) return true;
      this.#options.attempt(() => board.end(lease, { message, countsAsFailure: true, isRetryable: false }));
      return false;
    });
  }
}

function toMessage(
  { prompt, seed, qualitySteps, picture }: BoardTask,
  lease: Lease,
  strength: number | undefined,
): Parameters<AgentClient['submitTasks']>[0][number] {
  const { taskId, runId, baseStationId, epoch } = lease;
  const size = { widthPx: IMAGE_SIZE_PX, heightPx: IMAGE_SIZE_PX };
  const fromPicture = picture && strength !== undefined ? { picture: { ...picture, sizeBytes: BigInt(picture.sizeBytes) }, strength } : {};
  return { id: taskId, runId, baseStationId, leaseEpoch: epoch, prompt, seed, qualitySteps, ...size, ...fromPicture };
}
