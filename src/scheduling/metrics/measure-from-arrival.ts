// From what a base station and an edge server say of one lease to what is recorded of the task: delays from its arrival, instants on the
// run's one axis.
//
//   arrival      first sending        last sending     received by its base station
//      |-- control --|------ resend ------|-- what the base station measured --|
//
// Only differences of instants of the SAME clock go into a delay: the sendings are the control center's, the rest is the base station's.
import type { StationDelays, TaskDelays } from '../../shared/run.js';

export interface SendTimes {
  /** Planned arrival. */
  arrivalMs: number;
  /** In their order; the last is the one that succeeded. `wasTakenBack`: by a pause, before a node had started it. */
  sendings: readonly { sentMs: number; wasTakenBack: boolean }[];
}

/** The delays of a task from its arrival. Parts that do not fit into the whole (clocks of two nodes drift by a hair) leave no control. */
export function measureFromArrival(station: StationDelays, { arrivalMs, sendings }: SendTimes): TaskDelays {
  const { uploadMs, computeMs, downloadMs } = station;
  const firstSentMs = sendings[0]?.sentMs ?? arrivalMs;
  const sentMs = sendings.at(-1)?.sentMs ?? firstSentMs;
  // What a pause took back had waited there, and waits on until it is re-sent.
  const takenBackMs = sendings.reduce((sum, sending, index) => {
    const nextMs = sendings[index + 1]?.sentMs ?? sending.sentMs;
    return sending.wasTakenBack ? sum + Math.max(0, nextMs - sending.sentMs) : sum;
  }, 0);
  const waitingMs = station.waitingMs + takenBackMs;
  const heldMs = Math.max(0, firstSentMs - arrivalMs);
  const betweenMs = Math.max(0, sentMs - firstSentMs - takenBackMs);
  const serviceMs = heldMs + betweenMs + takenBackMs + station.serviceMs;
  const restMs = Math.max(0, serviceMs - uploadMs - waitingMs - computeMs - downloadMs);
  // A newer lease may take over a computation that the older one started; that time was not lost.
  const resendMs = Math.min(betweenMs, Math.max(0, restMs - heldMs));
  return { uploadMs, waitingMs, computeMs, downloadMs, resendMs, controlMs: restMs - resendMs, serviceMs };
}

export interface ComputeInterval {
  computeStartMs: number;
  computeEndMs: number;
}

/**
 * Moves a computation, whose instants are a node's, to where the run's clock allows it: not before its task was first sent, not after its
 * result was accepted. A node's axis is off by the way of one message, and drifts; the length of the interval is its measurement and stays.
 */
export function placeOnRunAxis(
  { computeStartMs, computeEndMs }: ComputeInterval,
  { firstSentMs, acceptedMs }: { firstSentMs: number; acceptedMs: number },
): ComputeInterval & { axisShiftMs: number } {
  const axisShiftMs = Math.min(Math.max(0, firstSentMs - computeStartMs), acceptedMs - computeEndMs);
  return { computeStartMs: computeStartMs + axisShiftMs, computeEndMs: computeEndMs + axisShiftMs, axisShiftMs };
}
