// How a method learns, but for the sizes, which are the environment's; checked field by field where it comes from outside.
import { z } from 'zod';
import type { ConfigProblem } from '../environment/environment-config.js';
import type { TrainingMethod } from '../../shared/training.js';
import { PAPER_LEARNING } from './learner.js';
import { DEFAULT_OBSERVATION_SCALE } from './observation.js';

const MAX_HIDDEN_SIZE = 1024;
const MAX_BATCH_SIZE = 4096;
/** The graph holds each step: more would take minutes to open. */
const MAX_DENOISING_STEPS = 50;
/** Rows of all agents, about 400 bytes each at the paper's scale. */
const MAX_REPLAY_CAPACITY = 1_000_000;
/** With more, prices stay near zero for longer than any training. */
const MAX_PRICE_START_WEIGHT = 100_000;

const positive = z.number().positive();
const count = z.int().positive();
const share = z.number().min(0).max(1);

/** Ours, not the paper's; of PRICE-TS only. docs/beyond-the-paper.md has what was tried. */
const PRICE_LEARNING = { externalityWeight: 1, priceStartWeight: 1 };

/** Of the testbed's environment, ours; docs/learned-runs.md has what was tried. */
const TESTBED_REWARD = { regretBound: 4, completionBound: 5 };

const trainingSettingsSchema = z
  .strictObject({
    /** Neurons in each of the two hidden layers of every network. Table IV: 20. */
    hiddenSize: count.max(MAX_HIDDEN_SIZE),
    /** K: transitions of a batch. Table IV: 64. */
    batchSize: count.max(MAX_BATCH_SIZE),
    /** Table IV: 1e-4. */
    actorLearningRate: positive.max(1),
    /** Table IV: 1e-3. */
    criticLearningRate: positive.max(1),
    /** Table IV: 3e-4. */
    temperatureLearningRate: positive.max(1),
    /** gamma. Table IV: 0.95. */
    discount: share,
    /** Weight of the new critics in their targets (Eq. 17). Table IV: 0.005. */
    tau: share,
    /** Entropy that the temperature steers to, nats. Table IV: -1, with which the temperature can only fall; up to ln B is possible. */
    targetEntropy: z.number(),
    /** alpha at the start. Table IV: 0.05. */
    initialTemperature: positive,
    /** I: denoising steps of a diffusion policy. Table IV: 5. */
    denoisingSteps: count.max(MAX_DENOISING_STEPS),
    /** Ends of the noise rates of the diffusion's schedule. The paper's public code: 0.1 and 10. */
    betaMin: positive,
    betaMax: positive,
    /** Numbers in the encoding of a denoising step. The paper's public code: 16. */
    stepEncodingSize: count.min(4).max(1024).multipleOf(2),
    /** Transitions kept for each agent. Table IV: 1000. */
    replayCapacity: count.max(MAX_REPLAY_CAPACITY),
    /** Stored transitions of every agent above which it learns. Algorithm 1 line 15: 300. */
    learningStarts: z.int().nonnegative(),
    /** Updates at the end of a slot. The paper's public code: 1. */
    updatesPerSlot: count,
    /** The reward is the negative delay in seconds times this. Eq. 9: 1. */
    rewardScale: positive,
    /** Share of decisions drawn uniformly while learning: 0, or 0.05 for DQN-TS, whose policy is greedy. */
    explorationRate: share,
    /** Whose last output a chain starts from: the same task's of the same slot (as the public code), or of any slot (as the paper's text). */
    latentIndex: z.enum(['slot-and-task', 'task']),
    // Trainings from before have none of the next two.
    /** What bounds eps in the chain of a diffusion policy: a softmax (as the public code), or nothing (as Fig. 4). */
    epsilonBound: z.enum(['softmax', 'none']).default('softmax'),
    /** Standard deviation of the chain's noise: the root of betatilde (as the public code), or half of betatilde (as Eq. 10 prints it). */
    chainNoise: z.enum(['root', 'half']).default('root'),
    // Trainings from before the testbed's environment have none of the next six.
    /** What a chain starts from: the latents stored for its task (Algorithm 1), or every server alike, 1 / B, with nothing stored. */
    chainStart: z.enum(['latents', 'even']).default('latents'),
    /** A network for each BS with an output for each ES (as the paper), or one for all BSs that scores an ES by its features. */
    network: z.enum(['per-station', 'shared']).default('per-station'),
    /** What a decision sees of the servers: their backlogs (Eq. 6), or by how much each would be done later than the first. */
    state: z.enum(['backlogs', 'completions']).default('backlogs'),
    /** What a decision is rewarded with: its delay (Eq. 9), or by how much it is done later than the best server would have been. */
    reward: z.enum(['delay', 'regret']).default('delay'),
    /** Bound of a regret, in the task's mean times over the servers. Unbounded ones never let the critics recover from a bad start. */
    regretBound: positive.default(TESTBED_REWARD.regretBound),
    /** Bound of a completion in the state, in the same unit: what is later is hopeless all the same. */
    completionBound: positive.default(TESTBED_REWARD.completionBound),
    /** What the parts of a state are divided by, so that they are of order one; see observation.ts. */
    observationScale: z.strictObject({ sizeMbit: positive, workGigacycles: positive, backlogGigacycles: positive }),
    // Trainings from before PRICE-TS have neither of the next two.
    /** PRICE-TS: what the waiting of others counts against a task's own delay, 0 (greedy) to 1: trades the mean against the tail. */
    externalityWeight: share.default(PRICE_LEARNING.externalityWeight),
    /** PRICE-TS: a price is a mean over the episodes so far, in which its start at zero counts as so many. */
    priceStartWeight: count.max(MAX_PRICE_START_WEIGHT).default(PRICE_LEARNING.priceStartWeight),
  })
  .superRefine((settings, context) => {
    const refuse = (path: PropertyKey[], message: string): void => context.addIssue({ code: 'custom', path, message });
    const { learningStarts, replayCapacity, betaMin, betaMax } = settings;
    if (learningStarts >= replayCapacity) {
      refuse(['learningStarts'], `Must be below replayCapacity (${replayCapacity}): learning would never start.`);
    }
    if (betaMin > betaMax) refuse(['betaMin'], `The range is reversed: ${betaMin} is above betaMax (${betaMax}).`);
  });

export type TrainingSettings = Readonly<z.output<typeof trainingSettingsSchema>>;

/** Table IV and the paper's public code; for PRICE-TS our own. */
export function paperTrainingSettings(method: TrainingMethod): TrainingSettings {
  return {
    ...PAPER_LEARNING,
    replayCapacity: 1000,
    learningStarts: 300,
    updatesPerSlot: 1,
    rewardScale: 1,
    explorationRate: method === 'dqn-ts' ? 0.05 : 0,
    latentIndex: 'slot-and-task',
    state: 'backlogs',
    reward: 'delay',
    ...TESTBED_REWARD,
    observationScale: DEFAULT_OBSERVATION_SCALE,
    ...PRICE_LEARNING,
  };
}

/**
 * For the testbed's environment: Table IV but for what a decision sees and is rewarded with, where its chain starts, how often it learns, and
 * one network for all. docs/learned-runs.md has what each is worth. DQN-TS keeps a network for each BS.
 */
export function testbedTrainingSettings(method: TrainingMethod): TrainingSettings {
  return {
    ...paperTrainingSettings(method),
    network: method === 'dqn-ts' ? 'per-station' : 'shared',
    chainStart: 'even',
    latentIndex: 'task',
    state: 'completions',
    reward: 'regret',
    rewardScale: 4,
    discount: 0,
    updatesPerSlot: 10,
  };
}

/** Settings by the names of today, from what may have been written when tau was called softUpdateWeight. */
export function withCurrentNames<T>(settings: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  const { softUpdateWeight: tau, ...rest } = settings;
  return tau === undefined || rest['tau'] !== undefined ? settings : { ...rest, tau };
}

/** Checks settings from outside, field by field; takes the names of earlier versions. */
export function parseTrainingSettings(
  input: Readonly<Record<string, unknown>>,
): { settings: TrainingSettings; problems: [] } | { settings: null; problems: ConfigProblem[] } {
  const parsed = trainingSettingsSchema.safeParse(withCurrentNames(input));
  if (parsed.success) return { settings: parsed.data, problems: [] };
  const problems = parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
  return { settings: null, problems };
}
