// Keeps the agent of a virtual node running, as systemd does on a real one: an agent whose process is gone though no one stopped it is
// started again, after growing pauses. stop-agent.sh removes the pid file; a crash leaves it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProcessAlive } from './node-processes.js';

const LOOK_EVERY_MS = 500;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 60_000;
/** An agent that ran for so long failed for a new reason. */
const SETTLED_MS = 60_000;

export interface AgentSupervisorOptions {
  /** `<home>/.dedgeai` */
  installDir: string;
  /** An agent should run and could not be started: it is tried again, as after a crash. */
  isDown: boolean;
  /** Starts the installed agent; resolves with why it did not start, or null. */
  start(): Promise<string | null>;
  /** An agent that had crashed runs again, or could not be started. */
  report(message: string): void;
}

export class AgentSupervisor {
  readonly #options: AgentSupervisorOptions;
  #timer: NodeJS.Timeout | null = null;
  #starting: Promise<void> = Promise.resolve();
  #pauseMs = FIRST_PAUSE_MS;
  #startedAtMs = performance.now();
  #lastPid: number | null = null;
  /** It crashed, and no attempt to start it has succeeded: a failed one removes the pid file. */
  #isDown: boolean;
  #isStopped = false;

  constructor(options: AgentSupervisorOptions) {
    this.#options = options;
    this.#isDown = options.isDown;
    this.#lookIn(LOOK_EVERY_MS);
  }

  /** Nothing is started any more; resolves when a start under way has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#starting;
  }

  #lookIn(pauseMs: number): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#starting = this.#look().then((nextMs) => this.#lookIn(nextMs));
    }, pauseMs);
  }

  /** Returns when to look again. */
  async #look(): Promise<number> {
    if (!this.#hasCrashed()) return LOOK_EVERY_MS;
    if (!this.#isDown) {
      if (performance.now() - this.#startedAtMs > SETTLED_MS) this.#pauseMs = FIRST_PAUSE_MS;
      this.#isDown = true;
      return this.#nextPause();
    }
    const problem = await this.#options.start();
    if (this.#isStopped) return LOOK_EVERY_MS;
    this.#startedAtMs = performance.now();
    if (problem === null) {
      this.#isDown = false;
      this.#options.report('The agent had ended unexpectedly and was started again');
      return LOOK_EVERY_MS;
    }
    const pauseMs = this.#nextPause();
    this.#options.report(`The agent had ended unexpectedly and could not be started; the next try is in ${pauseMs / 1000} s: ${problem}`);
    return pauseMs;
  }

  #nextPause(): number {
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
    return pauseMs;
  }

  #hasCrashed(): boolean {
    const { installDir } = this.#options;
    if (!existsSync(join(installDir, 'start-agent.sh')) || !existsSync(join(installDir, 'config.json'))) {
      this.#isDown = false;
      return false;
    }
    const pid = readPid(join(installDir, 'agent.pid'));
    // Stopped on purpose, or being started by someone else, unless it is we who could not start it.
    if (pid === null) return this.#isDown;
    const isAlive = isProcessAlive(pid, installDir);
    if (isAlive && pid !== this.#lastPid) {
      this.#lastPid = pid;
      this.#startedAtMs = performance.now();
    }
    if (isAlive) this.#isDown = false;
    return !isAlive;
  }
}

function readPid(path: string): number | null {
  try {
    const pid = Number(readFileSync(path, 'utf8').trim());
    return Number.isInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}
