import { afterEach, beforeEach, expect, it } from 'vitest';
import { TrainingRepository } from '../../../src/main/adapters/storage/training-repository.js';
import { planTraining } from '../../../src/main/domain/simulation/training/plan-training.js';
import { startTrainingInput } from '../../../src/shared/api/training-inputs.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../../support/storage-fixtures.js';

let temporary: TemporaryDatabase;

beforeEach(() => {
  temporary = openTemporaryDatabase();
});
afterEach(() => temporary.dispose());

it('gives a training from before tau had its name by the name of today', () => {
  const trainings = new TrainingRepository(temporary.database);
  const { spec, environment } = planTraining(startTrainingInput.parse({}));
  const { tau, ...before } = spec.settings;
  trainings.add({
    id: 'training-1',
    spec: { ...spec, settings: { ...before, softUpdateWeight: tau! } },
    environment: { ...environment },
    programVersion: '0.1.0',
    checkpointEpisodes: 0,
  });
  expect(trainings.get('training-1')?.spec.settings).toEqual(spec.settings);
});
