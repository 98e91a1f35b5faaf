// Someone with the certificate of one node, in the middle of a run: what he says in the names of others changes nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { type ClientIdentity, connectAgent } from '../../../src/main/adapters/agents/agent-client.js';
import { nodeServerName } from '../../../src/shared/agent-config.js';
import { OutcomeStatus, PeerService } from '../../../src/shared/rpc/gen/agent_pb.js';
import { listNodes, type InstalledNode, queryAll } from '../data-folder.js';
import { type Fault, hold } from '../fault.js';
import type { FaultHarness } from '../fault-harness.js';
import { startRunWords } from '../templates.js';

const TASKS = 80;
const SIZE = { widthPx: 512, heightPx: 512 };

interface OpenTask {
  id: string;
  station: string;
  epoch: number;
  seed: number;
  steps: number;
}

function listOpenTasks({ dataDir }: FaultHarness, runId: string): OpenTask[] {
  return queryAll<OpenTask>(
    dataDir,
    `SELECT id, base_station_id AS station, lease_epoch AS epoch, seed, quality_steps AS steps FROM tasks WHERE run_id = ? AND state = 'sent'`,
    runId,
  );
}

function readIdentity({ installDir }: InstalledNode): ClientIdentity {
  const read = (name: string): string => readFileSync(join(installDir, 'tls', name), 'utf8');
  return { caPem: read('ca.pem'), certificatePem: read('node.pem'), privateKeyPem: read('node.key') };
}

function peerOf(target: InstalledNode, { caPem, certificatePem, privateKeyPem }: ClientIdentity) {
  const nodeOptions = { ca: caPem, cert: certificatePem, key: privateKeyPem, servername: nodeServerName(target.id) };
  const baseUrl = `https://127.0.0.1:${target.port}`;
  return createClient(
    PeerService,
    createConnectTransport({ httpVersion: '2', baseUrl, nodeOptions, acceptCompression: [], defaultTimeoutMs: 5_000 }),
  );
}

async function isRefused(call: Promise<unknown>): Promise<boolean> {
  return call.then(
    () => false,
    () => true,
  );
}

/** One round of lies about a task of someone else; gives what was not refused. */
async function lieAbout(
  task: OpenTask,
  runId: string,
  { forger, target, identity }: { forger: InstalledNode; target: InstalledNode; identity: ClientIdentity },
): Promise<string[]> {
  const peer = peerOf(target, identity);
  const asControlCenter = connectAgent({ nodeId: target.id, host: '127.0.0.1', port: target.port, identity });
  const lease = { runId, taskId: task.id, baseStationId: task.station, epoch: task.epoch };
  const offered = { id: task.id, runId, seed: task.seed, qualitySteps: task.steps, prompt: 'forged', ...SIZE };
  const outcome = (status: OutcomeStatus) => ({
    ...{ taskId: task.id, runId, leaseEpoch: task.epoch, baseStationId: task.station, edgeServerId: forger.id, status },
    errorMessage: 'forged',
    isRetryable: false,
  });
  const offer = (baseStationId: string, leaseEpoch: number) =>
    peer.offerTask({ task: { ...offered, baseStationId, leaseEpoch }, expectedBacklogMs: -1, slackMs: 0 });
  try {
    // In his own name he may offer: it must not touch what others have there.
    await offer(forger.id, task.epoch + 1).catch(() => undefined);
    const lies: [string, Promise<unknown>][] = [
      ['an offer in the name of another base station', offer(task.station, task.epoch + 1)],
      ['an offer of an endless epoch', offer(forger.id, 4_000_000_000)],
      ['a withdrawal of leases of another base station', peer.withdrawTasks({ leases: [lease] })],
      ['a question about leases of another base station', peer.checkTasks({ leases: [lease], taken: [lease] })],
      ['a cancellation, which is the control center’s', asControlCenter.cancelTasks({ runId, all: true, keepRunning: false })],
      ['an acknowledgement, which is the control center’s', asControlCenter.acknowledge([lease])],
    ];
    const verdicts = await Promise.all(lies.map(async ([what, call]) => ({ what, refused: await isRefused(call) })));
    return verdicts.flatMap(({ what, refused }) => (refused ? [] : [what]));
  } finally {
    // Refused or ignored, as it was offered there or not: the end of the run tells.
    await Promise.all(
      [OutcomeStatus.FAILED, OutcomeStatus.CANCELLED].map((status) =>
        isRefused(peerOf(target, identity).deliverOutcome({ outcome: outcome(status) })),
      ),
    );
    asControlCenter.close();
  }
}

const hostileNode: Fault = {
  name: 'hostile-node',
  isShort: true,
  async inject(harness) {
    await harness.prepare({ nodes: 3, timeScale: 40 });
    // Every node computes its own: what is offered to the forger's node he may fail (docs/task-life.md), and here nothing of others is.
    const program = harness.start([...startRunWords(TASKS), '--scheduler', 'local-only']);
    const runId = await harness.untilAccepted(3);
    const nodes = listNodes(harness.dataDir);
    const [forger] = nodes;
    hold(forger !== undefined, 'There is no node');
    const identity = readIdentity(forger);
    const own = { runId, taskId: 'none', baseStationId: forger.id, epoch: 1 };
    for (const target of nodes.slice(1)) {
      hold(
        !(await isRefused(peerOf(target, identity).checkTasks({ leases: [own] }))),
        `Node ${target.name} does not even answer in good faith`,
      );
    }
    for (let round = 0; round < (harness.isLong ? 30 : 6) && !program.hasEnded; round++) {
      const foreign = listOpenTasks(harness, runId).filter(({ station }) => station !== forger.id);
      const task = foreign[harness.random.nextInt(0, Math.max(0, foreign.length - 1))];
      if (!task) continue;
      for (const target of nodes.filter(({ id }) => id !== forger.id)) {
        const believed = await lieAbout(task, runId, { forger, target, identity });
        hold(believed.length === 0, `Node ${target.name} believes ${believed.join(' and ')}`);
      }
    }
    await harness.end(program, { status: 0 });
    await harness.holdAll(runId, TASKS);
  },
};

export const hostileFaults: readonly Fault[] = [hostileNode];
