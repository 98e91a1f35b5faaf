// Learning on the job: what a testbed's learned policy learns from its own runs, and what became of each attempt.
import type { MeanInterval } from './mean-interval.js';

/** How a new version did beside the one before it. */
export interface VersionComparison {
  /** Mean delay of the new version over that of the one before, less 1: paired over episodes of bursts and streams that no training reaches; null where the new version failed. */
  loss: MeanInterval | null;
  episodes: number;
  /** Decisions of runs that both decided, offline. */
  decisions: number;
  /** Real ms a decision of the new version, of the slowest hundredth. */
  decisionMs: number;
  /** In the tasks' mean times, as the runs let it be reckoned; null where the new version failed, or there was none. */
  regretBefore: number | null;
  regretAfter: number | null;
  /** Of the new version less that of the one before, paired over the decisions. */
  regretDifference: MeanInterval | null;
  /** What the new version failed with; null where it decided all. */
  failure: string | null;
}

/** `ended`: before there was a verdict. */
export const ATTEMPT_STATES = ['learning', 'deployed', 'not-deployed', 'ended'] as const;

export interface LearningAttempt {
  /** That of the training that it is. */
  trainingId: string;
  testbedId: string;
  /** The training that it continued. */
  fromTrainingId: string;
  /** The newest run that it learned from, where a series that measures learning made it; null of others, and where that run is gone. */
  afterRunId: string | null;
  startedAtMs: number;
  state: (typeof ATTEMPT_STATES)[number];
  /** Decisions of runs that it learned from. */
  decisions: number;
  runs: number;
  /** Null before it was compared. */
  comparison: VersionComparison | null;
  /** Why it is not deployed, each with its number; empty where it is. */
  reasons: string[];
}

export interface OnTheJobStatus {
  testbedId: string;
  isOn: boolean;
  /** On record, to learn from. */
  decisions: number;
  runs: number;
  /** The training whose policy decides, and that the next attempt continues; null where there is none to continue. */
  trainingId: string | null;
  /** Why nothing is kept or learned now though it is switched on; null where nothing is in the way. */
  obstacle: string | null;
  /** The newest first. */
  attempts: LearningAttempt[];
}

/** Relative: a new version may lose less than this at the upper end of the interval. */
export const MAX_LOSS = 0.005;
/** Real ms, as on nodes before use. */
export const MAX_DECISION_MS = 50;

/** Why the new version is not to be deployed, each reason with its number; empty where it is not worse. */
export function reasonsAgainst({ loss, failure, decisionMs, regretDifference }: VersionComparison): string[] {
  if (failure !== null) return [`It failed on a decision: ${failure}`];
  const reasons: string[] = [];
  const upperLoss = upperEnd(loss);
  if (!(upperLoss < MAX_LOSS)) {
    reasons.push(
      `On held-back work its mean delay may be ${percent(upperLoss)} longer (upper end of the interval; below ${percent(MAX_LOSS)} is not worse).`,
    );
  }
  if (decisionMs > MAX_DECISION_MS) reasons.push(`It takes ${decisionMs.toFixed(1)} ms a decision; at most ${MAX_DECISION_MS} are taken.`);
  const upperRegret = upperEnd(regretDifference);
  if (!(upperRegret < MAX_LOSS)) {
    reasons.push(
      `On the decisions of the runs it may lose ${percent(upperRegret)} of a task’s mean time more (upper end of the interval; below ${percent(MAX_LOSS)} is not worse).`,
    );
  }
  return reasons;
}

/** NaN, which is below nothing, where there is none. */
function upperEnd(interval: MeanInterval | null): number {
  return interval?.halfWidth95 == null ? NaN : interval.mean + interval.halfWidth95;
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(2)} %` : 'an unknown share';
}

/** `deployed`, with its figures; the reasons otherwise. */
export function describeAttempt({ state, comparison, reasons }: Pick<LearningAttempt, 'state' | 'comparison' | 'reasons'>): string {
  if (state === 'learning') return 'It learns, and is compared then.';
  if (state !== 'deployed' || comparison === null) return reasons.join(' ');
  const { loss, regretDifference, decisions } = comparison;
  return `Not worse: mean delay on held-back work ${signed(loss)}, regret on ${decisions} decisions of runs ${signed(regretDifference)}.`;
}

function signed(interval: MeanInterval | null): string {
  if (interval === null) return 'unknown';
  const { mean, halfWidth95 } = interval;
  return `${mean < 0 ? '-' : '+'}${percent(Math.abs(mean))} ± ${percent(halfWidth95 ?? NaN)}`;
}
