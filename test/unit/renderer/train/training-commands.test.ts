import { expect, it } from 'vitest';
import { describeRunHindrance } from '../../../../src/renderer/views/train/describe-training.js';
import { listTrainingCommands } from '../../../../src/renderer/views/train/training-commands.js';
import type { Training } from '../../../../src/shared/training.js';
import { buildSpec, buildTraining } from './training-fixture.js';

const labels = (change: Partial<Training>): string[] => {
  const none = (): void => undefined;
  return listTrainingCommands(buildTraining(change), { open: none, compare: none, pause: none, resume: none, moveToBin: none })
    .filter(({ reason }) => !reason)
    .map(({ label }) => label);
};

it('the menu of a training has what its state allows', () => {
  expect(labels({ state: 'running' })).toEqual(['Open', 'Compare its curve', 'Pause']);
  expect(labels({ state: 'stopping' })).toEqual(['Open', 'Compare its curve']);
  expect(labels({ state: 'paused' })).toEqual(['Open', 'Compare its curve', 'Resume', 'Move to bin']);
  expect(labels({ state: 'succeeded' })).toEqual(['Open', 'Compare its curve', 'Move to bin']);
});

it('a policy schedules runs when it is of a testbed, has slots to go by and a checkpoint', () => {
  const twin = { testbedId: 't', testbedName: 'Lab', nodeNames: ['ES 1'] } as NonNullable<Training['spec']['twin']>;
  const hindrance = (spec: Partial<Training['spec']>, checkpointEpisodes: number): string | null =>
    describeRunHindrance({ spec: buildSpec(spec), checkpointEpisodes });
  expect(hindrance({ twin }, 5)).toBeNull();
  expect(hindrance({ twin }, 0)).toBe('It has no checkpoint yet');
  expect(hindrance({}, 5)).toBe('It was not trained in the digital twin of a testbed');
  expect(hindrance({ twin, method: 'price-ts' }, 5)).toBe('PRICE-TS has no slots to go by in a run');
});
