// Decides which edge server (ES) gets each task of this base station, and offers it there.
//
// Every station decides for itself and at the same time, so what it believes of a queue may be out of date when its offer arrives. An offer
// therefore carries the backlog it was decided on; an ES whose backlog is higher refuses and answers with its state, and the station
// decides again. Whatever is accepted was thus right at that instant: list scheduling without a coordinator.
import type { Decision, EdgeServerView, SchedulingObservation } from '../../scheduling/policies/policy.js';
import type { QueueState } from '../../shared/rpc/gen/agent_pb.js';
import { inPlacingOrder } from '../../shared/scheduling-settings.js';
import { BatchView, type ServerSeen } from '../experience/batch-view.js';
import { type AgentLog, describeThrown } from '../log.js';
import { isAtLimit } from '../../shared/task-life/held-limit.js';
import { taskKey } from '../../shared/task-life/lease.js';
import { drainedBacklogMs, type PeerView } from '../peers/peer-directory.js';
import type { RunContext } from '../runs.js';
import type { ScaledClock } from '../scaled-clock.js';
import { Wakeup } from '../wakeup.js';
import { DecisionTimes } from './decision-times.js';
import { inputBits, stepsOf } from '../messages/task-load.js';
import type { HomeTask } from './home-task.js';
import { MAX_REFUSALS, offerSlackMs, worthAsking } from '../../scheduling/policies/offer-slack.js';

/** Real milliseconds until the loop looks again when no edge server was reachable. */
const RETRY_MS = 500;

/** What became of an offer. `queue` is the edge server's state afterwards. */
export type OfferResult = { kind: 'accepted' | 'refused'; queue: QueueState } | { kind: 'failed' | 'ended' };

export interface DecisionLoopOptions {
  selfId: string;
  clock: ScaledClock;
  log: AgentLog;
  /** Tasks that wait for a decision by task key, in order of arrival. */
  undecided: ReadonlyMap<string, HomeTask>;
  runOf: (runId: string) => RunContext | undefined;
  localState: () => QueueState;
  isLocalWorkerReady: () => boolean;
  peerView: (nodeId: string) => PeerView;
  /** Gets the present states of these peers. */
  refreshPeers: (nodeIds: readonly string[]) => Promise<void>;
  /** Offers the task; removes it from `undecided` when accepted or ended. */
  offer: (home: HomeTask, edgeServerId: string, expectedBacklogMs: number, slackMs: number) => Promise<OfferResult>;
  /** Hears of each offer that was accepted in a run that keeps experience: what the decision was made on, and the ordinal that was chosen. */
  placed: (home: HomeTask, chosen: number, servers: ServerSeen[]) => void;
}

/** What this station believes of one ES while it sends out a batch. */
interface Belief {
  state: Pick<QueueState, 'backlogMs' | 'isDraining' | 'fixedMs' | 'perStepMs'>;
  atMs: number;
}

export class DecisionLoop {
  readonly times = new DecisionTimes();
  readonly #options: DecisionLoopOptions;
  readonly #wakeup = new Wakeup();
  #isClosed = false;

  constructor(options: DecisionLoopOptions) {
    this.#options = options;
    void this.#run();
  }

  /** Says that there are new tasks or new states to decide on. */
  notify(): void {
    this.#wakeup.notify();
  }

  close(): void {
    this.#isClosed = true;
    this.#wakeup.notify();
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const context = this.#firstContext();
      if (!context) {
        await this.#wakeup.wait(this.#options.undecided.size > 0 ? RETRY_MS : 60_000);
        continue;
      }
      try {
        const batch = [...this.#options.undecided.values()].filter((home) => home.task.runId === context.runId);
        await this.#placeBatch(context, batch);
      } catch (thrown) {
        // A RangeError: nothing is reachable now, or all hold as many tasks as they may, which is no news. Anything else is a fault, and must not
        // end the loop or spin it.
        if (!(thrown instanceof RangeError && this.#isAnyAtLimit(context)))
          this.#options.log.warn('no decision possible', { run: context.runId, reason: describeThrown(thrown) });
        await this.#wakeup.wait(RETRY_MS);
      }
    }
  }

  /** Of the first task whose run is known here: one of a forgotten run holds up no one. */
  #firstContext(): RunContext | null {
    for (const home of this.#options.undecided.values()) {
      const context = this.#options.runOf(home.task.runId);
      if (context) return context;
    }
    return null;
  }

  /** Decides all tasks of the batch and offers them in that order; returns early when reality differs from the belief. */
  async #placeBatch(context: RunContext, batch: HomeTask[]): Promise<void> {
    const { observation, beliefs } = this.#observe(context);
    const decisions = this.#decide(context, batch, observation);
    const byId = new Map(batch.map((home) => [home.task.id, home]));
    const view = context.keepsExperience ? new BatchView(observation) : null;
    for (const { taskId, edgeServerIndex } of decisions) {
      const home = byId.get(taskId);
      const edgeServerId = context.nodeIds[edgeServerIndex];
      const belief = beliefs[edgeServerIndex];
      if (!home || !edgeServerId || !belief) throw new Error(`The policy ${context.policy.name} decided on what it was not asked.`);
      const seen = view?.take(stepsOf(home.task), edgeServerIndex);
      if (this.#isClosed) return;
      if (this.#options.undecided.get(taskKey(home.lease)) !== home) continue;
      const computeMs = beliefs.map(({ state }) => state.fixedMs + stepsOf(home.task) * state.perStepMs);
      const isForced = !context.policy.usesBacklog || home.offersRefused >= MAX_REFUSALS;
      const expectedMs = isForced ? -1 : this.#drainedMs(belief);
      const leftTasks = this.#options.undecided.size - 1;
      const slackMs = offerSlackMs({ computeMs: computeMs[edgeServerIndex]!, expectedMs, leftTasks, edgeServerCount: beliefs.length });
      const result = await this.#options.offer(home, edgeServerId, expectedMs, slackMs);
      if (result.kind === 'accepted') {
        beliefs[edgeServerIndex] = { state: result.queue, atMs: this.#options.clock.nowMs() };
        if (seen) this.#options.placed(home, edgeServerIndex, seen);
      } else if (result.kind !== 'ended') {
        if (result.kind === 'refused') {
          home.offersRefused += 1;
          // Of one that does not answer there is nothing to ask.
          const endsMs = observation.edgeServers.map(({ isReachable }, server) =>
            isReachable ? this.#drainedMs(beliefs[server]!) + computeMs[server]! : Infinity,
          );
          await this.#askOthers(context, edgeServerId, endsMs);
        }
        return;
      }
    }
  }

  /** Before it is decided again: `endsMs` is when the task that was refused would be done on each ES, by what was believed. */
  async #askOthers({ nodeIds }: RunContext, refusingId: string, endsMs: readonly number[]): Promise<void> {
    const known = new Set([refusingId, this.#options.selfId]);
    const asked = worthAsking(endsMs.map((endMs, server) => (known.has(nodeIds[server]!) ? Infinity : endMs)));
    await this.#options.refreshPeers(asked.map((server) => nodeIds[server]!));
  }

  #drainedMs({ state, atMs }: Belief): number {
    return drainedBacklogMs(state, this.#options.clock.nowMs() - atMs);
  }

  /** In the order in which they are to be offered. */
  *#decide(context: RunContext, batch: HomeTask[], observation: SchedulingObservation): Generator<Decision> {
    const asTheyCame = batch.map(({ task }) => ({ id: task.id, qualitySteps: stepsOf(task), inputBits: inputBits(task) }));
    const tasks = inPlacingOrder(asTheyCame, context.scheduling.placingOrder ?? 'own');
    const { policy, random } = context;
    if (!policy.decideInTurn) {
      const startMs = performance.now();
      const decisions = policy.decideBatch(tasks, observation, random);
      this.times.add(performance.now() - startMs, batch.length);
      yield* decisions;
      return;
    }
    let startMs = performance.now();
    for (const decision of policy.decideInTurn(tasks, observation, random)) {
      this.times.add(performance.now() - startMs, 1);
      yield decision;
      startMs = performance.now();
    }
  }

  #isAnyAtLimit({ heldLimits }: RunContext): boolean {
    const { selfId, localState, peerView } = this.#options;
    return [...heldLimits].some(([nodeId, limit]) => {
      const state = nodeId === selfId ? localState() : peerView(nodeId).state;
      return state !== null && isAtLimit(state, limit);
    });
  }

  #observe(context: RunContext): { observation: SchedulingObservation; beliefs: Belief[] } {
    const { selfId, clock, localState, isLocalWorkerReady, peerView } = this.#options;
    const local = localState();
    const atMs = clock.nowMs();
    const beliefs: Belief[] = [];
    const edgeServers = context.nodeIds.map((nodeId): EdgeServerView => {
      const isSelf = nodeId === selfId;
      const peer = isSelf ? null : peerView(nodeId);
      const state = peer ? peer.state : local;
      const backlogMs = peer ? peer.backlogMs : local.backlogMs;
      beliefs.push({ atMs, state: state ? { ...state, backlogMs } : { backlogMs: 0, isDraining: false, fixedMs: 0, perStepMs: 0 } });
      return {
        fixedSec: (state?.fixedMs ?? 0) / 1000,
        secPerStep: (state?.perStepMs ?? 0) / 1000,
        backlogSec: backlogMs / 1000,
        linkMbps: isSelf ? Infinity : Math.min(knownRate(local.linkMbps), knownRate(state?.linkMbps ?? 0)),
        // To a policy, one that takes no more is as one that does not answer: no policy needs to know of limits.
        isReachable: (peer ? peer.isReachable : isLocalWorkerReady()) && !(state && isAtLimit(state, context.heldLimits.get(nodeId))),
      };
    });
    return { observation: { selfIndex: context.nodeIds.indexOf(selfId), edgeServers }, beliefs };
  }
}

/** A rate of 0 means that the node does not know its link; it then does not limit. */
function knownRate(linkMbps: number): number {
  return linkMbps > 0 ? linkMbps : Infinity;
}
