// Nodes that stop, die, stay away, slow down, or have a clock from 1970.
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { agentPidOf, listNodes, type InstalledNode, queryNumber } from '../data-folder.js';
import { type Fault, hold, holdNamed } from '../fault.js';
import type { FaultHarness } from '../fault-harness.js';

function pick(harness: FaultHarness): InstalledNode {
  const nodes = listNodes(harness.dataDir);
  const node = nodes[harness.random.nextInt(0, nodes.length - 1)];
  hold(node !== undefined, 'There is no node');
  return node;
}

const countResent = (harness: FaultHarness, runId: string): number =>
  queryNumber(harness.dataDir, 'SELECT count(*) FROM tasks WHERE run_id = ? AND attempt_count > 1', runId);

/** Shorter than any patience: nothing is to be re-sent. */
const stoppedShortly: Fault = {
  name: 'agent-stopped-5-s',
  isShort: true,
  async inject(harness) {
    await harness.prepare({ nodes: 3, timeScale: 40 });
    const program = harness.startRun(80);
    const runId = await harness.untilAccepted(3);
    const agent = agentPidOf(pick(harness));
    process.kill(agent, 'SIGSTOP');
    await delay(5_000);
    process.kill(agent, 'SIGCONT');
    await harness.end(program, { status: 0 });
    await harness.holdAll(runId, 80);
    const resent = countResent(harness, runId);
    hold(resent === 0, `${resent} tasks were re-sent for a stop of 5 s`);
  },
};

const stoppedLong: Fault = {
  name: 'agent-stopped-long',
  isShort: false,
  copies: { short: 1, long: 2 },
  async inject(harness) {
    await harness.prepare({ nodes: 3, timeScale: 10 });
    const program = harness.startRun(100);
    const runId = await harness.untilAccepted(3);
    const node = pick(harness);
    const agent = agentPidOf(node);
    process.kill(agent, 'SIGSTOP');
    await delay(harness.random.nextInt(20_000, 40_000));
    process.kill(agent, 'SIGCONT');
    await harness.end(program, { status: 0 });
    holdNamed(await harness.holdAll(runId, 100), node);
  },
};

const agentKilled: Fault = {
  name: 'agent-killed',
  isShort: true,
  copies: { short: 1, long: 3 },
  async inject(harness) {
    await harness.prepare({ nodes: 3, timeScale: 40 });
    const taskCount = harness.isLong ? 200 : 80;
    const program = harness.startRun(taskCount);
    const runId = await harness.untilAccepted(3);
    for (let kill = 0; kill < (harness.isLong ? 5 : 2) && !program.hasEnded; kill++) {
      const node = pick(harness);
      const agent = agentPidOf(node);
      process.kill(agent, 'SIGKILL');
      await harness.until(`${node.name} starts its agent again`, () => program.hasEnded || agentPidOf(node) !== agent);
      await delay(harness.random.nextInt(0, 1_500));
    }
    await harness.end(program, { status: 0 });
    await harness.holdAll(runId, taskCount);
  },
};

const nodeGone: Fault = {
  name: 'node-gone',
  isShort: false,
  async inject(harness) {
    await harness.prepare({ nodes: 3, timeScale: 40 });
    const program = harness.startRun(80);
    const runId = await harness.untilAccepted(3);
    const node = pick(harness);
    const agent = agentPidOf(node);
    // No one starts it again: without this the virtual node would, as systemd does.
    renameSync(join(node.installDir, 'start-agent.sh'), join(node.installDir, 'start-agent.sh.away'));
    process.kill(agent, 'SIGKILL');
    await harness.end(program, { status: 0 });
    holdNamed(await harness.holdAll(runId, 80), node);
  },
};

const slowNode: Fault = {
  name: 'slow-node',
  isShort: false,
  async inject(harness) {
    // Long enough for several computations at the lower speed: from one alone no one can tell.
    const taskCount = 220;
    await harness.prepare({ nodes: 3, timeScale: 30 });
    const program = harness.startRun(taskCount);
    const runId = await harness.untilAccepted(5);
    const node = pick(harness);
    const agent = agentPidOf(node);
    const configPath = join(node.installDir, 'config.json');
    const config = JSON.parse(readFileSync(configPath, 'utf8')) as { worker: { speedFactor: number } };
    writeFileSync(configPath, `${JSON.stringify({ ...config, worker: { ...config.worker, speedFactor: 0.2 } }, null, 2)}\n`);
    process.kill(agent, 'SIGKILL');
    await harness.until(`${node.name} starts its agent again`, () => agentPidOf(node) !== agent);
    await harness.end(program, { status: 0 });
    const { validity } = await harness.holdAll(runId, taskCount);
    const words = [...validity.reasons, ...validity.limitations].join(' ');
    hold(words.includes(node.name), `The run does not say that ${node.name} became five times slower: ${words}`);
  },
};

/** A C library that gives a process another clock, as a node without a battery has it. Empty where it can't be made. */
function whyNoClock(): string | null {
  if (process.platform !== 'linux') return 'a process gets another clock by LD_PRELOAD, which is Linux only';
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'there is no C compiler to make a clock of 1970 with';
  }
}

const wrongClock: Fault = {
  name: 'clock-of-1970',
  isShort: false,
  whyNot: whyNoClock,
  async inject(harness) {
    await harness.prepare({ nodes: 2, timeScale: 60 });
    const library = join(harness.folder, 'clock.so');
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, join(import.meta.dirname, '../../test/faults/clock-of-1970.c'), '-ldl']);
    const [node] = listNodes(harness.dataDir);
    hold(node !== undefined, 'There is no node');
    // The agent is started by the Node.js that this file names.
    const shim = join(harness.folder, 'node');
    writeFileSync(shim, `#!/bin/sh\nLD_PRELOAD='${library}' exec '${process.execPath}' "$@"\n`);
    chmodSync(shim, 0o755);
    writeFileSync(join(node.installDir, 'node-path'), `${shim}\n`);
    const taskCount = 10;
    const ended = await harness.end(harness.startRun(taskCount), { status: 0 });
    hold(/clock of the node is wrong/.test(ended.stderr), `The terminal does not name the clock as the cause:\n${ended.stderr}`);
    const first = await harness.holdAll(await harness.untilAccepted(taskCount), taskCount);
    hold(
      first.validity.reasons.some((reason) => reason.includes(node.name)),
      `The run does not name ${node.name}`,
    );
    // Its clock is set: all is as before.
    writeFileSync(join(node.installDir, 'node-path'), `${process.execPath}\n`);
    const second = await harness.end(harness.startRun(taskCount), { status: 0 });
    hold(!second.stderr.includes(`${node.name} does not answer`), `A node whose clock was set still does not answer:\n${second.stderr}`);
    await harness.holdAll(await harness.untilAccepted(taskCount), taskCount);
  },
};

export const nodeFaults: readonly Fault[] = [wrongClock, stoppedShortly, stoppedLong, agentKilled, nodeGone, slowNode];
