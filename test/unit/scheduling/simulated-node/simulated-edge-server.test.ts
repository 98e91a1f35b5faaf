import { expect, it } from 'vitest';
import { steadyPace, throttlingPace } from '../../../../src/scheduling/simulated-node/node-pace.js';
import {
  type Executed,
  SimulatedEdgeServer,
  type SimulatedEdgeServerOptions,
} from '../../../../src/scheduling/simulated-node/simulated-edge-server.js';
import { SpeedEstimate } from '../../../../src/scheduling/speeds/speed-estimate.js';

/** An image of z steps takes z seconds by the record. */
function open(options: Partial<SimulatedEdgeServerOptions> = {}) {
  const ended: Executed[] = [];
  const server = new SimulatedEdgeServer({
    ...{ times: { fixedSec: 0, secPerStep: 1 }, pace: steadyPace(), queueOrder: 'first-come-first-served', estimate: null },
    ...options,
    onEnd: (executed) => ended.push(executed),
  });
  return { server, ended };
}

it('has a backlog that drains, by its record and not by its true speed', () => {
  const { server, ended } = open({ pace: steadyPace(0.5) });
  server.admit({ ordinal: 0, qualitySteps: 10 }, 0);
  server.admit({ ordinal: 1, qualitySteps: 4 }, 3);
  expect([3, 9, 15, 21, 28].map((sec) => server.backlogSec(sec))).toEqual([11, 5, 4, 3, 0]);
  expect(ended.map(({ startSec, endSec }) => [startSec, endSec])).toEqual([
    [0, 20],
    [20, 28],
  ]);
});

it('reckons with the speed that it has seen', () => {
  const { server } = open({ pace: steadyPace(0.5), estimate: new SpeedEstimate(1) });
  server.admit({ ordinal: 0, qualitySteps: 10 }, 0);
  server.admit({ ordinal: 1, qualitySteps: 4 }, 0);
  expect(server.backlogSec(20)).toBe(8);
  expect(server.times.secPerStep).toBe(2);
});

it('refuses an offer that was made on a backlog that has grown, until the task was refused often', () => {
  const { server } = open();
  server.admit({ ordinal: 0, qualitySteps: 10 }, 0);
  const offer = { qualitySteps: 10, expectedSec: 0, refusals: 0, leftTasks: 0, edgeServerCount: 2 };
  expect(server.refuses(offer, 0)).toBe(true);
  expect(server.refuses({ ...offer, expectedSec: 10 }, 0)).toBe(false);
  // Up to 2 % of the task's own time.
  expect([9.7, 9.9].map((sec) => server.refuses(offer, sec))).toEqual([true, false]);
  expect(server.refuses({ ...offer, refusals: 20 }, 0)).toBe(false);
});

it.each(['first-come-first-served', 'shortest-first'] as const)('says when a task would be done, %s', (queueOrder) => {
  const pace = throttlingPace({ throttledSpeed: 0.6, timeConstantSec: 20, hot: 0.9, cool: 0.7 });
  const { server, ended } = open({ pace, queueOrder });
  for (const [ordinal, qualitySteps] of [40, 30, 5, 20].entries()) server.admit({ ordinal, qualitySteps }, ordinal);
  const expectedSec = server.endIfAdmittedSec(10, 20);
  server.admit({ ordinal: 4, qualitySteps: 20 }, 10);
  const freeAtSec = server.freeAtSec;
  server.advance(Infinity);
  expect(ended.find(({ ordinal }) => ordinal === 4)?.endSec).toBeCloseTo(expectedSec, 9);
  // Whatever the order, the node is done with all of it at the same instant.
  expect(ended.at(-1)?.endSec).toBeCloseTo(freeAtSec, 9);
  expect(ended.map(({ ordinal }) => ordinal)).toEqual(queueOrder === 'shortest-first' ? [0, 2, 3, 4, 1] : [0, 1, 2, 3, 4]);
});
