import { expect, test } from 'vitest';
import { paperTrainingSettings, parseTrainingSettings } from '../../../../src/scheduling/learning/training-settings.js';
import { TRAINING_METHODS } from '../../../../src/shared/training.js';

const paper = paperTrainingSettings('lad-ts');

function problemFields(change: Record<string, unknown>): string[] {
  return parseTrainingSettings({ ...paper, ...change }).problems.map((problem) => problem.field);
}

test.each(TRAINING_METHODS)("the paper's settings of %s are valid", (method) => {
  expect(parseTrainingSettings(paperTrainingSettings(method)).problems).toEqual([]);
});

test('learning that would never start is refused with both numbers', () => {
  expect(parseTrainingSettings({ ...paper, learningStarts: 1000 }).problems).toEqual([
    { field: 'learningStarts', message: 'Must be below replayCapacity (1000): learning would never start.' },
  ]);
});

test('a reversed range of noise rates is refused', () => {
  expect(problemFields({ betaMin: 11 })).toEqual(['betaMin']);
});

test.each([
  ['a batch of nothing', { batchSize: 0 }, 'batchSize'],
  ['half a denoising step', { denoisingSteps: 2.5 }, 'denoisingSteps'],
  ['a rate that is not a number', { actorLearningRate: NaN }, 'actorLearningRate'],
  ['an infinite rate', { criticLearningRate: Infinity }, 'criticLearningRate'],
  ['a discount above 1', { discount: 1.1 }, 'discount'],
  ['an odd encoding', { stepEncodingSize: 15 }, 'stepEncodingSize'],
  ['an unknown index of latents', { latentIndex: 'slot' }, 'latentIndex'],
  ['a weight of others above 1', { externalityWeight: 1.5 }, 'externalityWeight'],
  ['prices that never move', { priceStartWeight: Infinity }, 'priceStartWeight'],
  ['a scale of zero', { observationScale: { ...paper.observationScale, sizeMbit: 0 } }, 'observationScale.sizeMbit'],
])('%s is refused by its field', (_, change, field) => {
  expect(problemFields(change)).toEqual([field]);
});

test('every bad field is reported at once', () => {
  expect(problemFields({ batchSize: 0, discount: -1 })).toEqual(['batchSize', 'discount']);
});

test('settings of a training from before there were prices are valid', () => {
  const { externalityWeight, priceStartWeight, ...before } = paper;
  expect(parseTrainingSettings(before).settings).toMatchObject({ externalityWeight, priceStartWeight });
});

test('settings of a training from before tau had its name are valid', () => {
  const { tau, ...before } = paper;
  expect(parseTrainingSettings({ ...before, softUpdateWeight: 0.01 }).settings).toEqual({ ...before, tau: 0.01 });
  expect(parseTrainingSettings({ ...before, tau, softUpdateWeight: 0.01 }).settings).toBeNull();
});
