// The program killed in the middle of a run: in the six moments around a task, and at random.
import { setTimeout as delay } from 'node:timers/promises';
import { CRASH_WINDOWS } from '../../../src/main/composition/crash-points.js';
import { countTasks, newestRun, queryAll } from '../data-folder.js';
import { type Fault, hold } from '../fault.js';
import type { FaultHarness } from '../fault-harness.js';
import { holdDatabaseSound, holdNoProcess } from '../invariants.js';
import type { Ended, ProgramProcess } from '../program-process.js';
import { startRunWords } from '../templates.js';

const ENDED = ['succeeded', 'failed', 'stopped'];

/** What is accepted, with the sending that brought it. It may only grow. */
function acceptedTasks(dataDir: string, runId: string): Map<string, string> {
  const rows = queryAll<{ id: string; what: string }>(
    dataDir,
    `SELECT id, accepted_ms || ' ' || lease_epoch || ' ' || (SELECT sha256 FROM task_images WHERE task_id = tasks.id) AS what
     FROM tasks WHERE run_id = ? AND state = 'succeeded'`,
    runId,
  );
  return new Map(rows.map(({ id, what }) => [id, what]));
}

/** One run that is killed again and again, and at last continues to its end. */
class KilledRun {
  readonly #harness: FaultHarness;
  readonly #taskCount: number;
  /** The run before this one over the same data. */
  readonly #formerRunId: string | null;
  #accepted = new Map<string, string>();

  constructor(harness: FaultHarness, taskCount: number) {
    this.#harness = harness;
    this.#taskCount = taskCount;
    this.#formerRunId = newestRun(harness.dataDir)?.id ?? null;
  }

  get runId(): string | null {
    const id = newestRun(this.#harness.dataDir)?.id ?? null;
    return id === this.#formerRunId ? null : id;
  }

  get hasEnded(): boolean {
    return this.runId !== null && ENDED.includes(newestRun(this.#harness.dataDir)?.state ?? '');
  }

  goOn(crashAt: string | null): ProgramProcess {
    const { runId } = this;
    const words = runId === null ? startRunWords(this.#taskCount) : ['run', 'resume', runId];
    return this.#harness.start(words, crashAt === null ? {} : { env: { DEDGEAI_CRASH_AT: crashAt } });
  }

  /** What must hold right after a kill, before anything is started again. */
  async look(ended: Ended): Promise<void> {
    const { dataDir } = this.#harness;
    hold(
      ended.signal === 'SIGKILL' || this.hasEnded,
      `The program was to be killed and ended with ${ended.status}: ${ended.stderr.slice(-1000)}`,
    );
    await holdNoProcess(dataDir);
    holdDatabaseSound(dataDir);
    const { runId } = this;
    if (runId === null) return;
    const now = acceptedTasks(dataDir, runId);
    for (const [id, what] of this.#accepted)
      hold(now.get(id) === what, `Task ${id} was accepted as ${what}, and now is ${now.get(id) ?? 'not'}`);
    this.#accepted = now;
    this.#harness.note(`killed with ${now.size} accepted`);
  }

  async finish(): Promise<void> {
    const { runId } = this;
    if (!this.hasEnded) await this.#harness.end(this.goOn(null), { status: 0 });
    const run = await this.#harness.holdAll(runId ?? this.runId ?? '', this.#taskCount);
    if (this.#accepted.size > 0 && this.#accepted.size < this.#taskCount) {
      hold(
        run.validity.reasons.some((reason) => reason.includes('not running')),
        `The run does not say that it was interrupted: ${run.validity.reasons.join(' ')}`,
      );
    }
  }
}

const crashWindows: Fault = {
  name: 'crash-windows',
  isShort: true,
  async inject(harness) {
    await harness.prepare({ nodes: 2, timeScale: 60 });
    const run = new KilledRun(harness, harness.isLong ? 400 : 90);
    // Each window early, and in the long form late as well, when most of the run is behind.
    const hits = harness.isLong ? [1, harness.random.nextInt(2, 20)] : [harness.random.nextInt(1, 3)];
    for (const hit of hits) {
      for (const window of CRASH_WINDOWS) {
        const ended = await harness.end(run.goOn(`${window}:${hit}`), { signal: 'SIGKILL' });
        await run.look(ended);
      }
    }
    await run.finish();
  },
};

/** Real ms after its start in which a program is killed: it boots in about two seconds, and then works. */
const LATEST_KILL_MS = 5_000;

const randomKills: Fault = {
  name: 'random-kills',
  isShort: true,
  copies: { short: 1, long: 20 },
  async inject(harness) {
    await harness.prepare({ nodes: 3, timeScale: 40 });
    const kills = harness.isLong ? 10 : 4;
    let run = new KilledRun(harness, harness.isLong ? 220 : 100);
    for (let kill = 0; kill < kills; kill++) {
      if (run.hasEnded) {
        await run.finish();
        run = new KilledRun(harness, 220);
      }
      const window = CRASH_WINDOWS[harness.random.nextInt(0, CRASH_WINDOWS.length * 2 - 1)];
      const hit = harness.random.nextInt(1, 12);
      const afterMs = harness.random.nextInt(0, LATEST_KILL_MS);
      const program = run.goOn(window === undefined ? null : `${window}:${hit}`);
      // A window that is not passed so often is not waited for.
      await Promise.race([program.ended, delay(window === undefined ? afterMs : 3 * LATEST_KILL_MS)]);
      // One that came to its end was not killed.
      if (program.hasEnded && (await program.ended).signal === null) kill--;
      program.signal('SIGKILL');
      await run.look(await program.ended);
    }
    await run.finish();
    harness.remark = `${kills} kills`;
  },
};

/** The core behind the window continues with a run by itself; no one asks it to. */
const killedServer: Fault = {
  name: 'killed-server',
  isShort: false,
  async inject(harness) {
    await harness.prepare({ nodes: 3, timeScale: 40 });
    const first = harness.startRun(120);
    const runId = await harness.untilAccepted(5);
    first.signal('SIGKILL');
    await first.ended;
    for (let kill = 0; kill < 5; kill++) {
      await holdNoProcess(harness.dataDir);
      holdDatabaseSound(harness.dataDir);
      const server = harness.start(['serve', '--port', '0', '--no-open']);
      const before = countTasks(harness.dataDir, runId, 'succeeded');
      await harness.until('the served program continues with the run', () => countTasks(harness.dataDir, runId, 'succeeded') > before);
      await delay(harness.random.nextInt(0, 800));
      server.signal('SIGKILL');
      await server.ended;
    }
    await holdNoProcess(harness.dataDir);
    const server = harness.start(['serve', '--port', '0', '--no-open']);
    await harness.until('the run ends', () => newestRun(harness.dataDir)?.state === 'succeeded');
    server.signal('SIGTERM');
    await server.ended;
    await harness.holdAll(runId, 120);
  },
};

export const crashFaults: readonly Fault[] = [crashWindows, randomKills, killedServer];
