// Keeps one core running behind the windows: starts it, starts it again when it ends by itself, and closes it. Main itself has no database
// and no SSH, so that a window stays whole whatever becomes of the core.
import type { MessagePortMain } from 'electron';
import type { CoreState } from '../../../shared/api/desktop-bridge.js';
import type { CoreEndpoint, FromCoreMessage, SystemProtection } from '../../../shared/core-process-messages.js';
import { AppError, ERROR_CODES, toErrorShape } from '../../../shared/errors.js';
import type { AppErrorCode } from '../../../shared/errors.js';
import type { CoreProcess, LaunchCore } from './core-launcher.js';
import { answerProtection } from './answer-protection.js';
import { delayOfRestart } from './restart-policy.js';

/** What is not closed by then is killed: the data is durable at every moment. */
const CLOSE_WITHIN_MS = 5000;

export interface CoreSupervisorOptions {
  launch: LaunchCore;
  protection: SystemProtection;
  /** Hears what the core did, for the log. */
  onProblem(message: string): void;
  nowMs?(): number;
}

export class CoreSupervisor {
  readonly #options: CoreSupervisorOptions;
  readonly #listeners = new Set<(state: CoreState) => void>();
  readonly #endedAtMs: number[] = [];
  #process: CoreProcess | null = null;
  #endpoint: CoreEndpoint | null = null;
  #state: CoreState = { kind: 'connecting' };
  #restartTimer: NodeJS.Timeout | null = null;
  #isClosing = false;
  #onClosed: () => void = () => undefined;

  constructor(options: CoreSupervisorOptions) {
    this.#options = options;
  }

  get state(): CoreState {
    return this.#state;
  }

  /** Where assets are asked for; null while there is no core. */
  get endpoint(): CoreEndpoint | null {
    return this.#state.kind === 'open' ? this.#endpoint : null;
  }

  /** Hears each new state; returns the function that ends the listening. */
  onState(listener: (state: CoreState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Starts the first core. Rejects with the AppError of a core that cannot be opened (locked data, damaged database); then there is none. */
  async start(): Promise<void> {
    await this.#launch();
  }

  /** Starts a core again that has given up. Does nothing while one runs or is about to. */
  restart(): void {
    if (this.#state.kind !== 'lost' || this.#state.isRestarting || this.#isClosing) return;
    this.#endedAtMs.length = 0;
    this.#relaunch();
  }

  /** Gives a window's port to the core, and returns what ends it from this side. Closes it where there is no core. */
  openPort(port: MessagePortMain): () => void {
    if (this.#process && this.#state.kind === 'open') return this.#process.openPort(port);
    port.close();
    return () => undefined;
  }

  /** Resolves when the core has closed, or was killed because it did not in time. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#restartTimer) clearTimeout(this.#restartTimer);
    const running = this.#process;
    if (!running) return;
    const closed = new Promise<void>((resolve) => (this.#onClosed = resolve));
    const timer = setTimeout(() => {
      this.#options.onProblem(`The core did not close within ${CLOSE_WITHIN_MS / 1000} s and was ended.`);
      running.kill();
    }, CLOSE_WITHIN_MS);
    running.post({ kind: 'close' });
    await closed;
    clearTimeout(timer);
  }

  #launch(): Promise<void> {
    const core = this.#options.launch();
    this.#process = core;
    return new Promise((resolve, reject) => {
      let refusal: AppError | null = null;
      core.onMessage((message) => {
        if (message.kind === 'ready') {
          this.#endpoint = message.endpoint;
          this.#setState({ kind: 'open' });
          resolve();
        } else if (message.kind === 'failed') {
          refusal = new AppError(toCode(message.code), message.message, message.hint);
        } else void this.#answer(core, message);
      });
      core.onExit((how) => {
        if (this.#process === core) this.#process = null;
        if (this.#isClosing) return this.#onClosed();
        const wasOpen = this.#state.kind === 'open';
        if (!wasOpen) reject(refusal ?? new AppError('internal', `The core of the program ended at its start (${how}).`));
        else this.#lose(`The core of the program ended by itself (${how}).`);
      });
    });
  }

  #lose(reason: string, hint: string | null = null): void {
    this.#endedAtMs.push(this.#options.nowMs?.() ?? Date.now());
    const delayMs = delayOfRestart(this.#endedAtMs);
    this.#options.onProblem(reason);
    this.#setState({ kind: 'lost', reason, hint, isRestarting: delayMs !== null });
    if (delayMs !== null) this.#restartTimer = setTimeout(() => this.#relaunch(), delayMs);
  }

  #relaunch(): void {
    this.#setState({ kind: 'connecting' });
    this.#launch().catch((thrown: unknown) => {
      const { code, message, hint } = toErrorShape(thrown);
      this.#lose(message, code === 'internal' ? null : hint);
    });
  }

  async #answer(core: CoreProcess, message: FromCoreMessage): Promise<void> {
    const answer = await answerProtection(message, this.#options.protection);
    if (answer) core.post(answer);
  }

  #setState(state: CoreState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}

function toCode(code: string): AppErrorCode {
  return Object.hasOwn(ERROR_CODES, code) ? (code as AppErrorCode) : 'internal';
}
