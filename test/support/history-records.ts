// A data folder with a record of every kind, written by hand, and a program over it.
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { imageFilePath } from '../../src/main/adapters/images/image-paths.js';
import { assembleCore, type CoreParts } from '../../src/main/composition/core.js';
import type { StoredRun } from '../../src/main/domain/runs/run-store.js';
import type { RunSpec } from '../../src/shared/run.js';
import { buildSeriesSpec } from './series-fixtures.js';
import { buildResult, buildRun, buildSpec, buildTask, makeTemporaryFolder } from './storage-fixtures.js';
import { buildTrainingInput } from './training-input.js';

/** Bytes of each image file. */
export const IMAGE_BYTES = 5000;

export class HistoryRecords {
  #isClosed = false;

  private constructor(
    readonly dataDir: string,
    readonly parts: CoreParts,
  ) {}

  static async open(dataDir = makeTemporaryFolder()): Promise<HistoryRecords> {
    return new HistoryRecords(dataDir, await assembleCore({ dataDir, shell: 'cli', access: 'exclusive', activity: 'none' }));
  }

  get services(): CoreParts['core']['services'] {
    return this.parts.core.services;
  }

  /** Ends the program; the data folder stays. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.parts.core.close();
  }

  async dispose(): Promise<void> {
    await this.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** A run of one task for each prompt that has succeeded, its images with the given texts as their bytes. */
  addRun(id: string, change: { spec?: Partial<RunSpec>; prompts?: string[]; images?: string[]; run?: Partial<StoredRun> } = {}): void {
    const { prompts = ['a dog'] } = change;
    const images = change.images ?? prompts.map((_, index) => `${id} ${index}`);
    const { runs } = this.parts.context.storage;
    const spec = buildSpec({ name: id, taskCount: prompts.length, ...change.spec });
    const tasks = prompts.map((prompt, ordinal) => buildTask(ordinal, { id: `${id}-task-${ordinal}`, prompt }));
    const ended = { state: 'succeeded' as const, startedAtMs: change.run?.createdAtMs ?? 10, finishedAtMs: 20_000 };
    runs.insertRun(buildRun({ id, spec, isSimulated: false, ...ended, ...change.run }), tasks);
    const epochs = runs.markSent(
      id,
      tasks.map((task) => ({ taskId: task.id, baseStationId: 'node-1', atMs: 0 })),
    );
    const results = tasks.map((task, index) => {
      const image = { sha256: this.writeImage(images[index] ?? ''), sizeBytes: IMAGE_BYTES, widthPx: 64, heightPx: 64 };
      return buildResult(task.id, epochs.get(task.id) ?? 0, { image: { ...image, mediaType: 'image/png', isSimulated: false } });
    });
    runs.acceptResults(results);
  }

  /** The record of a job with what its kind keeps beside it, under `<kind>-1`. */
  addJob(
    kind: 'series' | 'training' | 'study' | 'provisioning' | 'calibration',
    state: 'succeeded' | 'paused' | 'running' = 'succeeded',
  ): void {
    const { storage } = this.parts.context;
    const id = `${kind}-1`;
    const own = { id, programVersion: '0.1.0' };
    if (kind === 'series')
      storage.series.add({ ...own, spec: buildSeriesSpec({ name: 'Night' }), testbedName: 'Lab', datasetName: 'Flickr8k' }, []);
    if (kind === 'training') {
      const { twin: _none, ...spec } = buildTrainingInput();
      storage.trainings.add({
        ...own,
        spec: { ...spec, method: 'lad-ts', episodes: 60, settings: {} },
        environment: {},
        checkpointEpisodes: 0,
      });
    }
    if (kind === 'study') {
      const [study] = this.services.studies.list();
      if (study) storage.studies.add({ ...own, study, firstSeed: 1, seeds: 1 });
    }
    if (kind === 'provisioning') {
      storage.database
        .prepare("INSERT OR IGNORE INTO testbeds (id, name, kind, time_scale, created_at_ms) VALUES ('testbed-1', 'Lab', 'real', 1, 1)")
        .run({});
      storage.database.prepare<{ id: string }>("INSERT INTO provisioning_runs (id, testbed_id) VALUES (@id, 'testbed-1')").run({ id });
    }
    const names = { series: 'Night', training: 'lad-ts, paper, seed 3', study: 'fig-6a', provisioning: 'Lab', calibration: 'Lab' };
    const titles = { series: 'Run series', training: 'Train', study: 'Run study', provisioning: 'Provision', calibration: 'Calibrate' };
    const subjectKinds = {
      series: 'series',
      training: 'training',
      study: 'study',
      provisioning: 'testbed',
      calibration: 'testbed',
    } as const;
    const details: Partial<Record<string, unknown>> = {
      series: { isHeld: false, triesSinceMs: 0, pausedRunId: null },
      calibration: { imagesPerCount: 1, nodes: [] },
    };
    storage.jobs.save({
      ...{ id, kind, title: titles[kind], subject: { kind: subjectKinds[kind], id, name: names[kind] }, state },
      ...{ outcome: null, error: null, createdAtMs: 5, startedAtMs: 6, finishedAtMs: state === 'succeeded' ? 7 : null },
      ...{ detail: details[kind] ?? null, log: [] },
    });
  }

  /** Writes the file of a training's checkpoint; returns its bytes. */
  writeCheckpoint(id: string): number {
    const path = join(this.dataDir, 'training', id, 'checkpoint.bin');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, Buffer.alloc(1234));
    return 1234;
  }

  private writeImage(text: string): string {
    const bytes = Buffer.alloc(IMAGE_BYTES, text);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const path = imageFilePath(this.dataDir, sha256, 'image/png');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    return sha256;
  }
}
