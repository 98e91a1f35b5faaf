// By how much the backlog of an edge server (ES) may exceed what a station believes of it, and whom the station asks when it was too much. Every
// refusal costs calls, so it has to be worth them. Pure.

/** An ES accepts when its backlog exceeds the belief by at most this fraction of the task's own compute time. */
const SLACK_FRACTION = 0.02;
/**
 * As long as this station has more tasks to place, what an ES has too much can still be evened out by them: then it accepts in spite of a
 * belief that is out of date by so many tasks for each that is left and each ES...
 */
const EVENED_OUT_BY_EACH = 0.5;
/** ...but never by more than this fraction of its backlog, so that a short queue is never joined in error. */
const SLACK_OF_BACKLOG = 0.1;
/** After so many refusals a task goes where it was decided, whatever the backlog there; bounds the work per task. */
export const MAX_REFUSALS = 20;
/** How many ESs a station asks for their state after a refusal. */
const MAX_ASKED = 4;

export interface OfferBelief {
  /** Model time of the task on each ES, ms; 0 where nothing is known of one. */
  computeMs: readonly number[];
  /** The ES that it is offered to, by index. */
  server: number;
  /** What the ES is believed to have left to do, model ms; negative where the offer is forced. */
  expectedMs: number;
  /** Tasks that this station has to place after this one. */
  leftTasks: number;
}

/** Model ms. */
export function offerSlackMs({ computeMs, server, expectedMs, leftTasks }: OfferBelief): number {
  const ownMs = computeMs[server] ?? 0;
  const canBeEvenedOutMs = ((EVENED_OUT_BY_EACH * leftTasks) / computeMs.length) * ownMs;
  return Math.max(SLACK_FRACTION * ownMs, Math.min(canBeEvenedOutMs, SLACK_OF_BACKLOG * Math.max(0, expectedMs)));
}

/**
 * Where one belief was out of date, the others are likely to be: the ESs that a station asks before it decides again, by index. Backlogs only grow
 * while others place, so those come first at which the task would be done first by what is believed. `endsMs` says when, for each ES; not finite
 * where there is nothing to ask.
 */
export function worthAsking(endsMs: readonly number[]): number[] {
  return endsMs
    .map((endMs, server) => ({ endMs, server }))
    .filter(({ endMs }) => Number.isFinite(endMs))
    .sort((a, b) => a.endMs - b.endMs || a.server - b.server)
    .slice(0, MAX_ASKED)
    .map(({ server }) => server);
}
