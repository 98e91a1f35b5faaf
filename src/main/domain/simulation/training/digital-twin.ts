// The simulator's digital twin of a testbed: its nodes' measured speeds instead of drawn ones, and images as long as they take there. A policy that
// is trained in it can schedule runs on that testbed. There are two: the testbed as it is, with live queues, and a copy in slots.
//
// Units of the copy in slots: one Gigacycle is one second of the testbed's first node, so its capacity is 1 Gigacycle/s. Load and queues are then the testbed's
// own; only sizes on the wire, which are nothing beside seconds of computation, stay out.
import type { EnvironmentConfig } from '../../../../scheduling/environment/environment-config.js';
import { PRESETS } from '../../../../scheduling/environment/presets.js';
import { TESTBED_DEFAULTS, type TestbedConfig } from '../../../../scheduling/testbed/testbed-config.js';
import type { TrainingSettings } from '../../../../scheduling/learning/training-settings.js';
import { AppError } from '../../../../shared/errors.js';
import { computeSec, type TimeModel } from '../../../../shared/testbed.js';
import type { TwinInput } from '../../../../shared/api/training-inputs.js';
import type { TrainingTwin } from '../../../../shared/training.js';

/** What the twin must know of a node. */
export interface TwinNode {
  name: string;
  timeModel: TimeModel;
  speedFactor: number;
}

export interface DigitalTwin {
  environment: EnvironmentConfig | TestbedConfig;
  twin: TrainingTwin;
  /** Scales of state and reward that suit its units. */
  settings: Partial<TrainingSettings>;
}

/**
 * N_{b,t} is drawn from 1 to 49, as many as in the paper, and the slot is as long as their work takes. With fewer tasks a slot, what a BS
 * cannot see of the others' decisions weighs more: with 1 to 9, LAD-TS ended 1.3 to 1.6 times as slow as Opt-TS instead of 1.02 times.
 */
const MAX_TASKS_PER_SLOT = 49;
const MEAN_TASKS_PER_SLOT = (1 + MAX_TASKS_PER_SLOT) / 2;
const SLOTS = 60;
const DEFAULT_SLOT_LOAD = 1.2;
const MIN_WORK = 1e-9;
/** A prompt, Mbit: as good as nothing. */
const PROMPT_MBIT = 0.001;
/** Mean delay in the paper's environment, to which rewards are scaled: learning rates are made for it. */
const USUAL_DELAY_SEC = 8;

/** Throws `invalid-input` where the testbed has no nodes, or fewer than two. */
export function makeDigitalTwin(testbed: { id: string; name: string }, nodes: readonly TwinNode[], input: TwinInput): DigitalTwin {
  return input.environment === 'testbed' ? makeLiveTwin(testbed, nodes, input) : makeSlotTwin(testbed, nodes, input);
}

/** @throws AppError invalid-input, as makeDigitalTwin */
export function makeSlotTwin(
  testbed: { id: string; name: string },
  nodes: readonly TwinNode[],
  input: TwinInput,
): DigitalTwin & { environment: EnvironmentConfig } {
  const first = checkNodes(testbed, nodes);
  const { qualitySteps, load = DEFAULT_SLOT_LOAD } = input;
  const meanSteps = (qualitySteps.min + qualitySteps.max) / 2;
  const workOf = (steps: number): number => computeSec(first.timeModel, steps, first.speedFactor);
  const capacities = nodes.map((node) => workOf(meanSteps) / computeSec(node.timeModel, meanSteps, node.speedFactor));
  const totalCapacity = capacities.reduce((sum, rate) => sum + rate, 0);
  const slotSec = (nodes.length * MEAN_TASKS_PER_SLOT * workOf(meanSteps)) / (totalCapacity * load);
  // A step may take no time on a virtual node; the simulator's tasks must have some work.
  const perStep = Math.max(first.timeModel.secPerStep / first.speedFactor, MIN_WORK);
  // What piles up on an ES by the end of an episode, or half a slot's work where nothing does.
  const usualBacklog = (totalCapacity / nodes.length) * slotSec * Math.max((load - 1) * SLOTS, 1) * 0.5;
  return {
    environment: {
      ...PRESETS.paper,
      baseStations: nodes.length,
      slots: SLOTS,
      slotSec,
      tasksPerSlot: { min: 1, max: MAX_TASKS_PER_SLOT },
      sizeMbit: { min: PROMPT_MBIT, max: PROMPT_MBIT },
      qualitySteps,
      densityGigacyclesPerStep: { min: perStep, max: perStep },
      fixedWorkGigacycles: first.timeModel.fixedSec / first.speedFactor,
      knownCapacities: capacities,
      homeUpload: 'free',
    },
    twin: {
      testbedId: testbed.id,
      testbedName: testbed.name,
      environment: 'slots',
      qualitySteps,
      load,
      nodeNames: nodes.map(({ name }) => name),
      work: { fixedGigacycles: first.timeModel.fixedSec / first.speedFactor, gigacyclesPerStep: perStep },
      meanQualitySteps: meanSteps,
    },
    settings: {
      observationScale: { sizeMbit: PROMPT_MBIT, workGigacycles: workOf(qualitySteps.max), backlogGigacycles: usualBacklog },
      rewardScale: USUAL_DELAY_SEC / (usualBacklog / (totalCapacity / nodes.length) + workOf(meanSteps)),
    },
  };
}

/** The first of them. */
function checkNodes(testbed: { name: string }, nodes: readonly TwinNode[]): TwinNode {
  const [first] = nodes;
  if (first && nodes.length >= 2) return first;
  throw new AppError(
    'invalid-input',
    `Testbed “${testbed.name}” has ${nodes.length === 1 ? 'one node' : 'no nodes'}: there is nothing to decide.`,
    'Choose a testbed with at least two nodes.',
  );
}

/** A node that is slower than its record says, or faster: what `speeds` names, in numbers. */
export const TRUE_SPEEDS: Record<NonNullable<TwinInput['speeds']>, TestbedConfig['speeds']> = {
  'as-recorded': { kind: 'as-recorded' },
  misrecorded: { kind: 'misrecorded', factor: { min: 0.45, max: 1.25 } },
  drifting: { kind: 'drifting', factor: { min: 0.4, max: 1 }, everySec: 500 },
  throttling: { kind: 'throttling', factor: 0.6, warmingSec: 300 },
};

/** The testbed as it is: see src/scheduling/testbed. */
function makeLiveTwin(testbed: { id: string; name: string }, nodes: readonly TwinNode[], input: TwinInput): DigitalTwin {
  checkNodes(testbed, nodes);
  const { qualitySteps } = input;
  const { arrivals = TESTBED_DEFAULTS.arrivals, view = TESTBED_DEFAULTS.view, load = TESTBED_DEFAULTS.streamLoad } = input;
  const speeds = input.speeds ?? 'as-recorded';
  const environment: TestbedConfig = {
    ...TESTBED_DEFAULTS,
    nodes: nodes.map(({ timeModel, speedFactor }) => ({
      fixedSec: timeModel.fixedSec / speedFactor,
      secPerStep: timeModel.secPerStep / speedFactor,
    })),
    qualitySteps,
    arrivals,
    view,
    streamLoad: load,
    speeds: TRUE_SPEEDS[speeds],
  };
  const meanSteps = (qualitySteps.min + qualitySteps.max) / 2;
  const [first] = environment.nodes;
  const meanSec = environment.nodes.reduce((sum, node) => sum + node.fixedSec + meanSteps * node.secPerStep, 0) / nodes.length;
  const meanTasks = (TESTBED_DEFAULTS.tasksPerStation.min + TESTBED_DEFAULTS.tasksPerStation.max) / 2;
  return {
    environment,
    twin: {
      testbedId: testbed.id,
      testbedName: testbed.name,
      environment: 'testbed',
      ...{ arrivals, view, speeds, qualitySteps, load },
      nodeNames: nodes.map(({ name }) => name),
      work: { fixedGigacycles: first!.fixedSec, gigacyclesPerStep: first!.secPerStep },
      meanQualitySteps: meanSteps,
    },
    // Only for the state of backlogs: half of what a mean burst puts there.
    settings: {
      observationScale: {
        sizeMbit: PROMPT_MBIT,
        workGigacycles: Math.max(first!.fixedSec + qualitySteps.max * first!.secPerStep, MIN_WORK),
        backlogGigacycles: Math.max((meanTasks * meanSec) / 2, MIN_WORK),
      },
    },
  };
}
