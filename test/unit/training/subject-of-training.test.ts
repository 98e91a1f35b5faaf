import { expect, it } from 'vitest';
import { subjectOfTraining } from '../../../src/main/domain/simulation/training/training-job.js';
import { nameTraining } from '../../../src/shared/name-training.js';
import { buildSpec } from '../renderer/train/training-fixture.js';

it('trainings that differ in a setting only have names that differ, those of their pages', () => {
  const specs = [2, 3].map((baseStations) => buildSpec({ changes: { baseStations } }));
  const names = specs.map((spec) => subjectOfTraining('training-1', spec).name);
  expect(names).toEqual(specs.map(nameTraining));
  expect(new Set(names).size).toBe(2);
});
