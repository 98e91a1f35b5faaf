import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StudyService } from '../../../src/main/domain/simulation/studies/study-service.js';
import { planTraining } from '../../../src/main/domain/simulation/training/plan-training.js';
import { ProcessSlots } from '../../../src/main/domain/simulation/training/process-slots.js';
import { trainerStarter } from '../../../src/main/programs/trainer/trainer-process.js';
import { startTrainingInput } from '../../../src/shared/api/training-inputs.js';
import type { StudyCell, StudyRun } from '../../../src/shared/study.js';
import type { EpisodeMetrics } from '../../../src/shared/training.js';
import { buildEntry } from '../../support/build-entry.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../../support/storage-fixtures.js';
import { buildStudy, openStudyService, writeStudy } from '../../support/study-files.js';

const never = new AbortController().signal;

let worker: string;
let temporary: TemporaryDatabase;
let service: StudyService;

beforeAll(async () => {
  worker = await buildEntry('src/main/programs/trainer/trainer.ts');
});
beforeEach(() => {
  temporary = openTemporaryDatabase();
  writeStudy(temporary.dataDir);
  service = openStudyService(temporary, { startTrainer: trainerStarter(worker) });
});
afterEach(async () => {
  await service.close();
  temporary.dispose();
});

async function until({ id }: StudyRun, isReached: (run: StudyRun) => boolean = () => false, by = service): Promise<StudyRun> {
  for await (const run of by.watch(id, never)) if (isReached(run)) return run;
  return by.get(id);
}

/** Without what is never the same. */
const numbersOf = (cells: readonly StudyCell[]): unknown[] =>
  cells.map(({ pointIndex, method, seed, meanDelaySec, optTsDelaySec, ratioToOptTs, curveSec }) => ({
    ...{ pointIndex, method, seed, meanDelaySec, optTsDelaySec, ratioToOptTs, curveSec },
  }));

describe('a study run', () => {
  it('runs every point of every method and seed', async () => {
    const run = await until(service.start({ study: 'small', seeds: 2 }));
    expect(run).toMatchObject({ state: 'succeeded', cellCount: 12, doneCount: 12, failedCount: 0, finishedAtMs: 1_000 });
    expect(new Set(service.cells(run.id).map(({ pointIndex, method, seed }) => `${pointIndex} ${method} ${seed}`)).size).toBe(12);
  });

  it('gives each cell the numbers of a training of that seed', async () => {
    const run = await until(service.start({ study: 'small', seeds: 1, firstSeed: 5, methods: ['sac-ts'] }));
    const cell = service.cells(run.id).find(({ pointIndex }) => pointIndex === 1);
    const { changes, settings } = run.study.points[1]!;
    const plan = planTraining(startTrainingInput.parse({ method: 'sac-ts', preset: 'paper', changes, settings, episodes: 2, seed: 5 }));
    const curve: EpisodeMetrics[] = [];
    const task = { ...plan, folder: join(temporary.dataDir, 'alone') };
    await trainerStarter(worker)(task, (episodes) => curve.push(...episodes)).ended;
    expect(cell?.meanDelaySec).toBe(curve.at(-1)?.meanDelaySec);
  });

  it('measures Opt-TS against itself', async () => {
    const run = await until(service.start({ study: 'small', seeds: 1, methods: ['opt-ts'] }));
    expect(service.cells(run.id).map((cell) => cell.ratioToOptTs)).toEqual([1, 1]);
  });

  it('keeps whole curves where the study asks for curves', async () => {
    writeStudy(temporary.dataDir, buildStudy({ name: 'curves', kind: 'curves', points: buildStudy().points.slice(0, 1), paper: [] }));
    const run = await until(service.start({ study: 'curves', seeds: 2, episodes: 4 }));
    expect(service.cells(run.id).every((cell) => cell.curveSec?.length === 4)).toBe(true);
    expect(service.figure(run.id).series[0]?.points.map(({ x }) => x)).toEqual([1, 2, 3, 4]);
  });

  it('leaves no checkpoint of a cell that is done', async () => {
    const { id } = await until(service.start({ study: 'small', seeds: 1 }));
    await service.close();
    const folder = join(temporary.dataDir, 'studies', id);
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
  });

  it('names the command that makes it again', async () => {
    const run = await until(service.start({ study: 'small', seeds: 1, firstSeed: 7, methods: ['opt-ts'], episodes: 1 }));
    expect(service.figure(run.id).command).toBe('npm run cli -- study run small --seeds 1 --first-seed 7 --methods opt-ts --episodes 1');
  });
});

describe('interrupted', () => {
  it('by a pause and resumed gives the same cells as one that was not', async () => {
    writeStudy(temporary.dataDir, buildStudy({ episodes: 15 }));
    const whole = await until(service.start({ study: 'small', seeds: 2 }));
    const paused = service.start({ study: 'small', seeds: 2 });
    await until(paused, ({ doneCount }) => doneCount > 0);
    expect(await service.pause(paused.id)).toMatchObject({ state: 'paused', remainingSec: null });
    const before = service.cells(paused.id).length;
    expect(before).toBeLessThan(12);
    service.resume(paused.id);
    expect(await until(paused)).toMatchObject({ state: 'succeeded', doneCount: 12 });
    expect(numbersOf(service.cells(paused.id))).toEqual(numbersOf(service.cells(whole.id)));
  }, 120_000);

  it('by the end of the program keeps what is done and is reported as paused by the next one', async () => {
    writeStudy(temporary.dataDir, buildStudy({ episodes: 15 }));
    const run = service.start({ study: 'small', seeds: 2 });
    await until(run, ({ doneCount }) => doneCount > 0);
    // What a killed program leaves behind: the record says running, and nothing runs.
    const next = openStudyService(temporary, { startTrainer: trainerStarter(worker) });
    expect(next.get(run.id)).toMatchObject({ state: 'paused' });
    await service.close();
    service = next;
    service.resume(run.id);
    expect(await until(run)).toMatchObject({ state: 'succeeded', doneCount: 12 });
  });

  it('continues with a cell from its checkpoint', async () => {
    writeStudy(
      temporary.dataDir,
      buildStudy({ episodes: 100_000, points: buildStudy().points.slice(0, 1), methods: ['lad-ts'], paper: [] }),
    );
    const run = service.start({ study: 'small', seeds: 1 });
    await until(run, ({ remainingSec }) => remainingSec !== null);
    await service.pause(run.id);
    expect(readdirSync(join(temporary.dataDir, 'studies', run.id, '0-lad-ts-1'))).toEqual(['checkpoint.bin']);
  });
});

describe('a failure', () => {
  it('of one cell is counted and named, and the others continue', async () => {
    const [point] = buildStudy().points;
    const points = [point!, { ...point!, x: 4, settings: { ...point!.settings, rewardScale: 1e30 } }];
    writeStudy(temporary.dataDir, buildStudy({ points }));
    const run = await until(service.start({ study: 'small', seeds: 1, episodes: 20 }));
    expect(run).toMatchObject({ state: 'failed', doneCount: 4, failedCount: 2, error: { code: 'partial-failure' } });
    expect(run.error?.message).toContain('lad-ts at x = 4, seed 1 (The training stopped in episode');
    expect(service.figure(run.id).failedCells.map(({ method, pointIndex }) => [method, pointIndex])).toEqual([
      ['lad-ts', 1],
      ['sac-ts', 1],
    ]);
    expect(() => service.resume(run.id)).toThrow(/would diverge the same way/);
  });

  it('of the machine stops the run, which can be resumed', async () => {
    service = openStudyService(temporary, { startTrainer: trainerStarter(join(temporary.dataDir, 'none.js')) });
    const stopped = await until(service.start({ study: 'small', seeds: 4 }));
    expect(stopped).toMatchObject({ state: 'failed', doneCount: 0, error: { code: 'io' } });
    expect(stopped.failedCount).toBeLessThan(6);
    service = openStudyService(temporary, { startTrainer: trainerStarter(worker) });
    service.resume(stopped.id);
    expect(await until(stopped)).toMatchObject({ state: 'succeeded', doneCount: 24, failedCount: 0 });
  });
});

describe('what is refused', () => {
  it('is an unknown study, with those there are', () => {
    expect(() => service.start({ study: 'none' })).toThrow(expect.objectContaining({ code: 'not-found', hint: 'Known: small.' }));
  });

  it('is a method that the study does not compare', () => {
    expect(() => service.start({ study: 'small', methods: ['dqn-ts'] })).toThrow(/has no method “dqn-ts”/);
  });

  it('is a point that cannot be planned, with its field', () => {
    writeStudy(temporary.dataDir, buildStudy({ points: [{ x: 2, changes: { baseStations: 0 }, settings: {} }], paper: [] }));
    expect(() => service.start({ study: 'small' })).toThrow(/baseStations/);
    expect(service.runs()).toEqual([]);
  });

  it('is a seed beyond the largest', () => {
    expect(() => service.start({ study: 'small', firstSeed: 0xffffffff, seeds: 2 })).toThrow(/Seed 4294967296/);
  });

  it('is removing a run under way', async () => {
    writeStudy(temporary.dataDir, buildStudy({ episodes: 1000 }));
    const { id } = service.start({ study: 'small', seeds: 1 });
    await expect(service.remove(id)).rejects.toMatchObject({ code: 'conflict' });
    await service.pause(id);
    await service.remove(id);
    expect(service.runs()).toEqual([]);
    expect(existsSync(join(temporary.dataDir, 'studies', id))).toBe(false);
  });
});

it('shares the places for processes with others', async () => {
  const slots = new ProcessSlots(1);
  service = openStudyService(temporary, { startTrainer: trainerStarter(worker), slots });
  slots.tryTake();
  const run = service.start({ study: 'small', seeds: 1, methods: ['opt-ts'] });
  expect(service.get(run.id)).toMatchObject({ state: 'running', doneCount: 0 });
  slots.release();
  expect((await until(run)).state).toBe('succeeded');
  expect(slots.tryTake()).toBe(true);
});
