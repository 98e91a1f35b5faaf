import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trainerStarter } from '../../../src/main/programs/trainer/trainer-process.js';
import { evaluatorRunner } from '../../../src/main/programs/evaluator/evaluator-process.js';
import { openInferenceSession } from '../../../src/main/adapters/inference/inference-session.js';
import { JobRepository } from '../../../src/main/adapters/storage/job-repository.js';
import { TrainingRepository } from '../../../src/main/adapters/storage/training-repository.js';
import { PolicyEvaluations } from '../../../src/main/domain/simulation/training/policy-evaluations.js';
import { ProcessSlots } from '../../../src/main/domain/simulation/training/process-slots.js';
import { TrainingService } from '../../../src/main/domain/simulation/training/training-service.js';
import { type Training, TRAINING_METHODS } from '../../../src/shared/training.js';
import { closingJobs, makeJobEngine } from '../../support/job-fixtures.js';
import { buildEntry } from '../../support/build-entry.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../../support/storage-fixtures.js';
import { buildTrainingInput } from '../../support/training-input.js';

/** Far from done when a test looks at it. */
const LONG = { episodes: 100_000, checkpointEvery: 1000 };
const never = new AbortController().signal;

let worker: string;
let temporary: TemporaryDatabase;
let service: TrainingService;
let number: number;

beforeAll(async () => {
  worker = await buildEntry('src/main/programs/trainer/trainer.ts');
});
beforeEach(() => {
  temporary = openTemporaryDatabase();
  number = 0;
  service = openService();
});
afterEach(async () => {
  await service.close();
  temporary.dispose();
});

function openService({
  isOwner = true,
  ...change
}: Partial<ConstructorParameters<typeof TrainingService>[0]> & { isOwner?: boolean } = {}): TrainingService {
  const jobs = makeJobEngine({ store: new JobRepository(temporary.database), isOwner });
  const opened = new TrainingService({
    jobs,
    trainings: new TrainingRepository(temporary.database),
    folder: join(temporary.dataDir, 'training'),
    startTrainer: trainerStarter(worker),
    isDeployed: () => false,
    evaluations: new PolicyEvaluations(evaluatorRunner('/no/evaluator')),
    programVersion: '0.0.0-test',
    newId: (prefix) => `${prefix}-${++number}`,
    recordEvent: () => undefined,
    slots: new ProcessSlots(1),
    ...change,
  });
  return closingJobs(opened, jobs);
}

/** The first snapshot of which `isIt` is true; the last one of all without it. */
async function until({ id }: Training, isIt: (training: Training) => boolean = () => false): Promise<Training> {
  for await (const training of service.watch(id, never)) if (isIt(training)) return training;
  return service.get(id);
}

const hasStarted = (training: Training): boolean => training.doneEpisodes > 0;
const curveOf = (id: string): unknown[] => service.curve(id, 1).map(({ cpuMs: _, ...point }) => point);

describe('a training', () => {
  it('ends with its whole curve on record, measured against Opt-TS on the same arrivals', async () => {
    const ended = await until(service.start(buildTrainingInput()));
    expect(ended).toMatchObject({ state: 'succeeded', doneEpisodes: 9, checkpointEpisodes: 9, error: null, remainingSec: null });
    const curve = service.curve(ended.id, 1);
    expect(curve.map((point) => point.episode)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(curve.at(-1)).toEqual(ended.last);
    expect(curve.every((point) => point.ratioToOptTs === point.meanDelaySec / point.optTsDelaySec)).toBe(true);
    expect(curve.at(-1)?.criticLoss).toBeGreaterThan(0);
    expect(curve.at(-1)?.temperature).toBeCloseTo(0.05, 2);
  });

  it('with the same specification gives the same curve', async () => {
    const [first, second] = [service.start(buildTrainingInput()), service.start(buildTrainingInput())];
    await Promise.all([until(first), until(second)]);
    expect(curveOf(second.id)).toEqual(curveOf(first.id));
  });

  it('waits its turn while others train', async () => {
    const first = service.start(buildTrainingInput(LONG));
    const second = service.start(buildTrainingInput());
    expect(service.list().map((training) => training.state)).toEqual(['running', 'queued']);
    await service.cancel(first.id);
    expect((await until(second)).state).toBe('succeeded');
  });

  it('keeps its full configuration', () => {
    const { spec, environment, programVersion } = service.start(buildTrainingInput({ settings: { discount: 0.5 } }));
    expect(spec).toMatchObject({ seed: 3, settings: { discount: 0.5, tau: 0.005 } });
    expect(environment).toMatchObject({ baseStations: 2, slotSec: 1 });
    expect(programVersion).toBe('0.0.0-test');
  });
});

describe('pausing', () => {
  it('keeps every finished episode and continues where it was', async () => {
    const training = service.start(buildTrainingInput(LONG));
    await until(training, hasStarted);
    const paused = await service.pause(training.id);
    expect(paused).toMatchObject({ state: 'paused', checkpointEpisodes: paused.doneEpisodes });
    expect(service.resume(training.id).state).toBe('running');
    await until(training, ({ doneEpisodes }) => doneEpisodes > paused.doneEpisodes);
    expect(service.get(training.id).state).toBe('running');
  });

  it('happens to all when the program ends', async () => {
    const [first, second] = [service.start(buildTrainingInput(LONG)), service.start(buildTrainingInput(LONG))];
    await until(first, hasStarted);
    await service.close();
    service = openService();
    expect([first, second].map(({ id }) => service.get(id).state)).toEqual(['paused', 'paused']);
  });

  it('is what a training is reported as whose program was killed', async () => {
    const training = service.start(buildTrainingInput(LONG));
    await until(training, hasStarted);
    const next = openService();
    expect(next.get(training.id).state).toBe('paused');
    expect(openService({ isOwner: false }).get(training.id).state).toBe('running');
  });

  it('is refused where nothing runs', async () => {
    const { id } = await until(service.start(buildTrainingInput()));
    await expect(service.pause(id)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('is succeeded') });
  });
});

describe('the end', () => {
  it('of a cancelled training is final', async () => {
    const training = service.start(buildTrainingInput(LONG));
    await until(training, hasStarted);
    expect((await service.cancel(training.id)).state).toBe('cancelled');
    expect(() => service.resume(training.id)).toThrow(expect.objectContaining({ code: 'conflict' }));
  });

  it('by a loss that is not finite is reported, and not resumed', async () => {
    const failed = await until(service.start(buildTrainingInput({ settings: { rewardScale: 1e30 } })));
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'training-diverged' } });
    expect(() => service.resume(failed.id)).toThrow(/would end the same way again/);
  });

  it('of a process that dies leaves a training that can be resumed', async () => {
    service = openService({ startTrainer: trainerStarter(join(temporary.dataDir, 'none.js')) });
    const failed = await until(service.start(buildTrainingInput()));
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'io' } });
    service = openService();
    service.resume(failed.id);
    expect((await until(failed)).state).toBe('succeeded');
  });

  it('comes before the removal of curve and checkpoint', async () => {
    const training = service.start(buildTrainingInput());
    await expect(service.remove(training.id)).rejects.toMatchObject({ code: 'conflict' });
    await until(training);
    const folder = join(temporary.dataDir, 'training', training.id);
    expect(existsSync(folder)).toBe(true);
    await service.remove(training.id);
    expect(existsSync(folder)).toBe(false);
    expect(service.list()).toEqual([]);
    expect(() => service.curve(training.id, 1)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
});

describe('the policy', () => {
  it.each(TRAINING_METHODS)('of %s is a model of its own that gives probabilities', async (method) => {
    const { id } = await until(service.start(buildTrainingInput({ method, episodes: 2 })));
    const { onnx, inputs, outputs, metadata } = await service.exportPolicy(id, 4);
    expect(metadata).toMatchObject({ method, preset: 'paper', seed: '3', baseStations: '2', episodes: '2', programVersion: '0.0.0-test' });
    expect(outputs).toEqual([{ name: 'probabilities', shape: [2, 4, 2] }]);
    const model = await openInferenceSession(onnx);
    expect(model.inputShapes).toEqual(Object.fromEntries(inputs.map(({ name, shape }) => [name, shape])));
    const values = Object.entries(model.inputShapes).map(([name, shape]) => [
      name,
      new Float32Array(shape.reduce((a, b) => a * b)).fill(0.5),
    ]);
    const { probabilities } = await model.run(Object.fromEntries(values) as Record<string, Float32Array>);
    for (let row = 0; row < 8; row++) expect(probabilities![2 * row]! + probabilities![2 * row + 1]!).toBeCloseTo(1, 5);
    await model.close();
  });

  it('is refused before the first checkpoint', async () => {
    const { id } = service.start(buildTrainingInput(LONG));
    await expect(service.exportPolicy(id, 1)).rejects.toMatchObject({ code: 'conflict' });
  });
});
