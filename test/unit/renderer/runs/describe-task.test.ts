// What a task says of itself while its run is in progress, and where its instants and its delays lie on different clocks.
import { expect, it } from 'vitest';
import { describeTaskCancel, findAxisGap, findRunning, statusOfTask } from '../../../../src/renderer/views/runs/describe-task.js';
import { buildNodeLive } from './node-live.js';

const sent = { state: 'sent' } as const;

it('tells the task that a node computes from those that wait', () => {
  const running = findRunning([buildNodeLive('a', { runningOrdinal: 4 }), buildNodeLive('b')]);
  expect([...running]).toEqual([[4, 'a']]);
  expect(statusOfTask(sent, 'a')).toEqual({ tone: 'busy', label: 'Running' });
  expect(statusOfTask(sent, null)).toEqual({ tone: 'idle', label: 'Sent' });
  expect(statusOfTask({ state: 'succeeded' }, 'a').label).toBe('Succeeded');
});

it('says what canceling does where the task is', () => {
  expect(describeTaskCancel({ state: 'pending' }, null)).toBe('It is never sent');
  expect(describeTaskCancel(sent, null)).toBe('It is taken out of its queue');
  expect(describeTaskCancel(sent, 'a')).toBe('Its node drops it, even in the middle of the image');
});

it('finds by how much a computation is placed after the end of the service delay', () => {
  const delays = { uploadMs: 0, waitingMs: 20_500, computeMs: 22_800, downloadMs: 0, resendMs: 0, controlMs: 1300, serviceMs: 44_600 };
  expect(findAxisGap({ arrivalMs: 0, computeEndMs: 46_400, delays })).toBe('1.8 s');
  expect(findAxisGap({ arrivalMs: 0, computeEndMs: 44_600.2, delays })).toBeNull();
  expect(findAxisGap({ arrivalMs: 5000, computeEndMs: 46_400, delays })).toBeNull();
  expect(findAxisGap({ arrivalMs: 0, computeEndMs: null, delays: null })).toBeNull();
});
