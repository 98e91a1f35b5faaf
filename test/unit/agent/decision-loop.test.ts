// Whom a base station asks after a refused offer, before it decides again.
import { create } from '@bufbuild/protobuf';
import { expect, it } from 'vitest';
import { DecisionLoop } from '../../../src/agent/base-station/decision-loop.js';
import { createHomeTask } from '../../../src/agent/base-station/home-task.js';
import { PolicyVersions } from '../../../src/agent/policies/policy-versions.js';
import { Runs } from '../../../src/agent/runs.js';
import type { ScaledClock } from '../../../src/agent/scaled-clock.js';
import { QueueStateSchema, TaskSchema } from '../../../src/shared/rpc/gen/agent_pb.js';
import { taskKey } from '../../../src/shared/task-life/lease.js';

const NODE_IDS = Array.from({ length: 9 }, (_, index) => `node-${index}`);
/** Seconds; that of the station itself comes first. */
const BACKLOGS_SEC = [900, 10, 20, 30, 40, 50, 60, 0, 0];
const LOST = ['node-7', 'node-8'];

it('asks the four that would be done first, neither the one that refused nor those that do not answer', async () => {
  const clock = { timeScale: 1, nowMs: () => 0, waitUntil: () => Promise.resolve() } satisfies ScaledClock;
  const runs = new Runs(clock, new PolicyVersions(() => 0));
  runs.configure({
    ...{ runId: 'run-1', scheduler: 'shortest-expected-completion' as const, learnedPolicy: '', nodeIds: NODE_IDS },
    ...{ elapsedMs: 0, schedulerSeed: 1, stoodStillMs: 0, scheduling: {}, keepsExperience: false },
  });
  const stateOf = (nodeId: string) =>
    create(QueueStateSchema, { nodeId, backlogMs: BACKLOGS_SEC[NODE_IDS.indexOf(nodeId)]! * 1000, fixedMs: 3800, perStepMs: 1000 });
  const home = createHomeTask(create(TaskSchema, { id: 'task', runId: 'run-1', prompt: 'a dog', qualitySteps: 12 }), 0);
  const offers: string[] = [];
  const asked = await new Promise<readonly string[]>((resolve) => {
    const loop = new DecisionLoop({
      ...{ selfId: NODE_IDS[0]!, clock, undecided: new Map([[taskKey(home.lease), home]]) },
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined } as never,
      runOf: (runId) => runs.get(runId),
      localState: () => stateOf(NODE_IDS[0]!),
      isLocalWorkerReady: () => true,
      peerView: (nodeId) => {
        const state = stateOf(nodeId);
        return { nodeId, state, backlogMs: state.backlogMs, isReachable: !LOST.includes(nodeId), ageMs: 0 };
      },
      refreshPeers: (nodeIds) => {
        loop.close();
        resolve(nodeIds);
        return Promise.resolve();
      },
      placed: () => undefined,
      offer: (_, edgeServerId) => {
        offers.push(edgeServerId);
        return Promise.resolve({ kind: 'refused', queue: stateOf(edgeServerId) });
      },
    });
  });
  expect(offers).toEqual(['node-1']);
  expect(asked).toEqual(['node-2', 'node-3', 'node-4', 'node-5']);
});
