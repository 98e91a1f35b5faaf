// Faults of every kind one after the other into the same runs, as a lab has them.
import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { agentPidOf, databasePathOf, listNodes, newestRun } from '../data-folder.js';
import { type Fault, hold } from '../fault.js';
import type { FaultHarness } from '../fault-harness.js';
import { PrivateNetwork, whyNoNetwork } from '../network.js';
import type { ProgramProcess } from '../program-process.js';

const LASTS_MS = 240_000;
const TASKS = 150;
/** What a program that has worked for minutes may have open more than at the first look. */
const MORE_HANDLES = 40;

interface Scene {
  harness: FaultHarness;
  network: PrivateNetwork | null;
  program: ProgramProcess;
}

type Trouble = (scene: Scene) => Promise<void>;

/** A process that has just ended by another trouble is none to signal. */
function signalAgent({ harness }: Scene, signal: NodeJS.Signals): number | null {
  const nodes = listNodes(harness.dataDir);
  const node = nodes[harness.random.nextInt(0, nodes.length - 1)];
  try {
    const pid = node ? agentPidOf(node) : NaN;
    process.kill(pid, signal);
    return pid;
  } catch {
    return null;
  }
}

async function cutSome({ harness, network }: Scene, directions: 'inwards' | 'both'): Promise<void> {
  const ports = listNodes(harness.dataDir).map(({ port }) => port);
  network?.cut(
    ports.filter(() => harness.random.nextFloat() < 0.6),
    directions,
  );
  await delay(harness.random.nextInt(500, 15_000));
  network?.heal();
}

const troubles: Record<string, Trouble> = {
  'kill an agent': async (scene) => void signalAgent(scene, 'SIGKILL'),
  'stop an agent': async (scene) => {
    const pid = signalAgent(scene, 'SIGSTOP');
    await delay(scene.harness.random.nextInt(500, 14_000));
    if (pid !== null && existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGCONT');
  },
  'stop the program': async ({ harness, program }) => {
    program.signal('SIGSTOP');
    await delay(harness.random.nextInt(500, 12_000));
    program.signal('SIGCONT');
  },
  'lock the database': async ({ harness }) => {
    const other = new BetterSqlite3(databasePathOf(harness.dataDir), { timeout: 10_000 });
    other.exec('BEGIN IMMEDIATE');
    await delay(harness.random.nextInt(500, 8_000));
    other.close();
  },
  'cut nodes off': (scene) => cutSome(scene, 'both'),
  'cut the way to nodes': (scene) => cutSome(scene, 'inwards'),
};

const mixture: Fault = {
  name: 'mixture',
  isShort: false,
  copies: { short: 1, long: 2 },
  async inject(harness) {
    const network = whyNoNetwork() === null ? await PrivateNetwork.open() : null;
    if (network) {
      harness.afterwards(() => network.close());
      harness.prefix = network.prefix;
    }
    await harness.prepare({ nodes: 4, timeScale: 20 });
    const names = Object.keys(troubles).filter((name) => network !== null || !name.startsWith('cut'));
    const until = performance.now() + LASTS_MS;
    while (performance.now() < until) {
      const program = harness.startRun(TASKS);
      const before = newestRun(harness.dataDir)?.id;
      await harness.until(
        'the run starts',
        () => newestRun(harness.dataDir)?.id !== before && newestRun(harness.dataDir)?.state === 'running',
      );
      const runId = newestRun(harness.dataDir)?.id ?? '';
      const handles = countHandles(program.pid);
      while (!program.hasEnded) {
        const name = names[harness.random.nextInt(0, names.length - 1)] ?? '';
        harness.note(name);
        await troubles[name]?.({ harness, network, program });
        await delay(harness.random.nextInt(200, 4_000));
        const more = countHandles(program.pid) - handles;
        hold(more <= MORE_HANDLES, `The program has ${more} handles more open than at the start of the run`);
      }
      await harness.end(program, { status: 0 });
      await harness.holdAll(runId, TASKS);
    }
  },
};

/** Files and sockets that a process has open; 0 where it has ended, or the system does not report. */
function countHandles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

export const mixedFaults: readonly Fault[] = [mixture];
