// What the timeline of a run is drawn of. Instants and durations are model ms after the run's start.
import type { TaskDelays, TaskRecord } from './run.js';

/** An accepted task: where it was computed, when, and what its service delay is made of. */
export interface TaskBar extends Pick<TaskRecord, 'ordinal' | 'qualitySteps' | 'baseStationId' | 'arrivalMs' | 'attempts'> {
  edgeServerId: string;
  computeStartMs: number;
  computeEndMs: number;
  acceptedMs: number;
  delays: TaskDelays;
}

/** A sending that came to nothing. */
export interface FailedSending {
  ordinal: number;
  baseStationId: string;
  /** Null where it failed before an edge server had it. */
  edgeServerId: string | null;
  sentMs: number;
  endedMs: number;
  message: string;
}

/** The bar that a client has last, in the order that bars come in. */
export interface BarCursor {
  acceptedMs: number;
  ordinal: number;
}

export interface RunBars {
  /** In the order of acceptance, those after the cursor; at most `MAX_BARS_PER_PAGE`. */
  bars: TaskBar[];
  /** Whether more follow at once. */
  hasMore: boolean;
  /** All of the run, the newest `MAX_FAILED_SENDINGS`. */
  failedSendings: FailedSending[];
}

/** Some 300 kB as JSON. */
export const MAX_BARS_PER_PAGE = 2000;
export const MAX_FAILED_SENDINGS = 500;
