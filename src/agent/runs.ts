// What the agent knows of each run: its scheduler, its nodes in order, and where its time axis starts on this agent's clock.
import type { SchedulingPolicy } from '../scheduling/policies/policy.js';
import { createSchedulingPolicy } from '../scheduling/policies/schedule-by-heuristic.js';
import { createRandom, type RandomSource } from '../random/random.js';
import type { SchedulerName } from '../shared/run.js';
import type { SchedulingSettings } from '../shared/scheduling-settings.js';
import type { PolicyVersions } from './policies/policy-versions.js';
import type { ScaledClock } from './scaled-clock.js';

/** Real milliseconds of standing still that make no axis of their own: rounding, and pauses that are over before nodes hear of them. */
const SAME_AXIS_REAL_MS = 1_000;
/** Runs beyond this are forgotten, the oldest first. */
const MAX_RUNS = 32;

const NO_LIMITS: ReadonlyMap<string, number> = new Map();

export interface RunSettings {
  runId: string;
  scheduler: SchedulerName;
  /** With the scheduler `learned`: what `parseLearnedPolicy` reads. */
  learnedPolicy: string;
  /** Node ids in ordinal order, this one included. */
  nodeIds: string[];
  /** Of nodes that hold so many tasks at a time at the most; others take what comes. */
  heldLimits?: ReadonlyMap<string, number>;
  /** Model ms since the run started; negative when it starts in so long, 0 when that is not known yet. */
  elapsedMs: number;
  schedulerSeed: number;
  /** Orders, speeds and k. */
  scheduling: SchedulingSettings;
  /** Real ms that the run has stood still so far. */
  stoodStillMs: number;
  /** Whether decisions are kept as this base station saw them. */
  keepsExperience: boolean;
}

export interface RunContext {
  readonly runId: string;
  readonly policy: SchedulingPolicy;
  readonly random: RandomSource;
  readonly scheduling: SchedulingSettings;
  readonly nodeIds: readonly string[];
  readonly heldLimits: ReadonlyMap<string, number>;
  readonly keepsExperience: boolean;
  /** The run's start on the agent's clock, model ms. */
  readonly startMs: number;
  /** False until the control center has said when the run starts. */
  readonly isStartKnown: boolean;
  /** Which axis that start is of; see `RunSettings`. */
  readonly stoodStillMs: number;
}

export class Runs {
  readonly #clock: ScaledClock;
  readonly #policies: Pick<PolicyVersions, 'deploy'>;
  readonly #contexts = new Map<string, RunContext & { settingsKey: string }>();

  constructor(clock: ScaledClock, policies: Pick<PolicyVersions, 'deploy'>) {
    this.#clock = clock;
    this.#policies = policies;
  }

  /** Starts or rejoins a run; a rejoin with the same settings keeps the scheduler's state. Throws RangeError for a policy it can't use. */
  configure(settings: RunSettings): void {
    const {
      runId,
      scheduler,
      learnedPolicy,
      nodeIds,
      heldLimits = NO_LIMITS,
      schedulerSeed,
      scheduling,
      stoodStillMs,
      keepsExperience,
    } = settings;
    const settingsKey = JSON.stringify([scheduler, learnedPolicy, nodeIds, schedulerSeed, scheduling]);
    const known = this.#contexts.get(runId);
    const statedStartMs = this.#clock.nowMs() - settings.elapsedMs;
    const isSameAxis =
      known?.isStartKnown && settings.elapsedMs > 0 && Math.abs(settings.stoodStillMs - known.stoodStillMs) <= SAME_AXIS_REAL_MS;
    // Each Configure was on its way for a while, so that the start was earlier than it states. The earliest comes nearest, and no computation
    // is ever placed before the end of the one before it.
    const startMs = isSameAxis ? Math.min(known.startMs, statedStartMs) : statedStartMs;
    const decider =
      known?.settingsKey === settingsKey
        ? { policy: known.policy, random: known.random }
        : { policy: this.#policyOf(settings), random: createRandom(schedulerSeed) };
    this.#contexts.delete(runId);
    // A run that stood still is reported with 0 again, and its axis is another one when its clock continues.
    const isStartKnown = settings.elapsedMs !== 0;
    const context = { runId, nodeIds, heldLimits, scheduling, keepsExperience, startMs, isStartKnown, stoodStillMs, settingsKey };
    this.#contexts.set(runId, { ...context, ...decider });
    const [oldest] = this.#contexts.keys();
    if (this.#contexts.size > MAX_RUNS && oldest !== undefined) this.#contexts.delete(oldest);
  }

  /** True for the run that was configured last: it continues, as far as this agent knows. */
  isLatest(runId: string): boolean {
    return this.latestId() === runId;
  }

  latestId(): string | undefined {
    return [...this.#contexts.keys()].at(-1);
  }

  /** Nothing is asked for by a run that is not known here. */
  settingsOf(runId: string): SchedulingSettings {
    return this.#contexts.get(runId)?.scheduling ?? {};
  }

  /** Of a node in a run; undefined where it takes what comes. */
  heldLimitOf(runId: string, nodeId: string): number | undefined {
    return this.#contexts.get(runId)?.heldLimits.get(nodeId);
  }

  get(runId: string): RunContext | undefined {
    return this.#contexts.get(runId);
  }

  #policyOf({ runId, scheduler, learnedPolicy, nodeIds, scheduling }: RunSettings): SchedulingPolicy {
    if (scheduler !== 'learned') return createSchedulingPolicy(scheduler, scheduling);
    return this.#policies.deploy(runId, learnedPolicy, nodeIds.length);
  }
}
