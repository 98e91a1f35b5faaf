import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trainerStarter } from '../../../src/main/programs/trainer/trainer-process.js';
import { evaluatorRunner } from '../../../src/main/programs/evaluator/evaluator-process.js';
import { JobRepository } from '../../../src/main/adapters/storage/job-repository.js';
import { TrainingRepository } from '../../../src/main/adapters/storage/training-repository.js';
import { PolicyEvaluations } from '../../../src/main/domain/simulation/training/policy-evaluations.js';
import { ProcessSlots } from '../../../src/main/domain/simulation/training/process-slots.js';
import { TrainingService } from '../../../src/main/domain/simulation/training/training-service.js';
import type { StartTrainingInput } from '../../../src/shared/api/training-inputs.js';
import { type Training, TRAINING_METHODS } from '../../../src/shared/training.js';
import { closingJobs, makeJobEngine } from '../../support/job-fixtures.js';
import { buildEntry } from '../../support/build-entry.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../../support/storage-fixtures.js';
import { buildTrainingInput } from '../../support/training-input.js';

const never = new AbortController().signal;

let trainer: string;
let evaluator: string;
let temporary: TemporaryDatabase;
let service: TrainingService;
let number: number;

beforeAll(async () => {
  [trainer, evaluator] = await Promise.all([
    buildEntry('src/main/programs/trainer/trainer.ts'),
    buildEntry('src/main/programs/evaluator/evaluator.ts'),
  ]);
});
beforeEach(() => {
  temporary = openTemporaryDatabase();
  number = 0;
  service = openService(evaluator);
});
afterEach(async () => {
  await service.close();
  temporary.dispose();
});

function openService(evaluatorPath: string): TrainingService {
  const jobs = makeJobEngine({ store: new JobRepository(temporary.database) });
  const opened = new TrainingService({
    jobs,
    trainings: new TrainingRepository(temporary.database),
    folder: join(temporary.dataDir, 'training'),
    startTrainer: trainerStarter(trainer),
    isDeployed: () => false,
    evaluations: new PolicyEvaluations(evaluatorRunner(evaluatorPath)),
    programVersion: '0.0.0-test',
    newId: (prefix) => `${prefix}-${++number}`,
    recordEvent: () => undefined,
    slots: new ProcessSlots(1),
  });
  return closingJobs(opened, jobs);
}

async function train(change: StartTrainingInput = {}): Promise<Training> {
  const { id } = service.start(buildTrainingInput(change));
  for await (const _ of service.watch(id, never));
  return service.get(id);
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

describe('the policy of a training', () => {
  it.each(TRAINING_METHODS)('of %s is measured on unseen arrivals beside Opt-TS', async (method) => {
    const { id } = await train({ method });
    const detail = await service.detail({ id, episodes: 3, choice: 'drawn' }, never);
    expect(detail).toMatchObject({ checkpointEpisodes: 9, episodes: 3 });
    expect(detail.ratioToOptTs).toBeCloseTo(detail.meanDelaySec / detail.optTsMeanDelaySec, 12);
    expect(detail.p95DelaySec).toBeGreaterThan(detail.meanDelaySec);
    expect(detail.entropyNats).toBeGreaterThanOrEqual(0);
    expect(detail.entropyNats).toBeLessThanOrEqual(Math.log(2) + 1e-6);
    expect(sumOf(detail.perServer.map(({ share }) => share))).toBeCloseTo(1, 12);
    expect(sumOf(detail.perServer.map(({ shareOfWork }) => shareOfWork))).toBeCloseTo(1, 12);
  });

  it('gives the same figures again from the same checkpoint, also in another program', async () => {
    const { id } = await train();
    const first = await service.detail({ id, episodes: 2, choice: 'drawn' }, never);
    const again = await openService(evaluator).detail({ id, episodes: 2, choice: 'drawn' }, never);
    expect(again).toEqual(first);
  });

  it('is measured once a checkpoint', async () => {
    const { id } = await train();
    const [first, second] = await Promise.all([
      service.detail({ id, episodes: 2, choice: 'drawn' }, never),
      service.detail({ id, episodes: 2, choice: 'drawn' }, never),
    ]);
    expect(second).toBe(first);
  });

  it('can take the most probable server instead of drawing one', async () => {
    const { id } = await train();
    const drawn = await service.detail({ id, episodes: 2, choice: 'drawn' }, never);
    const mostProbable = await service.detail({ id, episodes: 2, choice: 'most-probable' }, never);
    expect(mostProbable.perServer).not.toEqual(drawn.perServer);
    expect(mostProbable.optTsMeanDelaySec).toBe(drawn.optTsMeanDelaySec);
  });

  it('is refused before the first checkpoint', async () => {
    const { id } = service.start(buildTrainingInput({ episodes: 100_000, checkpointEvery: 10_000 }));
    await expect(service.detail({ id, episodes: 2, choice: 'drawn' }, never)).rejects.toMatchObject({
      code: 'conflict',
      message: `Training ${id} has no checkpoint yet`,
    });
  });

  it('is not waited for once the asking is canceled', async () => {
    const { id } = await train();
    const cancel = new AbortController();
    const asked = service.detail({ id, episodes: 200, choice: 'drawn' }, cancel.signal);
    cancel.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('can be asked for again after the process that measured it has died', async () => {
    const { id } = await train();
    const entryPath = join(temporary.dataDir, 'evaluator.js');
    const mended = openService(entryPath);
    await expect(mended.detail({ id, episodes: 2, choice: 'drawn' }, never)).rejects.toMatchObject({ code: 'io' });
    symlinkSync(evaluator, entryPath);
    expect((await mended.detail({ id, episodes: 2, choice: 'drawn' }, never)).episodes).toBe(2);
  });
});

describe('the baselines of a training', () => {
  it('are means over its own arrivals, with the limit below all', async () => {
    const { id } = await train();
    const curve = service.curve(id, 1);
    const { episodes, optTsDelaySec, capacityProportionalDelaySec, limitDelaySec } = await service.baselines(id, never);
    expect(episodes).toBe(9);
    expect(optTsDelaySec).toBeCloseTo(sumOf(curve.map((point) => point.optTsDelaySec)) / 9, 12);
    expect(limitDelaySec).toBeLessThan(optTsDelaySec);
    expect(limitDelaySec).toBeLessThan(capacityProportionalDelaySec);
    expect(limitDelaySec).toBeGreaterThan(0);
  });

  it('are there before the first checkpoint', async () => {
    const { id } = service.start(buildTrainingInput({ episodes: 100_000, checkpointEvery: 10_000 }));
    expect((await service.baselines(id, never)).episodes).toBe(60);
  });
});
