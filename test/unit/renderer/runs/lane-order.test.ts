import { expect, it } from 'vitest';
import { describeLane } from '../../../../src/renderer/views/runs/lane-order.js';
import { buildNodeLive } from './node-live.js';

it('gives a lane the queue of its node only while the run is in progress, since before it is the queue of another run', () => {
  const node = buildNodeLive('n', { queueLength: 177 });
  expect(describeLane({ tasks: [] }, node, 'queued')).toBe('–');
  expect(describeLane({ tasks: [] }, node, 'running')).toBe('q 177');
  expect(describeLane({ tasks: [] }, node, 'stopped')).toBe('0 tasks');
  expect(describeLane({ tasks: [] }, { ...node, isConnected: false, lastCheckInAgeSec: 60 }, 'running')).toBe('lost 1 min');
});
