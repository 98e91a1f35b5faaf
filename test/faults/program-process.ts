// One process of the built program, as a shell starts it.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const CLI = join(import.meta.dirname, '../../out/main/cli.js');
const KEPT_CHARS = 200_000;

export interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface StartOptions {
  env?: Record<string, string>;
  /** Program and words to start it with, as `nsenter ...`; it has to become the program. */
  prefix?: readonly string[];
}

export class ProgramProcess {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';

  constructor(words: readonly string[], { env = {}, prefix = [] }: StartOptions = {}) {
    const [command = '', ...args] = [...prefix, process.execPath, CLI, ...words];
    this.#child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout = (this.#stdout + text).slice(-KEPT_CHARS)));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr = (this.#stderr + text).slice(-KEPT_CHARS)));
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      // Its own end, not that of its streams: a child that outlives it may hold those.
      this.#child.once('exit', (status, signal) => {
        setImmediate(() => resolve({ status, signal, stdout: this.#stdout, stderr: this.#stderr }));
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** All it said so far. */
  get said(): string {
    return this.#stdout + this.#stderr;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Its end, or null when it has not ended by then. */
  endedWithin(limitMs: number): Promise<Ended | null> {
    return Promise.race([this.ended, delay(limitMs, null, { ref: false })]);
  }
}
