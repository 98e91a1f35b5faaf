// Puts an agent together: the composition root of the program on a node. Several may live in one process, as the tests do.
import { randomUUID } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';

import { create } from '@bufbuild/protobuf';

import type { AgentConfig } from '../shared/agent-config.js';
import { AgentService, type AgentStatus, AgentStatusSchema, PeerService } from '../shared/rpc/gen/agent_pb.js';
import { leaseOfOutcome } from '../shared/task-life/lease.js';
import { BaseStation } from './base-station/base-station.js';
import { BlockExchange } from './blocks/block-exchange.js';
import { createBlockRoute } from './rpc/block-route.js';
import { BlockFetcher } from './blocks/fetch-block.js';
import { createLink } from './base-station/simulated-link.js';
import { EdgeServer, type Execution } from './edge-server/edge-server.js';
import { outcomeOfExecution } from './edge-server/execution-outcome.js';
import { OutcomeDelivery } from './edge-server/outcome-delivery.js';
import { loadTlsMaterial } from './load-config.js';
import { type AgentLog, describeThrown, SILENT_LOG } from './log.js';
import { PeerDirectory } from './peers/peer-directory.js';
import { ExperienceKeeper } from './experience/experience-keeper.js';
import { PictureStore } from './pictures/picture-store.js';
import { PolicyVersions } from './policies/policy-versions.js';
import { Probe } from './probe.js';
import { ResultStore } from './results/result-store.js';
import { createAgentService } from './rpc/agent-service.js';
import { MAX_PEER_MESSAGE_BYTES } from './rpc/limits.js';
import { startAgentServer } from './rpc/agent-server.js';
import { createPeerService } from './rpc/peer-service.js';
import { createPictureRoute } from './rpc/picture-route.js';
import { Runs } from './runs.js';
import { createScaledClock } from './scaled-clock.js';
import { LocalIdentity } from './trust/local-identity.js';
import { RosterKeeper } from './trust/roster-keeper.js';
import { WatchFeed } from './watch-feed.js';
import { createWorker } from './worker/create-worker.js';

export interface StartAgentOptions {
  /** Folder that the file names of the configuration are relative to. */
  baseDir: string;
  log?: AgentLog;
  /** Hash of the program's one file; empty when it runs from source. */
  bundleSha256?: string;
}

export interface RunningAgent {
  readonly port: number;
  readonly instanceId: string;
  /** Stops computing, ends all connections and releases the port. Unacknowledged results stay on disk. */
  stop(): Promise<void>;
}

/** Starts an agent. Throws AppError: invalid-input (configuration, certificates), conflict (port in use). */
export async function startAgent(config: AgentConfig, options: StartAgentOptions): Promise<RunningAgent> {
  const { nodeId } = config;
  const log = options.log ?? SILENT_LOG;
  const instanceId = randomUUID();
  const { identity, roster } = await loadTrust(config, options.baseDir, log);
  const results = await ResultStore.open(resolve(options.baseDir, config.resultsDir), log);
  const clock = createScaledClock(config.timeScale);
  const pictures = await PictureStore.open(resolve(options.baseDir, config.resultsDir, 'pictures'), {
    inUse: () => new Set([...baseStation.picturesInUse(), ...edgeServer.picturesInUse()]),
    log,
  });
  const pathOfPicture = (sha256: string): string | null => pictures.pathOf(sha256);
  const worker = createWorker(config.worker, { baseDir: options.baseDir, pathOfPicture, clock, log });
  const link = createLink(config.simulatedLink, clock);
  const policies = new PolicyVersions(() => performance.now());
  const runs = new Runs(clock, policies);
  const feed = new WatchFeed();
  const experience = new ExperienceKeeper();
  const onChange = (): void => feed.noteStatusChange();

  const linkMbps = config.simulatedLink?.rateMbps ?? 0;
  const edgeServer = new EdgeServer({
    ...{ nodeId, instanceId, linkMbps, clock, worker, runs, onChange },
    heldLimitOf: (runId) => runs.heldLimitOf(runId, nodeId),
    onRoom: () => baseStation.decisions.notify(),
  });
  const peers = new PeerDirectory({
    selfId: nodeId,
    identity,
    roster,
    clock,
    log,
    localState: () => edgeServer.queueState(),
    isBusy: () => edgeServer.backlogMs() > 0 || baseStation.counts().undecided + baseStation.counts().outstanding > 0,
    onChange: () => {
      baseStation.decisions.notify();
      onChange();
    },
  });
  const blocks = new BlockExchange({ baseDir: options.baseDir, fetcher: new BlockFetcher(identity, roster), log });
  const delivery = new OutcomeDelivery({ nodeId, peers, results, edgeServer, isGoing: (runId) => runs.isLatest(runId), log });
  const settle = (execution: Execution, take: (outcome: ReturnType<typeof outcomeOfExecution>) => Promise<void>): void => {
    const outcome = outcomeOfExecution(execution, nodeId, runs.get(execution.task.runId)?.startMs ?? 0);
    take(outcome).catch((thrown: unknown) => log.warn('outcome lost', { task: outcome.taskId, reason: describeThrown(thrown) }));
  };
  const baseStation: BaseStation = new BaseStation({
    nodeId,
    clock,
    log,
    link,
    pictures,
    edgeServer,
    isLocalWorkerReady: () => worker.problem() === null,
    peers,
    runs,
    results,
    experience,
    onLocalExecution: (execution) =>
      settle(execution, async (outcome) => {
        try {
          await baseStation.receive(nodeId, outcome, () => Promise.resolve(execution.image?.bytes ?? new Uint8Array()));
        } finally {
          edgeServer.taken(leaseOfOutcome(outcome));
        }
      }),
    onOutcome: (outcome) => feed.publishOutcome(outcome),
    onChange,
  });
  const statusOf = (runId: string): AgentStatus => {
    const { undecided, outstanding } = baseStation.counts();
    return create(AgentStatusSchema, {
      nodeId,
      runId,
      queue: edgeServer.queueState(),
      running: edgeServer.runningTask(),
      executedCount: edgeServer.executedCount(runId),
      undecidedCount: undecided,
      outstandingCount: outstanding,
      unacknowledgedCount: baseStation.outcomes('').length,
      isHeld: edgeServer.isHeld(runId),
      peers: peers.views().map(({ nodeId: peerId, isReachable, ageMs }) => ({ nodeId: peerId, isReachable, ageMs })),
      workerProblem: worker.problem() ?? '',
      decisionP50Ms: baseStation.decisions.times.percentileMs(0.5),
      decisionP99Ms: baseStation.decisions.times.percentileMs(0.99),
      ...(policies.inUse && { policy: policies.inUse }),
    });
  };
  const agentService = createAgentService({
    nodeId,
    instanceId,
    bundleSha256: options.bundleSha256 ?? '',
    worker,
    timeScale: config.timeScale,
    baseStation,
    edgeServer,
    peers,
    runs,
    feed,
    probe: new Probe({ nodeId, edgeServer, results }),
    blocks,
    roster,
    identity,
    experience,
    statusOf,
  });
  const onForeignExecution = (execution: Execution): void =>
    settle(execution, (outcome) => delivery.send(outcome, execution.image?.bytes ?? null));
  const peerService = createPeerService({
    baseStation,
    edgeServer,
    delivery,
    peers,
    runs,
    onForeignExecution,
    workerProblem: () => worker.problem(),
  });
  const close = async (): Promise<void> => {
    feed.close();
    baseStation.close();
    edgeServer.close();
    await delivery.close();
    peers.close();
    await blocks.close();
    pictures.close();
    await worker.close();
  };
  try {
    const server = await startAgentServer({
      listen: config.listen,
      identity,
      roster,
      results,
      byteRoutes: [createBlockRoute(blocks), createPictureRoute(pictures)],
      log,
      routes: (router) =>
        void router.service(AgentService, agentService).service(PeerService, peerService, { readMaxBytes: MAX_PEER_MESSAGE_BYTES }),
    });
    delivery.resume();
    log.info('listening', { node: nodeId, port: server.port });
    return {
      port: server.port,
      instanceId,
      stop: async () => {
        await close();
        await server.close();
      },
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** Who this node is, and whom it lets in: the roster lies beside the certificate, and goes with it when the node is taken out of use. */
async function loadTrust(config: AgentConfig, baseDir: string, log: AgentLog): Promise<{ identity: LocalIdentity; roster: RosterKeeper }> {
  const certificatePath = resolve(baseDir, config.tls.certificateFile);
  const identity = new LocalIdentity({
    nodeId: config.nodeId,
    material: await loadTlsMaterial(config, baseDir),
    certificatePath,
    privateKeyPath: resolve(baseDir, config.tls.privateKeyFile),
    nowMs: () => Date.now(),
    log,
  });
  return { identity, roster: await RosterKeeper.open(join(dirname(certificatePath), 'roster.json'), log) };
}
