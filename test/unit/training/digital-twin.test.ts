import { describe, expect, it } from 'vitest';
import { parseEnvironmentConfig } from '../../../src/scheduling/environment/environment-config.js';
import { createEnvironment } from '../../../src/scheduling/environment/environment.js';
import { makeDigitalTwin, makeSlotTwin, type TwinNode } from '../../../src/main/domain/simulation/training/digital-twin.js';
import { planAgain, planTraining } from '../../../src/main/domain/simulation/training/plan-training.js';
import { describeSchedulingPolicies } from '../../../src/main/domain/simulation/training/scheduling-policies.js';
import type { TrainingCheckpoint } from '../../../src/main/domain/simulation/training/training-checkpoint.js';
import { startTrainingInput } from '../../../src/shared/api/training-inputs.js';
import { ORIN_TIME_MODEL } from '../../../src/shared/testbed.js';

const testbed = { id: 'testbed-1', name: 'Lab' };
const input = { testbedId: testbed.id, environment: 'slots' as const, qualitySteps: { min: 10, max: 19 }, load: 1.2 };
const node = (name: string, speedFactor = 1): TwinNode => ({ name, timeModel: ORIN_TIME_MODEL, speedFactor });
const twinOf = (...nodes: TwinNode[]) => makeSlotTwin(testbed, nodes, input);

describe('the digital twin of a testbed', () => {
  it('is an environment that the simulator takes', () => {
    const { environment } = twinOf(node('a'), node('b', 0.5));
    expect(parseEnvironmentConfig(environment).problems).toEqual([]);
  });

  it('has the speed of the first node as its unit', () => {
    const { environment } = twinOf(node('a', 2), node('b', 1), node('c', 4));
    expect(environment.knownCapacities).toEqual([1, 0.5, 2]);
  });

  it("gives tasks the work that images take on the first node: 3.8 s and 1 s a step, by the paper's device", () => {
    const { environment, twin } = twinOf(node('a'), node('b'));
    const { workGigacycles, qualitySteps } = createEnvironment(environment, 1).makeArrivals(0);
    expect(workGigacycles[0]).toBeCloseTo(3.8 + qualitySteps[0]!, 9);
    expect(twin.work).toEqual({ fixedGigacycles: 3.8, gigacyclesPerStep: 1 });
  });

  it('offers the load asked for', () => {
    const { environment } = twinOf(node('a'), node('b', 0.5), node('c', 2));
    const arrivals = createEnvironment(environment, 1).makeArrivals(0);
    const work = arrivals.workGigacycles.reduce((sum, value) => sum + value, 0);
    const capacity = environment.knownCapacities!.reduce((sum, value) => sum + value, 0) * environment.slots * environment.slotSec;
    expect(work / capacity).toBeGreaterThan(1.1);
    expect(work / capacity).toBeLessThan(1.3);
  });

  it('needs two nodes', () => {
    expect(() => twinOf(node('a'))).toThrow('Testbed “Lab” has one node: there is nothing to decide.');
  });
});

describe('the environment of a testbed as it is', () => {
  const live = (change: object = {}) =>
    planTraining(startTrainingInput.parse({ twin: { testbedId: 'testbed-1', ...change } }), (twin) =>
      makeDigitalTwin(testbed, [node('a'), node('b', 0.5)], twin),
    );

  it('is what a policy for a testbed is trained in unless asked otherwise', () => {
    const { environment, spec } = live();
    expect(environment).toMatchObject({
      kind: 'testbed',
      nodes: [
        { fixedSec: 3.8, secPerStep: 1 },
        { fixedSec: 7.6, secPerStep: 2 },
      ],
      arrivals: 'bursts',
      view: 'live',
    });
    expect(spec).toMatchObject({ episodes: 5, twin: { environment: 'testbed', speeds: 'as-recorded', load: 0.85 } });
    expect(live({ environment: 'slots' }).spec).toMatchObject({ episodes: 60, twin: { environment: 'slots', load: 1.2 } });
  });

  it('has the recipe’s settings, which can be set otherwise', () => {
    const recipe = { network: 'shared', chainStart: 'even', state: 'completions', reward: 'regret', discount: 0, updatesPerSlot: 10 };
    expect(live().settings).toMatchObject(recipe);
  });

  it('takes streams, other views and other speeds', () => {
    const { environment } = live({ arrivals: 'streams', view: 'offers', speeds: 'throttling' });
    expect(environment).toMatchObject({ arrivals: 'streams', view: 'offers', speeds: { kind: 'throttling', factor: 0.6 } });
  });

  it('comes back from its record as it was', () => {
    const { spec, environment, settings } = live({ speeds: 'drifting' });
    expect(planAgain({ id: 'training-1', spec, environment: { ...environment } })).toEqual({ spec, environment, settings });
  });

  it('has one policy for all nodes where the network is shared, and otherwise one for each', () => {
    const describe = (settings: object) => {
      const plan = planTraining(startTrainingInput.parse({ twin: { testbedId: 'testbed-1' }, settings }), (twin) =>
        makeDigitalTwin(testbed, [node('a'), node('b', 0.5)], twin),
      );
      const learning = { method: 'lad-ts', state: { actor: new Float32Array(8) } } as TrainingCheckpoint['learning'];
      return describeSchedulingPolicies(plan, { curve: [], learning });
    };
    expect(describe({})).toHaveLength(1);
    expect(describe({ network: 'per-station' })).toHaveLength(2);
  });

  it.each([
    [{ method: 'price-ts' }, 'PRICE-TS learns prices of slots'],
    [{ method: 'dqn-ts', settings: { network: 'shared' } }, 'DQN-TS has a network for each station only'],
    [{ twin: undefined, settings: { reward: 'regret' } }, 'Only “delay” is possible outside the testbed’s environment'],
    [{ twin: undefined, settings: { network: 'shared' } }, 'Only “per-station” is possible'],
  ])('refuses what fits no other: %j', (change, message) => {
    const input = startTrainingInput.parse({ twin: { testbedId: 'testbed-1' }, ...change });
    expect(() => planTraining(input, (twin) => makeDigitalTwin(testbed, [node('a'), node('b')], twin))).toThrow(message);
  });
});

describe('a training in the digital twin of a testbed', () => {
  const makeTwin = () => twinOf(node('a'), node('b'));
  const plan = (changes: object = {}) => planTraining(startTrainingInput.parse({ twin: { testbedId: 'testbed-1' }, ...changes }), makeTwin);

  it('keeps the testbed as it stood', () => {
    expect(plan().spec.twin).toMatchObject({ testbedName: 'Lab', nodeNames: ['a', 'b'], load: 1.2 });
  });

  it('scales what it sees to the testbed unless told otherwise', () => {
    expect(plan().settings.observationScale.workGigacycles).toBeCloseTo(22.8, 9);
    expect(plan({ settings: { rewardScale: 3 } }).settings.rewardScale).toBe(3);
  });

  it('takes no change of what the testbed says', () => {
    expect(() => plan({ changes: { baseStations: 3 } })).toThrow('changes.baseStations');
  });

  it('of PRICE-TS cannot schedule runs, which have no slots', () => {
    const learning = { method: 'price-ts' as const, prices: new Float32Array(120), episodes: 1 };
    const describe = () => describeSchedulingPolicies(plan({ method: 'price-ts' }), { curve: [], learning });
    expect(describe).toThrow('PRICE-TS has prices for the slots of an episode, which a run does not have');
  });
});
