// Outcomes as the simulated control center takes them in: verified, their image fetched, accepted once, then acknowledged.
import type { LeaseKeeper } from '../../../src/main/domain/runs/lease-keeper.js';
import type { TaskBoard } from '../../../src/main/domain/runs/task-board.js';
import { OutcomeStatus } from '../../../src/shared/rpc/gen/agent_pb.js';
import { type Lease, leaseKey } from '../../../src/shared/task-life/lease.js';
import type { SimulatedConnection } from './simulated-connection.js';
import type { Outcome } from './simulated-tasks.js';

export interface IntakeSettings {
  board: TaskBoard;
  keeper: LeaseKeeper;
  /** An image was accepted for a task. */
  accepted: (lease: Lease, outcome: Outcome) => void;
}

export class SimulatedIntake {
  readonly #settings: IntakeSettings;
  /** Leases whose image is being fetched. */
  readonly #holding = new Set<string>();

  constructor(settings: IntakeSettings) {
    this.#settings = settings;
  }

  isHolding(lease: Lease): boolean {
    return this.#holding.has(leaseKey(lease));
  }

  take(connection: SimulatedConnection, outcome: Outcome): void {
    const { board, keeper } = this.#settings;
    const { lease } = outcome;
    const key = leaseKey(lease);
    if (this.#holding.has(key)) return;
    const acknowledge = (): void => {
      connection.call<true>(
        () => {
          connection.agent.acknowledge([lease]);
          return { said: true };
        },
        () => undefined,
      );
    };
    if (!keeper.hears(connection.agent.id, lease)) {
      acknowledge();
      return;
    }
    if (outcome.status === OutcomeStatus.SUCCEEDED) {
      this.#holding.add(key);
      this.#fetch(connection, outcome, (isSettled) => {
        this.#holding.delete(key);
        if (isSettled) acknowledge();
      });
      return;
    }
    if (outcome.status === OutcomeStatus.CANCELLED) keeper.givenBack(lease);
    else board.end(lease, { message: 'failed', countsAsFailure: !outcome.isLost, isRetryable: outcome.isRetryable });
    acknowledge();
  }

  #fetch(connection: SimulatedConnection, outcome: Outcome, done: (isSettled: boolean) => void): void {
    const { board, keeper, accepted } = this.#settings;
    const { lease, token, edgeServerId } = outcome;
    connection.call<true>(
      () => (token !== null && connection.agent.hasImage(token) ? { said: true } : { refused: 'no image' }),
      (answer) => {
        if (answer && 'said' in answer) {
          const delays = { uploadMs: 0, waitingMs: 0, computeMs: 0, downloadMs: 0, controlMs: 0, serviceMs: 0 };
          const image = { sha256: token ?? '', sizeBytes: 1, widthPx: 1, heightPx: 1, mediaType: 'image/png', isSimulated: true };
          const instants = { computeStartMs: 0, computeEndMs: 0, acceptedMs: 0, computedSteps: 10 };
          const result = { taskId: lease.taskId, leaseEpoch: lease.epoch, edgeServerId, delays, ...instants, image };
          if (keeper.hears(connection.agent.id, lease) && board.accept([{ result, lease }])[0]) accepted(lease, outcome);
          done(true);
        } else if (connection.isConnected) {
          board.end(lease, { message: 'not fetched', countsAsFailure: false });
          done(true);
        } else done(false);
      },
    );
  }
}
