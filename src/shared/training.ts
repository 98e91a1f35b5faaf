// Training of a learned scheduling policy in the simulator: what is asked for, what came of it, episode by episode.
import type { AppErrorShape } from './errors.js';
import type { JobState } from './job.js';

/** Those of the paper, and `price-ts`, ours, which learns no network. */
export const TRAINING_METHODS = ['lad-ts', 'd2sac-ts', 'sac-ts', 'dqn-ts', 'price-ts'] as const;
export type TrainingMethod = (typeof TRAINING_METHODS)[number];

export const TRAINING_PRESETS = ['paper', 'reference'] as const;
export type TrainingPreset = (typeof TRAINING_PRESETS)[number];

/** What may be changed about a preset: the axes of the paper's Figs. 6 and 7, and the length of an episode. */
export interface TrainingChanges {
  baseStations?: number | undefined;
  slots?: number | undefined;
  maxTasksPerSlot?: number | undefined;
  maxCapacityGigacyclesPerSec?: number | undefined;
  maxQualitySteps?: number | undefined;
}

/** How a testbed is simulated: as it is, with live queues, or in slots as in the paper's environments. */
export const TWIN_ENVIRONMENTS = ['testbed', 'slots'] as const;
export type TwinEnvironment = (typeof TWIN_ENVIRONMENTS)[number];

/** In the environment `testbed`: how tasks come, what base stations know of the queues, and how fast nodes are next to the record. */
export const TWIN_ARRIVALS = ['bursts', 'streams', 'mixed'] as const;
export const TWIN_VIEWS = ['live', 'offers', 'blind'] as const;
export const TWIN_SPEEDS = ['as-recorded', 'misrecorded', 'drifting', 'throttling'] as const;

/** The testbed that the environment is a copy of, as it stood when the training was started. */
export interface TrainingTwin {
  testbedId: string;
  testbedName: string;
  /** Absent in trainings from before there was another than `slots`. */
  environment?: TwinEnvironment | undefined;
  /** The next three in the environment `testbed` only. */
  arrivals?: (typeof TWIN_ARRIVALS)[number] | undefined;
  view?: (typeof TWIN_VIEWS)[number] | undefined;
  speeds?: (typeof TWIN_SPEEDS)[number] | undefined;
  /** z, inclusive. */
  qualitySteps: { min: number; max: number };
  /** Offered work over capacity, in the environment `testbed` of its streams; above 1 queues grow. The paper's environment has 1.24. */
  load: number;
  /** In ordinal order: the agents' and the edge servers' names. */
  nodeNames: string[];
  /** Work of an image, fixed + steps x per step; one Gigacycle is one second of the first node. */
  work: { fixedGigacycles: number; gigacyclesPerStep: number };
  /** The steps of the image by which the nodes' capacities are told. */
  meanQualitySteps: number;
}

export interface LearnedFrom {
  trainingId: string;
  /** Runs, and how many of their decisions. */
  runIds: string[];
  decisions: number;
}

/** Everything that a training is made of, frozen when it is started: the same specification gives the same curve. */
export interface TrainingSpec {
  method: TrainingMethod;
  preset: TrainingPreset;
  /** What differs from the preset. */
  changes: TrainingChanges;
  episodes: number;
  seed: number;
  /** A checkpoint is written after every so many episodes, and at the end. */
  checkpointEvery: number;
  /** Present where the environment is the digital twin of a testbed; it then stands for the preset. */
  twin?: TrainingTwin | undefined;
  /** Present where it continued another training with what runs had shown (learning on the job). */
  learnedFrom?: LearnedFrom | undefined;
  /** All of how it learns, by name: the method's own values (Table IV) and what was asked for instead. */
  settings: Readonly<Record<string, number | string | Readonly<Record<string, number>>>>;
}

/** Whether runs can be scheduled by what a method learns: PRICE-TS has prices for the slots of an episode, which a run does not have. */
export function schedulesRuns(method: TrainingMethod): boolean {
  return method !== 'price-ts';
}

/** A point of the learning curve. */
export interface EpisodeMetrics {
  /** From 1 on. */
  episode: number;
  /** Mean service delay of the episode's tasks (paper Eq. 2). */
  meanDelaySec: number;
  /** The same of Opt-TS on the same arrivals. */
  optTsDelaySec: number;
  ratioToOptTs: number;
  /** Means over agents and updates; null in an episode without updates, or for a method that has no such number. */
  criticLoss: number | null;
  actorLoss: number | null;
  /** Of the action probabilities, nats. */
  entropy: number | null;
  /** alpha. */
  temperature: number | null;
  /** Expected value of the policy's action. */
  meanQ: number | null;
  /** CPU time of the training process for the episode, that of Opt-TS left out. Not repeatable, unlike the rest. */
  cpuMs: number;
}

export interface Training {
  id: string;
  spec: TrainingSpec;
  /** The whole configuration of the environment, as frozen when the training was started. */
  environment: Readonly<Record<string, unknown>>;
  /** `stopping`: the episode under way is finished and kept. */
  state: JobState;
  programVersion: string;
  /** Where its record came from; null of one that was made here. */
  imported: import('./record.js').ImportedFrom | null;
  /** Whether it was learned on the job and is not deployed: then it schedules only runs that name it. */
  isHeldBack: boolean;
  doneEpisodes: number;
  /** Episodes that the checkpoint holds: what a resumed training continues from. */
  checkpointEpisodes: number;
  /** The newest point of the curve. */
  last: EpisodeMetrics | null;
  /** See CONVERGENCE_RULE; null before it can be said, or when the curve has not settled. */
  convergenceEpisode: number | null;
  /** From the pace of the last episodes; null when it does not run or nothing is known yet. */
  remainingSec: number | null;
  error: AppErrorShape | null;
  createdAtMs: number;
  startedAtMs: number | null;
  finishedAtMs: number | null;
}

/** How much of the work an edge server gets from a policy. */
export interface ServerShare {
  /** From 0 on. */
  server: number;
  capacityGigacyclesPerSec: number;
  /** Of all tasks, 0 to 1. */
  share: number;
  /** Of all Gigacycles, 0 to 1. */
  shareOfWork: number;
}

/** Tasks of a similar size, by their work rho * z: more than `fromGigacycles`, up to `toGigacycles`. */
export interface WorkClass {
  fromGigacycles: number;
  toGigacycles: number;
  /** Tasks; at least one. */
  count: number;
  meanDelaySec: number;
  /** The smallest delay that at least 95 % of the class's tasks do not exceed. */
  p95DelaySec: number;
  /** Of Opt-TS, for the same tasks. */
  optTsMeanDelaySec: number;
}

/** What a policy does on arrivals that it never learned from, measured beside Opt-TS on the same arrivals. */
export interface PolicyDetail {
  /** Episodes that the checkpoint had learned from. */
  checkpointEpisodes: number;
  /** Unseen episodes measured. */
  episodes: number;
  meanDelaySec: number;
  /** Mean over the episodes; of an episode the smallest delay that at least 95 % of its tasks do not exceed. */
  p95DelaySec: number;
  optTsMeanDelaySec: number;
  optTsP95DelaySec: number;
  /** Of the means. */
  ratioToOptTs: number;
  /** Of the action probabilities, mean over all decisions, nats. */
  entropyNats: number;
  /** In the order of the servers. */
  perServer: ServerShare[];
  /** From the smallest to the largest tasks; classes without a task are left out. */
  byWork: WorkClass[];
}

/** What a learning curve is read against: means over the first episodes of the same training, on the same arrivals. */
export interface TrainingBaselines {
  /** Episodes that the means are of. */
  episodes: number;
  optTsDelaySec: number;
  /** Every server drawn in proportion to its capacity. */
  capacityProportionalDelaySec: number;
  /** A lower bound that no policy can beat. */
  limitDelaySec: number;
}

/** Whether it learned in the testbed's environment. */
export function isOfTestbed({ twin }: Pick<TrainingSpec, 'twin'>): boolean {
  return twin?.environment === 'testbed';
}

/** Whether its network is shared by the servers: such a policy schedules on any testbed, whatever its nodes. */
export function isForAnyTestbed(spec: Pick<TrainingSpec, 'twin' | 'settings'>): boolean {
  return isOfTestbed(spec) && spec.settings['network'] === 'shared';
}

/** Whether a training's policy can schedule runs on the testbed: trained in its digital twin, or for any, with a checkpoint, and not held back. */
export function canScheduleOn({ spec, checkpointEpisodes, isHeldBack }: Training, testbedId: string): boolean {
  // What was learned from one testbed's runs was compared there alone.
  const isMeant = spec.twin?.testbedId === testbedId || (isForAnyTestbed(spec) && spec.learnedFrom === undefined);
  return schedulesRuns(spec.method) && isMeant && checkpointEpisodes > 0 && !isHeldBack;
}
