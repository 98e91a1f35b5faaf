// An agent's decisions, made by its own decision loop on a policy as it comes over the wire, against the simulator's: the same network asked
// about what the agent saw gives the same bits, and the same workload is placed alike.
import { create } from '@bufbuild/protobuf';
import { expect, it } from 'vitest';
import { DecisionLoop, type OfferResult } from '../../../src/agent/base-station/decision-loop.js';
import { createHomeTask, type HomeTask } from '../../../src/agent/base-station/home-task.js';
import { PolicyVersions } from '../../../src/agent/policies/policy-versions.js';
import { Runs } from '../../../src/agent/runs.js';
import type { ScaledClock } from '../../../src/agent/scaled-clock.js';
import { createRandom } from '../../../src/random/random.js';
import { serverStateLength } from '../../../src/scheduling/decisions/server-state.js';
import { type DecisionMade, TestbedDecisions } from '../../../src/scheduling/decisions/testbed-decisions.js';
import { createLearnedSchedulingPolicy, parseLearnedPolicy } from '../../../src/scheduling/decisions/learned-scheduling.js';
import { createLearner } from '../../../src/scheduling/learning/learner.js';
import { initializeParameters } from '../../../src/scheduling/learning/parameter-layout.js';
import { testbedTrainingSettings } from '../../../src/scheduling/learning/training-settings.js';
import type { Decision, SchedulableTask, SchedulingObservation, SchedulingPolicy } from '../../../src/scheduling/policies/policy.js';
import { steadyPace } from '../../../src/scheduling/simulated-node/node-pace.js';
import { SimulatedEdgeServer } from '../../../src/scheduling/simulated-node/simulated-edge-server.js';
import { simulateRun } from '../../../src/scheduling/run-simulation/simulate-run.js';
import { runBatches } from '../../../src/scheduling/testbed/run-batches.js';
import { TESTBED_DEFAULTS, type TestbedConfig } from '../../../src/scheduling/testbed/testbed-config.js';
import { type QueueState, QueueStateSchema, TaskSchema } from '../../../src/shared/rpc/gen/agent_pb.js';
import { taskKey } from '../../../src/shared/task-life/lease.js';

const SPEEDS = [1, 1, 0.7, 0.5];
const NODE_IDS = Array.from({ length: 8 }, (_, index) => `node-${index}`);
/** 1000 bits, as the simulator's. */
const PROMPT = 'p'.repeat(125);

const config: TestbedConfig = {
  ...TESTBED_DEFAULTS,
  view: 'offers',
  nodes: SPEEDS.map((speed) => ({ fixedSec: 3.8 / speed, secPerStep: 1 / speed })),
  qualitySteps: { min: 10, max: 19 },
};
const settings = testbedTrainingSettings('lad-ts');
const form = { method: 'lad-ts', settings, servers: SPEEDS.length, largestQualitySteps: config.qualitySteps.max } as const;
const sizes = { agents: 1, servers: SPEEDS.length, stateSize: serverStateLength(SPEEDS.length) };
/** A network that has learned nothing: its decisions are no rule's. */
const network = initializeParameters(createLearner('lad-ts', { ...settings, ...sizes }).actor.layout, 1, createRandom(5));
const parameters = Array.from(network, (value) => Number(value.toPrecision(9)));
const onWire = JSON.stringify({ environment: 'testbed', ...form, parameters });
const steps = Array.from({ length: 24 }, (_, place) => 10 + ((7 * place) % 10));

interface Seen {
  tasks: SchedulableTask[];
  observation: SchedulingObservation;
  /** Of so many of the tasks; the others were decided again. */
  chosen: number[];
}

/** So many as the agent decided, and no more. */
function decideAgain(policy: SchedulingPolicy, { tasks, chosen }: Seen, observation: SchedulingObservation): number[] {
  const decisions = policy.decideInTurn!(tasks, observation, createRandom(1))[Symbol.iterator]();
  return chosen.map(() => (decisions.next() as IteratorYieldResult<Decision>).value.edgeServerIndex);
}

type Queues = readonly SimulatedEdgeServer[];

/** Station 0 of a testbed whose time stands still places all tasks. `others` may act after each of its offers. */
async function decideOnAgent(nodes = config.nodes, others: (queues: Queues) => void = () => undefined) {
  const queues = nodes.map(
    (times) => new SimulatedEdgeServer({ times, pace: steadyPace(), queueOrder: 'first-come-first-served', estimate: null }),
  );
  const stateOf = (node: number): QueueState =>
    create(QueueStateSchema, {
      nodeId: NODE_IDS[node]!,
      backlogMs: queues[node]!.backlogSec(0) * 1000,
      fixedMs: nodes[node]!.fixedSec * 1000,
      perStepMs: nodes[node]!.secPerStep * 1000,
    });
  /** What the station has heard of each node. */
  const heard = nodes.map((_, node) => stateOf(node));
  const clock = { timeScale: 1, nowMs: () => 0, waitUntil: () => Promise.resolve() } satisfies ScaledClock;
  const runs = new Runs(clock, new PolicyVersions(() => 0));
  runs.configure({
    ...{ runId: 'run-1', scheduler: 'learned' as const, learnedPolicy: onWire, nodeIds: NODE_IDS.slice(0, nodes.length) },
    ...{ elapsedMs: 0, schedulerSeed: 1, stoodStillMs: 0, scheduling: {}, keepsExperience: false },
  });
  const { policy } = runs.get('run-1')!;
  const seen: Seen[] = [];
  const decideInTurn = policy.decideInTurn!;
  policy.decideInTurn = function* (tasks, observation, random) {
    const edgeServers = observation.edgeServers.map((es) => ({ ...es, linkMbps: 1e9 }));
    // As it would travel.
    const decided = {
      ...(JSON.parse(JSON.stringify({ tasks, observation: { ...observation, edgeServers } })) as Seen),
      chosen: [] as number[],
    };
    seen.push(decided);
    for (const decision of decideInTurn(tasks, observation, random)) {
      decided.chosen.push(decision.edgeServerIndex);
      yield decision;
    }
  };
  const undecided = new Map<string, HomeTask>();
  steps.forEach((qualitySteps, place) => {
    const home = createHomeTask(create(TaskSchema, { id: `0/${place}`, runId: 'run-1', prompt: PROMPT, qualitySteps }), 0);
    undecided.set(taskKey(home.lease), home);
  });
  const placed: number[] = [];
  const serverOf = new Map<string, number>();
  let refusals = 0;
  await new Promise<void>((resolve) => {
    const loop = new DecisionLoop({
      ...{ selfId: NODE_IDS[0]!, clock, undecided },
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined } as never,
      runOf: (runId) => runs.get(runId),
      localState: () => stateOf(0),
      isLocalWorkerReady: () => true,
      peerView: (nodeId) => {
        const state = heard[NODE_IDS.indexOf(nodeId)]!;
        return { nodeId, state, backlogMs: state.backlogMs, isReachable: true, ageMs: 0 };
      },
      refreshPeers: (nodeIds) => {
        for (const node of nodeIds.map((id) => NODE_IDS.indexOf(id))) heard[node] = stateOf(node);
        return Promise.resolve();
      },
      placed: () => undefined,
      offer: (home, edgeServerId, expectedMs, slackMs): Promise<OfferResult> => {
        const node = NODE_IDS.indexOf(edgeServerId);
        // As an agent's edge server answers.
        if (expectedMs >= 0 && stateOf(node).backlogMs > expectedMs + slackMs) {
          refusals += 1;
          const queue = (heard[node] = stateOf(node));
          others(queues);
          return Promise.resolve({ kind: 'refused', queue });
        }
        queues[node]!.admit({ ordinal: placed.length, qualitySteps: home.task.qualitySteps }, 0);
        undecided.delete(taskKey(home.lease));
        placed.push(node);
        serverOf.set(home.task.id, node);
        if (undecided.size === 0) {
          loop.close();
          resolve();
        }
        const queue = (heard[node] = stateOf(node));
        others(queues);
        return Promise.resolve({ kind: 'accepted', queue });
      },
    });
  });
  return { seen, placed, serverOf, refusals };
}

type Bits = Pick<DecisionMade, 'chosen'> & { bits: number[] };
const noteIn =
  (bits: Bits[]) =>
  ({ chosen, state, probabilities }: DecisionMade): void =>
    void bits.push({ chosen, bits: [...state, ...probabilities] });

it('an agent’s decisions are the simulator’s, bit for bit', async () => {
  const { seen, placed } = await decideOnAgent();
  expect(new Set(placed).size).toBeGreaterThan(1);

  const [onNode, inSimulator]: [Bits[], Bits[]] = [[], []];
  // From the wire, as an agent has it, and from the checkpoint's numbers, as the simulator has it.
  const ofNode = createLearnedSchedulingPolicy(parseLearnedPolicy(onWire, SPEEDS.length), noteIn(onNode));
  const ofSimulator = new TestbedDecisions({ form, parameters: network, onDecision: noteIn(inSimulator) });
  for (const each of seen) {
    for (const policy of [ofNode, ofSimulator]) expect(decideAgain(policy, each, each.observation)).toEqual(each.chosen);
  }
  expect(onNode).toHaveLength(steps.length);
  expect(onNode).toEqual(inSimulator);

  const simulated = await runBatches({
    config,
    batches: [steps.map((qualitySteps, place) => ({ station: 0, qualitySteps, place, arrivalSec: 0 }))],
    stations: config.nodes.map(() => new TestbedDecisions({ form, parameters: network })),
    random: createRandom(3),
    seed: 1,
  });
  expect(simulated.choices).toEqual(placed);
});

it('an agent that is refused decides again as the simulator of runs does, bit for bit', async () => {
  // Times that are whole in binary, so that milliseconds on the wire lose nothing; and so many nodes that not all are asked after a refusal.
  const nodes = [1, 1, 0.5, 0.25, 1, 0.5, 1, 0.25].map((speed) => ({ fixedSec: 3.75 / speed, secPerStep: 1 / speed }));
  const rivals = steps.map((qualitySteps, place) => ({ ordinal: 100 + place, qualitySteps, server: place % nodes.length }));
  const coming = [...rivals];
  const agent = await decideOnAgent(nodes, (queues) => {
    const next = coming.shift();
    if (next) queues[next.server]!.admit(next, 0);
  });
  expect(agent.refusals).toBeGreaterThan(3);

  const [onNode, inSimulator]: [Bits[], Bits[]] = [[], []];
  const ofNode = createLearnedSchedulingPolicy(parseLearnedPolicy(onWire, nodes.length), noteIn(onNode));
  // A refusal throws nothing away: one decision for each offer.
  expect(agent.seen.reduce((sum, { chosen }) => sum + chosen.length, 0)).toBe(steps.length + agent.refusals);
  for (const each of agent.seen) {
    // What a node does not know of its link does not limit.
    const edgeServers = each.observation.edgeServers.map((edgeServer) => ({ ...edgeServer, linkMbps: Infinity }));
    decideAgain(ofNode, each, { ...each.observation, edgeServers });
  }

  const rival: SchedulingPolicy = {
    ...{ name: 'rival', usesBacklog: false },
    decideBatch: (tasks) => tasks.map(({ id }) => ({ taskId: id, edgeServerIndex: (Number(id) - 100) % nodes.length })),
  };
  const simulated = await simulateRun({
    tasks: [
      ...steps.map((qualitySteps, ordinal) => ({ ordinal, qualitySteps, station: 0 })),
      ...rivals.map((task) => ({ ...task, station: 1 })),
    ].map(({ ordinal, qualitySteps, station }) => ({ ordinal, qualitySteps, station, arrivalSec: 0, inputBits: 1000 })),
    nodes: nodes.map((times) => ({ ...times, linkMbps: null })),
    stations: nodes.map((_, station) => ({
      policy: station === 0 ? new TestbedDecisions({ form, parameters: network, onDecision: noteIn(inSimulator) }) : rival,
      random: createRandom(station),
    })),
    settings: {},
  });
  expect(inSimulator).toEqual(onNode);
  expect(simulated.slice(0, steps.length).map(({ server }) => server)).toEqual(steps.map((_, place) => agent.serverOf.get(`0/${place}`)));
});
