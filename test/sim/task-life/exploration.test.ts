import { describe, expect, it } from 'vitest';

import { LeaseKeeper, type LeaseKeeperOptions } from '../../../src/main/domain/runs/lease-keeper.js';
import { type LeaseEnd, TaskBoard } from '../../../src/main/domain/runs/task-board.js';
import type { OutcomeStatus } from '../../../src/shared/rpc/gen/agent_pb.js';
import { EdgeTasks, type Withdrawn } from '../../../src/shared/task-life/edge-tasks.js';
import { type DeliveryVerdict, HomeTasks } from '../../../src/shared/task-life/home-tasks.js';
import type { Lease } from '../../../src/shared/task-life/lease.js';
import { explore, makePausePlan, makePlan, type Mutation, type Plan, shrink } from './explore.js';
import type { SimEntry, SimHome } from './simulated-tasks.js';

/** A seed that fails is reported with its plan; `DEDGEAI_EXPLORE_FROM=SEED DEDGEAI_EXPLORE=1` explores it alone. */
const FIRST_SEED = Number(process.env['DEDGEAI_EXPLORE_FROM'] ?? 1);
const COUNT = Number(process.env['DEDGEAI_EXPLORE'] ?? 1_500);

/** The first plan that goes wrong, made as small as it gets, in words; null when none does. */
function findProblem(count: number, mutation: Mutation = {}, planOf: (seed: number) => Plan = makePlan): string | null {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + count; seed++) {
    const plan = planOf(seed);
    if (explore(plan, mutation).problem === null) continue;
    const smallest = shrink(plan, mutation);
    const { problem, log } = explore(smallest, mutation);
    return `seed ${seed}: ${problem}\n${JSON.stringify(smallest)}\n${log.slice(-20).join('\n')}`;
  }
  return null;
}

describe(`the life of tasks, explored with seeds ${FIRST_SEED} to ${FIRST_SEED + COUNT - 1}`, () => {
  it('keeps every promise: each task once, every attempt ended, nothing left over', { timeout: 600_000 }, () => {
    expect(findProblem(COUNT)).toBeNull();
  });

  it('send no task twice for a pause alone', { timeout: 600_000 }, () => {
    expect(findProblem(COUNT, {}, makePausePlan)).toBeNull();
  });
});

// --- what the exploration is worth: with one mend taken out, it has to find the old fault ---

class BelievesAnybody extends HomeTasks<SimHome> {
  override checkDelivery(fromId: string, outcome: { lease: Lease; status: OutcomeStatus }): DeliveryVerdict<SimHome> {
    for (const home of this.find(outcome.lease.runId, [outcome.lease])) {
      home.offeredTo.add(fromId);
      if (home.phase === 'out') home.holderId = fromId;
    }
    return super.checkDelivery(fromId, outcome);
  }
}

class NeverMissesATask extends HomeTasks<SimHome> {
  override checkReport(): SimHome[] {
    return [];
  }
}

/** A lease that was never held there is taken for held, so that a fetch that fails for ever is waited for. */
class NeverGivesUpFetching extends HomeTasks<SimHome> {
  override byHolder(): Map<string, SimHome[]> {
    return new Map();
  }

  override fetchFailed(home: SimHome, fromId: string): boolean {
    return super.fetchFailed(home, fromId, home.fetchFailedSinceMs ?? 0);
  }
}

class LosesWhatIsBeingWithdrawn extends HomeTasks<SimHome> {
  override startWithdraw(): void {
    return undefined;
  }

  override endWithdraw(): void {
    return undefined;
  }
}

class HandsOnWhatIsBeingStopped extends EdgeTasks<SimEntry> {
  #stopped: Lease | null = null;

  override withdraw(leases: readonly Lease[], terms: { keepRunning: boolean }): Withdrawn {
    const running = this.running;
    const withdrawn = super.withdraw(leases, terms);
    if (withdrawn.stopsRunning && running) this.#stopped = running.lease;
    return withdrawn;
  }

  override admit(entry: SimEntry): void {
    const isInherited = this.running !== null && this.#stopped === this.running.lease && this.#stopped.taskId === entry.lease.taskId;
    super.admit(entry);
    // The place of the aborted computation: nothing comes of it.
    if (isInherited) (this.queued as SimEntry[]).splice(this.queued.indexOf(entry), 1);
  }
}

class HearsAnyBaseStation extends LeaseKeeper {
  readonly #board;

  constructor(options: LeaseKeeperOptions) {
    super(options);
    this.#board = options.board;
  }

  override hears(_fromId: string, lease: Lease): boolean {
    return this.#board.get(lease.taskId)?.leaseEpoch === lease.epoch;
  }
}

class EndsAnyLease extends TaskBoard {
  override end(lease: Lease, how: LeaseEnd): void {
    const task = this.get(lease.taskId);
    super.end(task?.leaseEpoch === lease.epoch ? this.leaseOf(task) : lease, how);
  }
}

class NeverLosesANode extends LeaseKeeper {
  override endAllOf(): Lease[] {
    return [];
  }
}

class NeverReconciles extends LeaseKeeper {
  override reconcile(): Lease[] {
    return [];
  }
}

const MUTATIONS: [string, Mutation][] = [
  ['a base station believes any node about any task', { rules: { makeHome: () => new BelievesAnybody() } }],
  ['a base station never notices that an edge server lost a task', { rules: { makeHome: () => new NeverMissesATask() } }],
  ['a base station waits for a result that it can not fetch', { rules: { makeHome: () => new NeverGivesUpFetching() } }],
  ['anyone who speaks counts as reachable', { rules: { believesWords: true } }],
  ['an edge server hands a computation on that is being stopped', { rules: { makeEdge: () => new HandsOnWhatIsBeingStopped() } }],
  [
    'the control center hears any base station about any lease',
    { makeBoard: (options) => new EndsAnyLease(options), makeKeeper: (options) => new HearsAnyBaseStation(options) },
  ],
  ['the control center keeps the leases of a node that is gone', { makeKeeper: (options) => new NeverLosesANode(options) }],
  ['the control center never asks which leases are there', { makeKeeper: (options) => new NeverReconciles(options) }],
];

describe('the exploration', () => {
  it.each(MUTATIONS)('finds it when %s', { timeout: 600_000 }, (_, mutation) => {
    expect(findProblem(4_000, mutation)).toMatch(/^seed \d+: /);
  });

  it.each<[string, Mutation]>([
    ['a node that gives tasks back gives those of other base stations back, too', { takesBackAll: true }],
    ['a base station takes for lost what it is just taking back', { rules: { makeHome: () => new LosesWhatIsBeingWithdrawn() } }],
  ])('finds it in a pause when %s', { timeout: 600_000 }, (_, mutation) => {
    expect(findProblem(1_500, mutation, makePausePlan)).toMatch(/sent 2 times, and nothing was lost/);
  });
});
