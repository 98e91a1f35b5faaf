// What a fault works on: a data folder of its own, the program over it, randomness from a seed, and the invariants.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom, type RandomSource } from '../../src/random/random.js';
import type { RunAudit } from '../../src/shared/run-audit.js';
import { until } from '../support/until.js';
import { countTasks, newestRun, processesOf } from './data-folder.js';
import { hold } from './fault.js';
import { holdDatabaseSound, holdFigures, holdFilesMatchRows, holdNoProcess, holdRunWhole, type ShownRun } from './invariants.js';
import { type Ended, ProgramProcess, type StartOptions } from './program-process.js';
import { startRunWords, type Templates, type TemplateWish } from './templates.js';

/** Real ms for what has to happen at last, on a machine that others keep busy. */
const AT_LAST_MS = 120_000;
const MARK_VARIABLE = 'DEDGEAI_FAULTS_DATA';

export interface FaultHarnessOptions {
  seed: number;
  isLong: boolean;
  /** Belongs to this fault alone; kept when it is violated. */
  folder: string;
  templates: Templates;
}

export class FaultHarness {
  readonly seed: number;
  readonly isLong: boolean;
  readonly folder: string;
  readonly random: RandomSource;
  /** Where all programs of this fault keep their data. */
  dataDir: string;
  /** What every program is started with, as `nsenter ...`. */
  prefix: readonly string[] = [];
  /** What the line of this fault says besides; empty for most. */
  remark = '';
  readonly #templates: Templates;
  readonly #programs = new Set<ProgramProcess>();
  readonly #afterwards: (() => void | Promise<void>)[] = [];
  #transcript = '';

  constructor({ seed, isLong, folder, templates }: FaultHarnessOptions) {
    this.seed = seed;
    this.isLong = isLong;
    this.folder = folder;
    this.dataDir = join(folder, 'data');
    this.random = createRandom(seed);
    this.#templates = templates;
  }

  /** What happened so far, for anyone who looks for the cause of a violation. */
  get transcript(): string {
    return this.#transcript;
  }

  note(text: string): void {
    this.#transcript += `${new Date().toISOString()} ${text}\n`;
  }

  /** Done at the end, whatever it is; the last one first. */
  afterwards(act: () => void | Promise<void>): void {
    this.#afterwards.unshift(act);
  }

  /** A provisioned testbed with captions. */
  prepare(wish: TemplateWish): Promise<void> {
    return this.#templates.copyTo(this.dataDir, wish);
  }

  /** Starts the program with a command over the data folder. */
  start(words: readonly string[], options: StartOptions = {}): ProgramProcess {
    const program = new ProgramProcess([...words, '--data', this.dataDir], {
      prefix: options.prefix ?? this.prefix,
      env: { [MARK_VARIABLE]: this.dataDir, ...options.env },
    });
    this.#programs.add(program);
    this.note(`started ${program.pid}: ${words.join(' ')} ${JSON.stringify(options.env ?? {})}`);
    void program.ended.then(({ status, signal, stdout, stderr }) => {
      this.#programs.delete(program);
      this.note(`${program.pid} ended with ${status ?? signal}:\n${stdout}${stderr}`);
    });
    return program;
  }

  startRun(taskCount: number, options?: StartOptions): ProgramProcess {
    return this.start(startRunWords(taskCount), options);
  }

  command(...words: string[]): Promise<Ended> {
    return this.start(words).ended;
  }

  async json(...words: string[]): Promise<{ status: number | null; document: unknown }> {
    const { status, stdout, stderr } = await this.command(...words, '--json');
    hold(stdout.trim() !== '', `${words.join(' ')} ended with ${status} and printed nothing: ${stderr}`);
    return { status, document: JSON.parse(stdout) as unknown };
  }

  /** Waits until the newest run has at least so many accepted results; gives its id. */
  async untilAccepted(minCount: number): Promise<string> {
    await this.until(`${minCount} results are accepted`, () => {
      const run = newestRun(this.dataDir);
      return run !== null && countTasks(this.dataDir, run.id, 'succeeded') >= minCount;
    });
    return newestRun(this.dataDir)?.id ?? '';
  }

  async until(what: string, isSo: () => boolean | Promise<boolean>, limitMs = AT_LAST_MS): Promise<void> {
    const isReached = await until(isSo, limitMs).then(
      () => true,
      () => false,
    );
    hold(isReached, `It did not come to be within ${limitMs / 1000} s that ${what}`);
  }

  /** The end of a program that is to end by itself. */
  async end(program: ProgramProcess, expected: { status?: number; signal?: NodeJS.Signals }): Promise<Ended> {
    const ended = await program.endedWithin(AT_LAST_MS);
    hold(ended !== null, `A program did not end within ${AT_LAST_MS / 1000} s; it said:\n${program.said.slice(-2000)}`);
    const { status = null, signal = null } = expected;
    const isAsExpected = ended.status === status && ended.signal === signal;
    hold(
      isAsExpected,
      `A program ended with ${ended.status ?? ended.signal} instead of ${status ?? signal}; it said:\n${program.said.slice(-2000)}`,
    );
    return ended;
  }

  /** Every invariant, over a run that has ended. Gives what is shown of it. */
  async holdAll(runId: string, taskCount: number): Promise<ShownRun> {
    await holdNoProcess(this.dataDir);
    holdDatabaseSound(this.dataDir);
    holdRunWhole(this.dataDir, runId, taskCount);
    holdFilesMatchRows(this.dataDir);
    const { run } = (await this.json('run', 'show', runId)).document as { run: ShownRun };
    holdFigures(this.dataDir, runId, run);
    const audit = await this.json('run', 'audit', runId);
    const { findings } = audit.document as RunAudit;
    hold(findings.length === 0, `run audit finds: ${JSON.stringify(findings.slice(0, 3))}`);
    hold(audit.status === 0, `run audit ended with ${audit.status}`);
    return run;
  }

  /** Ends what is still there. The folder goes too, unless it is kept. */
  async close({ keep }: { keep: boolean }): Promise<void> {
    for (const program of this.#programs) program.signal('SIGKILL');
    for (const act of this.#afterwards) await Promise.resolve(act()).catch((error: unknown) => this.note(`afterwards: ${String(error)}`));
    for (let round = 0; round < 20 && processesOf(this.dataDir).length > 0; round++) {
      for (const { pid } of processesOf(this.dataDir)) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It ended in between.
        }
      }
      await delay(50);
    }
    if (!keep) rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
