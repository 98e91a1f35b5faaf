// What base stations say of the leases that they have, and what they are asked to give back. The board makes the transitions; whom to believe
// is decided by shared/task-life/control-center-rules.ts; talking to nodes is not done here.
import { isHeard, checkKnownLeases } from '../../../shared/task-life/control-center-rules.js';
import { type Lease, leaseKey } from '../../../shared/task-life/lease.js';
import type { TaskBoard } from './task-board.js';

export interface LeaseKeeperOptions {
  runId: string;
  board: TaskBoard;
  /** The user wants no more tasks to start: what comes back is canceled. */
  isStopping(): boolean;
  /** This lease's outcome is on its way in. */
  isHolding(lease: Lease): boolean;
}

export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  /** Leases that their base station was asked to give back, if nothing had started. */
  readonly #askedBack = new Set<string>();

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
  }

  /** Whether what this node says of the lease counts. */
  hears(fromId: string, lease: Lease): boolean {
    const { board, runId } = this.#options;
    return isHeard(board.get(lease.taskId), { fromId, runId, lease });
  }

  /** The leases that are with a base station, or on their way there. */
  leasesAt(baseStationId: string): Lease[] {
    const { board } = this.#options;
    const tasks = board.sent().filter((task) => task.baseStationId === baseStationId);
    return tasks.map((task) => board.leaseOf(task));
  }

  /**
   * What a base station says it has: leases that it lost are ended here; those that it should not have are returned. `asked` are the leases
   * that had been sent to it before it was asked.
   */
  reconcile(fromId: string, { asked, known }: { asked: readonly Lease[]; known: readonly Lease[] }): Lease[] {
    const { board, runId } = this.#options;
    const { lost, stale } = checkKnownLeases((taskId) => board.get(taskId), { fromId, runId, asked, known });
    for (const lease of lost) {
      if (!this.#options.isHolding(lease))
        board.end(lease, { message: 'Its base station no longer had the task.', countsAsFailure: false });
    }
    return stale;
  }

  /** Ends all leases of a base station. Returns them: edge servers may still have them. */
  endAllOf(baseStationId: string, message: string): Lease[] {
    const { board, isHolding } = this.#options;
    const leases = this.leasesAt(baseStationId).filter((lease) => !isHolding(lease));
    for (const lease of leases) board.end(lease, { message, countsAsFailure: false });
    return leases;
  }

  /**
   * The leases that a base station is to be asked to give back, as far as nothing has started. It may answer in two ways, one of them late, so
   * they are noted. They are to be named to it: asked for all of a run, it would also drop what others have offered to its edge server, and
   * those that find their tasks gone there before they are asked themselves report a loss.
   */
  askBack(baseStationId: string): Lease[] {
    const leases = this.leasesAt(baseStationId);
    for (const lease of leases) this.#askedBack.add(leaseKey(lease));
    return leases;
  }

  /** A base station cancelled a task: because the run stops, because it was asked to give it back, maybe in a pause that is over, or unasked. */
  givenBack(lease: Lease): void {
    const { board, isStopping } = this.#options;
    if (isStopping()) board.cancelLeases([lease]);
    else if (this.#askedBack.has(leaseKey(lease))) board.takeBack([lease]);
    else board.end(lease, { message: 'Its base station gave the task back.', countsAsFailure: false });
  }
}
