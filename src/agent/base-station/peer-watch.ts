// Looks after the tasks that are out: ends those of edge servers that can't be reached any more, and asks the others what became of theirs.
import type { TaskOutcome } from '../../shared/rpc/gen/agent_pb.js';
import type { HomeTasks } from '../../shared/task-life/home-tasks.js';
import { CHECK_TASKS_INTERVAL_MS, PEER_LOST_MS } from '../../shared/task-life/patience.js';
import type { PeerDirectory } from '../peers/peer-directory.js';
import type { EdgeServerConnection } from './edge-server-connection.js';
import type { HomeTask } from './home-task.js';

const WATCH_INTERVAL_MS = 500;
/** Those that were not asked for longest come first, so that thousands of tasks take little of anyone's time. */
const MAX_LEASES_PER_CHECK = 200;

export interface PeerWatchOptions {
  nodeId: string;
  tasks: HomeTasks<HomeTask>;
  connection: EdgeServerConnection;
  peers: PeerDirectory;
  /** The task is not to be had from its edge server any more. */
  lost: (home: HomeTask, errorMessage: string) => void;
  /** An outcome that an edge server holds for this station. */
  found: (outcome: TaskOutcome) => void;
}

export class PeerWatch {
  readonly #options: PeerWatchOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #checking = new Set<string>();
  #lastLookMs = performance.now();
  #graceUntilMs = 0;

  constructor(options: PeerWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), WATCH_INTERVAL_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { nodeId, tasks, peers } = this.#options;
    const now = performance.now();
    // This process itself was suspended: the silence was its own, so the peers get the whole time again.
    if (now - this.#lastLookMs > 4 * WATCH_INTERVAL_MS) this.#graceUntilMs = now + PEER_LOST_MS;
    this.#lastLookMs = now;
    for (const [edgeServerId, homes] of tasks.byHolder()) {
      const isLost = edgeServerId !== nodeId && peers.view(edgeServerId).ageMs > PEER_LOST_MS && now > this.#graceUntilMs;
      if (isLost) {
        const errorMessage = `Edge server ${edgeServerId} has not answered for ${PEER_LOST_MS / 1000} s while it held the task.`;
        for (const home of homes) this.#options.lost(home, errorMessage);
      } else void this.#check(edgeServerId, homes, now);
    }
  }

  async #check(edgeServerId: string, homes: HomeTask[], now: number): Promise<void> {
    if (this.#checking.has(edgeServerId)) return;
    const due = homes.filter((home) => home.phase === 'out' && now - home.checkedAtMs >= CHECK_TASKS_INTERVAL_MS);
    if (due.length === 0) return;
    const asked = due.sort((a, b) => a.checkedAtMs - b.checkedAtMs).slice(0, MAX_LEASES_PER_CHECK);
    for (const home of asked) home.checkedAtMs = now;
    this.#checking.add(edgeServerId);
    const report = await this.#options.connection.check(
      edgeServerId,
      asked.map((home) => home.lease),
    );
    this.#checking.delete(edgeServerId);
    if (!report) return;
    for (const outcome of report.outcomes) if (outcome.edgeServerId === edgeServerId) this.#options.found(outcome);
    const instanceId = this.#options.peers.view(edgeServerId).state?.instanceId;
    for (const home of this.#options.tasks.checkReport(edgeServerId, asked, report.known)) {
      const what = instanceId !== undefined && instanceId !== home.edgeInstanceId ? 'restarted and no longer has' : 'no longer has';
      this.#options.lost(home, `Edge server ${edgeServerId} ${what} the task.`);
    }
  }
}
