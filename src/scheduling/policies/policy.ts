// How a task gets its edge server (ES). A policy sees what a scheduler at one base station (BS) can see, and decides; it sends nothing.

import type { RandomSource } from '../../random/random.js';

/** What a policy knows of a task. */
export interface SchedulableTask {
  id: string;
  /** The image's denoising steps, z. */
  qualitySteps: number;
  /** Size of the prompt, d_n, in bits. */
  inputBits: number;
  /** n: its place among the station's tasks of the same instant, where those are asked about one by one; else its place in the batch. */
  place?: number;
}

/** One ES as this BS sees it. Index 0..B-1 is the node's ordinal. */
export interface EdgeServerView {
  /** Fixed part of one image, seconds on this ES. */
  fixedSec: number;
  /** One denoising step, seconds on this ES. */
  secPerStep: number;
  /** Work accepted there at the last report, plus what this BS sent since, seconds. */
  backlogSec: number;
  /** Link from this BS to it, Mbit/s; Infinity for the local ES. */
  linkMbps: number;
  /** False when the ES did not answer lately, or holds as many tasks as it may; a policy must not choose it. */
  isReachable: boolean;
}

/** What a policy decides on (paper: the state s_{b,n,t}, plus the time models that a testbed knows). */
export interface SchedulingObservation {
  /** This BS's local ES. */
  selfIndex: number;
  /** B entries. */
  edgeServers: readonly EdgeServerView[];
}

export interface Decision {
  taskId: string;
  edgeServerIndex: number;
}

/**
 * Decides a batch. The caller sends the decisions in the order given; on a refused offer (the ES's backlog had grown) it calls again with
 * the tasks not yet placed and the fresh state.
 */
export interface SchedulingPolicy {
  readonly name: string;
  /** True when decisions rest on backlogs, so that an ES should refuse an offer made on a stale one. */
  readonly usesBacklog: boolean;
  /** One decision for each task, in any order. Throws a RangeError only when no ES is reachable. */
  decideBatch(tasks: readonly SchedulableTask[], observation: SchedulingObservation, random: RandomSource): Decision[];
  /**
   * The same decisions in the same order, each made when it is asked for. Of policies whose decisions cost: the caller starts again at every
   * refused offer, and in a burst most of what was decided ahead would be thrown away.
   */
  decideInTurn?(tasks: readonly SchedulableTask[], observation: SchedulingObservation, random: RandomSource): Iterable<Decision>;
}

/** The decisions of a batch, one after the other where the policy makes them so. */
export function decideEach(policy: SchedulingPolicy, ...of: Parameters<SchedulingPolicy['decideBatch']>): Iterable<Decision> {
  return policy.decideInTurn?.(...of) ?? policy.decideBatch(...of);
}

/** Seconds that a task computes on an ES. */
export function expectedComputeSec(
  task: Pick<SchedulableTask, 'qualitySteps'>,
  es: Pick<EdgeServerView, 'fixedSec' | 'secPerStep'>,
): number {
  return es.fixedSec + task.qualitySteps * es.secPerStep;
}
