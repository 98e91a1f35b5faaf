// How fast a model gets to nodes. To one node, against scp of the same bytes to the same server in the same run, over a link of a given rate
// and over none; to five at once over an uplink that they share, against one; and how the process that answers the window fares meanwhile. OpenSSH's servers on loopback stand for
// the nodes, so this machine does the work of both ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { findProgramPaths } from '../../src/main/foundation/program-paths.js';
import type { StoredModel } from '../../src/main/adapters/storage/model-repository.js';
import { findFreePort } from '../../src/main/foundation/listen-port.js';
import { findSshd } from '../support/find-tools.js';
import { sendRoster, writeAgentFiles } from '../support/push-agents.js';
import { modelOn, openPushHarness, type PushHarness } from '../support/push-harness.js';
import type { RealSshd } from '../support/real-sshd.js';
import { openSlowLink } from '../support/slow-link.js';
import { percentile } from './bench-core.js';
import { measurePushCommand, type PushCommandFigures } from './push-command.js';
import { timeScp } from './time-scp.js';

const MB = 1_000_000;
const ROUNDS = 3;
const SINGLE_BYTES = 800 * MB;
const SHARED_BYTES = 300 * MB;
/**
 * The link of the comparison with scp: as fast as this machine can be both ends of and still wait for it. 13 s for what takes a real model of
 * 6 GB 50 s on gigabit Ethernet: what a push costs before the first byte and after the last one weighs here four times as much.
 */
const LINK_BYTES_PER_SEC = 60 * MB;
const LINKED_BYTES = 800 * MB;
/** Slow enough that the link is what everything waits for, on a machine that does the work of six. */
const UPLINK_BYTES_PER_SEC = 15 * MB;
const NODE_COUNT = 5;
const LOOP_RESOLUTION_MS = 1;

interface PushFigures {
  /** `model push` of the command line, its start included, against scp. */
  command: PushCommandFigures;
  bytes: number;
  pushMbPerSec: number;
  scpMbPerSec: number;
  scpSameCipherMbPerSec: number;
  /** Of scp as it is and of scp with the same cipher, both without verification. */
  ofScp: number;
  ofScpSameCipher: number;
  linkMbPerSec: number;
  /** Over that link, by round, ms. */
  linkedPushMs: number[];
  linkedScpMs: number[];
  /** Of scp over that link: the fastest of each, and the median of the rounds. */
  ofScpOverLink: number;
  ofScpOverLinkMedian: number;
  /** Of the process that holds the services, during the pushes to one node. */
  eventLoopP99Ms: number;
  uplinkMbPerSec: number;
  oneNodeSec: number;
  fiveNodesSec: number;
  fiveOfOne: number;
  /** Left this machine for five nodes, in sizes of the model. */
  fiveNodesSizesSent: number;
}

/** Null, and a word about it, on a machine without OpenSSH's server. */
export async function measurePush(): Promise<PushFigures | null> {
  const sshd = findSshd();
  if (!sshd) {
    process.stderr.write('push: there is no sshd on this machine, so it was not measured\n');
    return null;
  }
  const harness = await openPushHarness({ sshd, workerPath: findProgramPaths().pushWorkerPath });
  try {
    const command = await measurePushCommand(sshd);
    const figures = { command, ...(await measureOverLink(harness)), ...(await measureOne(harness)), ...(await measureShared(harness)) };
    const { overLoopback, overLink } = command;
    process.stderr.write(
      `model push of 300 MB from the command line, of scp, medians (promised: 0.9): over ${figures.linkMbPerSec} MB/s ${overLink.openSshOfScp.toFixed(2)} by ssh, ` +
        `${overLink.builtInOfScp.toFixed(2)} by the program's own; over loopback ${overLoopback.openSshOfScp.toFixed(2)} and ${overLoopback.builtInOfScp.toFixed(2)}\n` +
        `push to one node over ${figures.linkMbPerSec} MB/s: ${figures.ofScpOverLink.toFixed(2)} of scp, median ${figures.ofScpOverLinkMedian.toFixed(2)} (promised: 0.9)\n` +
        `push to one node over loopback: ${figures.pushMbPerSec.toFixed(0)} MB/s with SHA-256 and on disk; scp: ${figures.scpMbPerSec.toFixed(0)} MB/s, with the same cipher ` +
        `${figures.scpSameCipherMbPerSec.toFixed(0)} MB/s (push is ${figures.ofScp.toFixed(2)} and ${figures.ofScpSameCipher.toFixed(2)} of them); ` +
        `event loop p99 ${figures.eventLoopP99Ms.toFixed(1)} ms (promised: under 50 ms)\n` +
        `push to five nodes over ${figures.uplinkMbPerSec} MB/s: ${figures.fiveNodesSec.toFixed(1)} s against ${figures.oneNodeSec.toFixed(1)} s for one ` +
        `(${figures.fiveOfOne.toFixed(2)}; promised 1.4), ${figures.fiveNodesSizesSent.toFixed(2)} times the model left this machine\n`,
    );
    return figures;
  } finally {
    await harness.close();
  }
}

async function measureOverLink(harness: PushHarness) {
  const link = openSlowLink(LINK_BYTES_PER_SEC);
  try {
    const server = await harness.startServer();
    const port = await link.leadTo(server.port);
    const node = harness.services.service.addNode({ testbedId: harness.testbed.id, host: '127.0.0.1', port, user: harness.user });
    await harness.say(node, true);
    const model = harness.addModel(randomBytes(LINKED_BYTES));
    const [scpMs, pushMs]: [number[], number[]] = [[], []];
    // In turns, so that a noisy neighbour slows both.
    for (let round = 0; round < ROUNDS; round++) {
      scpMs.push(await scp(harness, { ...server, port }, model, []));
      pushMs.push(await push(harness, model, [node.id]));
      rmSync(modelOn(server, model).finalPath);
    }
    return {
      linkMbPerSec: LINK_BYTES_PER_SEC / MB,
      linkedPushMs: pushMs,
      linkedScpMs: scpMs,
      ofScpOverLink: Math.min(...scpMs) / Math.min(...pushMs),
      ofScpOverLinkMedian: percentile(
        scpMs.map((ms, round) => ms / pushMs[round]!),
        0.5,
      ),
    };
  } finally {
    await link.close();
  }
}

async function measureOne(harness: PushHarness) {
  const { server, node } = await harness.addTrustedNode();
  const model = harness.addModel(randomBytes(SINGLE_BYTES));
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  let [pushMs, scpMs, sameCipherMs] = [Infinity, Infinity, Infinity];
  let p99Ms = 0;
  // In turns, so that a noisy neighbour slows all of them.
  for (let round = 0; round < ROUNDS; round++) {
    scpMs = Math.min(scpMs, await scp(harness, server, model, []));
    sameCipherMs = Math.min(sameCipherMs, await scp(harness, server, model, ['-c', 'aes128-gcm@openssh.com']));
    // What has passed so far was not the push's.
    loop.reset();
    loop.enable();
    pushMs = Math.min(pushMs, await push(harness, model, [node.id]));
    loop.disable();
    p99Ms = Math.max(p99Ms, loop.percentile(99) / 1e6 - LOOP_RESOLUTION_MS);
    rmSync(modelOn(server, model).finalPath);
  }
  const mbPerSec = (ms: number): number => SINGLE_BYTES / MB / (ms / 1000);
  return {
    bytes: SINGLE_BYTES,
    pushMbPerSec: mbPerSec(pushMs),
    scpMbPerSec: mbPerSec(scpMs),
    scpSameCipherMbPerSec: mbPerSec(sameCipherMs),
    ofScp: scpMs / pushMs,
    ofScpSameCipher: sameCipherMs / pushMs,
    eventLoopP99Ms: p99Ms,
  };
}

/** As `timeScp`, with the program's key. */
function scp(harness: PushHarness, server: RealSshd, model: StoredModel, more: readonly string[]): Promise<number> {
  const keyPath = join(harness.dir, 'scp-key');
  rmSync(keyPath, { force: true });
  writeFileSync(keyPath, harness.services.programKey.privateKeyPem, { mode: 0o600 });
  return timeScp({ keyPath, server, path: model.path, more });
}

/** Real ms until the model is whole on every node. */
async function push(harness: PushHarness, model: StoredModel, nodeIds: string[]): Promise<number> {
  const startedMs = performance.now();
  const ended = await harness.finished(harness.start(model, nodeIds));
  const error = ended.nodes.find((node) => node.error)?.error;
  if (error) throw new Error(error.message);
  return performance.now() - startedMs;
}

async function measureShared(harness: PushHarness) {
  const link = openSlowLink(UPLINK_BYTES_PER_SEC);
  const agents: ChildProcess[] = [];
  try {
    const nodeIds: string[] = [];
    for (let place = 0; place < NODE_COUNT; place++) {
      const server = await harness.startServer();
      const [port, agentPort] = [await link.leadTo(server.port), await findFreePort('127.0.0.1', null)];
      const node = harness.services.service.addNode({
        testbedId: harness.testbed.id,
        host: '127.0.0.1',
        port,
        user: harness.user,
        agentPort,
      });
      await harness.say(node, true);
      const { configPath } = await writeAgentFiles(harness, server, node);
      agents.push(await startAgentProcess(configPath));
      nodeIds.push(node.id);
    }
    await sendRoster(harness);
    const oneNodeMs = await push(harness, harness.addModel(randomBytes(SHARED_BYTES)), nodeIds.slice(0, 1));
    const sentBefore = link.sentBytes();
    const fiveNodesMs = await push(harness, harness.addModel(randomBytes(SHARED_BYTES)), nodeIds);
    return {
      uplinkMbPerSec: UPLINK_BYTES_PER_SEC / MB,
      oneNodeSec: oneNodeMs / 1000,
      fiveNodesSec: fiveNodesMs / 1000,
      fiveOfOne: fiveNodesMs / oneNodeMs,
      fiveNodesSizesSent: (link.sentBytes() - sentBefore) / SHARED_BYTES,
    };
  } finally {
    for (const agent of agents) agent.kill('SIGKILL');
    await link.close();
  }
}

/** Resolves when it listens. */
async function startAgentProcess(configPath: string): Promise<ChildProcess> {
  const agent = spawn(process.execPath, [findProgramPaths().agentBundlePath, '--config', configPath], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(agent.stdout, 'data');
  return agent;
}
