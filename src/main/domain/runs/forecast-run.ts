// How long a run will still take as people are shown it: a range where what is known does not agree, and why the end comes later than was
// expected at first. Pure but for what it remembers of each run.
import type { RemainingRange } from '../../../shared/run-progress.js';
import { estimateRemainingSec, type RemainingInput } from './estimate-remaining.js';

export interface ForecastNode {
  name: string;
  isConnected: boolean;
  /** Expected model seconds of the work that it has accepted. */
  backlogSec: number;
  /** Median of what its images took over what its record says; null where too few were made. */
  slowness: number | null;
}

export interface ForecastInput extends RemainingInput {
  nodes: readonly ForecastNode[];
  /** Tasks that no node has accepted yet. */
  pendingCount: number;
  resentCount: number;
  /** Share of control in the mean service delay so far, 0..1; null where it is not known. */
  controlShare: number | null;
  timeScale: number;
}

export interface Forecast {
  remaining: RemainingRange | null;
  delayCause: string | null;
}

/** Results, or real seconds, before which a forecast is not shown. */
const MIN_RESULTS = 20;
const MIN_REAL_SEC = 30;
/** A spread below this share is no range: both ends are the middle. */
const MIN_SPREAD = 0.1;
/** Of the whole time; by more than this an end comes late enough to be explained. */
const LATE_SHARE = 0.2;
/** An image that takes so many times as long as its record says is the cause of a late end. */
const SLOW_NODE = 1.15;
const HIGH_CONTROL_SHARE = 0.05;
/** A backlog of so many times the mean of the nodes is a queue that the end waits for. */
const LONG_QUEUE = 1.3;

/** Null until it may be shown, or while no one knows. */
export function forecastRange(input: ForecastInput): RemainingRange | null {
  const { doneCount, elapsedSec, timeScale, openWorkSec, speedSum, nodes, pendingCount, lastArrivalSec } = input;
  if (doneCount < MIN_RESULTS && elapsedSec / timeScale < MIN_REAL_SEC) return null;
  const measuredSec = estimateRemainingSec(input);
  if (measuredSec === null) return null;
  const bySpeedSec = Math.max(lastArrivalSec - elapsedSec, speedSum > 0 ? openWorkSec / speedSum : measuredSec);
  // Whatever the others do, the node with the longest queue works it off alone.
  const longestQueueSec = Math.max(0, ...nodes.map((node) => node.backlogSec * (node.slowness ?? 1)));
  const isAllPlaced = pendingCount === 0 && elapsedSec >= lastArrivalSec;
  const lowSec = Math.max(Math.min(measuredSec, bySpeedSec), isAllPlaced ? longestQueueSec : 0);
  const highSec = Math.max(measuredSec, bySpeedSec, longestQueueSec, lowSec);
  const middleSec = (lowSec + highSec) / 2;
  return highSec - lowSec <= MIN_SPREAD * middleSec
    ? { lowMs: middleSec * 1000, highMs: middleSec * 1000 }
    : { lowMs: lowSec * 1000, highMs: highSec * 1000 };
}

/** The most telling reason for a late end: nodes that are lost, then slow ones, a long queue, what the programs add, what was re-sent. */
export function explainLateEnd({ nodes, controlShare, resentCount, pendingCount }: ForecastInput): string {
  const lost = nodes.filter((node) => !node.isConnected).map(({ name }) => name);
  if (lost.length > 0) return `${listNames(lost)} ${lost.length === 1 ? 'does' : 'do'} not answer`;
  const [slowest, ...rest] = nodes
    .filter(({ slowness }) => (slowness ?? 1) > SLOW_NODE)
    .sort((a, b) => (b.slowness ?? 1) - (a.slowness ?? 1));
  if (slowest) {
    const factor = `${(slowest.slowness ?? 1).toFixed(1)} times as long`;
    if (rest.length === 0) return `${slowest.name} is slower than calibrated: its images take ${factor}`;
    return `${rest.length + 1} nodes are slower than calibrated, ${slowest.name} most: its images take ${factor}`;
  }
  if (controlShare !== null && controlShare > HIGH_CONTROL_SHARE) {
    return `control takes ${(controlShare * 100).toFixed(1)} % of the mean service delay`;
  }
  const [longest] = [...nodes].sort((a, b) => b.backlogSec - a.backlogSec);
  const meanSec = nodes.reduce((sum, node) => sum + node.backlogSec, 0) / Math.max(nodes.length, 1);
  if (pendingCount === 0 && longest && longest.backlogSec > LONG_QUEUE * meanSec)
    return `${longest.name} has the longest queue, and works it off alone`;
  if (resentCount > 0) return resentCount === 1 ? '1 task was re-sent' : `${resentCount} tasks were re-sent`;
  return 'images take longer than was expected of the nodes';
}

/** Forecasts of runs that execute; remembers when each was first expected to end. */
export class RunForecasts {
  readonly #firstEndSec = new Map<string, number>();

  of(runId: string, input: ForecastInput): Forecast {
    const remaining = forecastRange(input);
    if (remaining === null) return { remaining, delayCause: null };
    const endSec = input.elapsedSec + (remaining.lowMs + remaining.highMs) / 2000;
    const firstEndSec = this.#firstEndSec.get(runId) ?? endSec;
    this.#firstEndSec.set(runId, firstEndSec);
    return { remaining, delayCause: endSec > (1 + LATE_SHARE) * firstEndSec ? explainLateEnd(input) : null };
  }

  forget(runId: string): void {
    this.#firstEndSec.delete(runId);
  }
}

function listNames(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
