// Outcomes that no one else holds yet, with their images. Successful ones are on disk before they are announced and survive a restart;
// failed and cancelled ones live in memory only, because losing one merely makes the control center send the task again.
//
//   resultsDir/outcomes/<sha256 of base station and task id>.json     resultsDir/images/<sha256 of the bytes>.png
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { fromJsonString, toJsonString } from '@bufbuild/protobuf';

import { OutcomeStatus, type TaskOutcome, TaskOutcomeSchema } from '../../shared/rpc/gen/agent_pb.js';
import { type AgentLog, describeThrown } from '../log.js';
import { PARTIAL_SUFFIX, writeDurably } from '../../durable-file/write-durably.js';

/** Two tasks may bring the same image at the same moment. */
function writeAside(path: string, content: string | Uint8Array): Promise<void> {
  return writeDurably(path, content, { partPath: `${path}.${randomUUID()}${PARTIAL_SUFFIX}` });
}

export class ResultStore {
  readonly #outcomesDir: string;
  readonly #imagesDir: string;
  readonly #outcomes = new Map<string, TaskOutcome>();
  /** How many stored outcomes name an image; the file goes with the last. */
  readonly #imageUses = new Map<string, number>();
  /** Images that are readable but not on disk: their results are being delivered for the first time. */
  readonly #heldImages = new Map<string, Uint8Array>();
  readonly #log: AgentLog;

  private constructor(directory: string, log: AgentLog) {
    this.#outcomesDir = join(directory, 'outcomes');
    this.#imagesDir = join(directory, 'images');
    this.#log = log;
  }

  /** Opens the folder, makes it if needed, loads what an earlier process left and removes half-written and orphaned files. */
  static async open(directory: string, log: AgentLog): Promise<ResultStore> {
    const store = new ResultStore(directory, log);
    await mkdir(store.#outcomesDir, { recursive: true, mode: 0o700 });
    await mkdir(store.#imagesDir, { recursive: true, mode: 0o700 });
    await store.#load();
    return store;
  }

  static hashImage(bytes: Uint8Array): string {
    return createHash('sha256').update(bytes).digest('hex');
  }

  get(baseStationId: string, taskId: string): TaskOutcome | undefined {
    return this.#outcomes.get(keyOf(baseStationId, taskId));
  }

  /** All outcomes in the order in which they were stored. */
  list(): TaskOutcome[] {
    return [...this.#outcomes.values()];
  }

  /** Makes an image readable from memory, until `dropHeldImage`. */
  holdImage(sha256: string, bytes: Uint8Array): void {
    this.#heldImages.set(sha256, bytes);
  }

  dropHeldImage(sha256: string): void {
    this.#heldImages.delete(sha256);
  }

  /** Keeps an image's bytes until release; the caller owns one use. */
  async putImage(sha256: string, bytes: Uint8Array): Promise<void> {
    const uses = this.#imageUses.get(sha256) ?? 0;
    this.#imageUses.set(sha256, uses + 1);
    if (uses > 0) return;
    try {
      await writeAside(this.#imagePath(sha256), bytes);
    } catch (thrown) {
      this.#imageUses.delete(sha256);
      throw thrown;
    }
  }

  /** Gives up one use of an image; the last removes the file. */
  async releaseImage(sha256: string): Promise<void> {
    const uses = (this.#imageUses.get(sha256) ?? 0) - 1;
    if (uses > 0) {
      this.#imageUses.set(sha256, uses);
      return;
    }
    this.#imageUses.delete(sha256);
    await rm(this.#imagePath(sha256), { force: true });
  }

  /** The bytes of a kept image; null when it is not kept here. */
  async readImage(sha256: string): Promise<Uint8Array | null> {
    const held = this.#heldImages.get(sha256);
    if (held) return held;
    if (!this.#imageUses.has(sha256)) return null;
    return readFile(this.#imagePath(sha256));
  }

  /** Stores an outcome, replacing an older one of the same task; its image's use passes to the store. */
  async add(outcome: TaskOutcome): Promise<void> {
    const key = keyOf(outcome.baseStationId, outcome.taskId);
    const replaced = this.#outcomes.get(key);
    if (outcome.status === OutcomeStatus.SUCCEEDED) {
      await writeAside(this.#outcomePath(key), toJsonString(TaskOutcomeSchema, outcome));
    }
    this.#outcomes.delete(key);
    this.#outcomes.set(key, outcome);
    if (!replaced?.image) return;
    // The outcome is stored; a file too many is removed at the next start.
    await this.releaseImage(replaced.image.sha256).catch((thrown: unknown) =>
      this.#log.warn('replaced image not removed', { reason: describeThrown(thrown) }),
    );
  }

  /** Drops an outcome and its image; unknown ones are no error. */
  async remove(baseStationId: string, taskId: string): Promise<void> {
    const key = keyOf(baseStationId, taskId);
    const outcome = this.#outcomes.get(key);
    if (!outcome) return;
    this.#outcomes.delete(key);
    await rm(this.#outcomePath(key), { force: true });
    if (outcome.image) await this.releaseImage(outcome.image.sha256);
  }

  #imagePath(sha256: string): string {
    return join(this.#imagesDir, `${sha256}.png`);
  }

  #outcomePath(key: string): string {
    return join(this.#outcomesDir, `${key}.json`);
  }

  async #load(): Promise<void> {
    const images = new Set(await readdir(this.#imagesDir));
    for (const name of (await readdir(this.#outcomesDir)).sort()) {
      const path = join(this.#outcomesDir, name);
      if (name.endsWith(PARTIAL_SUFFIX)) {
        await rm(path, { force: true });
        continue;
      }
      try {
        const outcome = fromJsonString(TaskOutcomeSchema, await readFile(path, 'utf8'));
        if (!outcome.image || !images.has(`${outcome.image.sha256}.png`)) throw new Error('its image is missing');
        this.#outcomes.set(keyOf(outcome.baseStationId, outcome.taskId), outcome);
        this.#imageUses.set(outcome.image.sha256, (this.#imageUses.get(outcome.image.sha256) ?? 0) + 1);
      } catch (thrown) {
        this.#log.warn('stored outcome dropped', { file: name, reason: describeThrown(thrown) });
        await rm(path, { force: true });
      }
    }
    for (const name of images) {
      if (!this.#imageUses.has(name.replace(/\.png$/, ''))) await rm(join(this.#imagesDir, name), { force: true });
    }
  }
}

/** Task ids come from outside, so they never become file names themselves. */
function keyOf(baseStationId: string, taskId: string): string {
  return createHash('sha256').update(`${baseStationId}\n${taskId}`).digest('hex');
}
