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
  /** Model time of the task on that ES, ms. */
  computeMs: number;
  /** What the ES is believed to have left to do, model ms; negative where the offer is forced. */
  expectedMs: number;
  /** Tasks that this station has to place after this one. */
  leftTasks: number;
  edgeServerCount: number;
}

/** Model ms. */
export function offerSlackMs({ computeMs, expectedMs, leftTasks, edgeServerCount }: OfferBelief): number {
  const canBeEvenedOutMs = ((EVENED_OUT_BY_EACH * leftTasks) / edgeServerCount) * computeMs;
  return Math.max(SLACK_FRACTION * computeMs, Math.min(canBeEvenedOutMs, SLACK_OF_BACKLOG * Math.max(0, expectedMs)));
}

/**
 * Where one belief was out of date, the others are likely to be: the ESs that a station asks before it decides again, by index. Backlogs only grow
 * while others place, so those come first at which the task would be done first by what is believed. `ends` says when, for each ES, in any unit;
 * not finite where there is nothing to ask.
 */
export function worthAsking(ends: readonly number[]): number[] {
  return ends
    .map((end, server) => ({ end, server }))
    .filter(({ end }) => Number.isFinite(end))
    .sort((a, b) => a.end - b.end || a.server - b.server)
    .slice(0, MAX_ASKED)
    .map(({ server }) => server);
}
