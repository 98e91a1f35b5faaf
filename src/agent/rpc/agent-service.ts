// What the control center may ask of this agent.
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';

import { AGENT_ABILITIES } from '../../shared/agent-abilities.js';
import { AppError } from '../../shared/errors.js';
import type { AgentService, AgentStatus } from '../../shared/rpc/gen/agent_pb.js';
import { PROTOCOL_VERSION } from '../../shared/rpc/protocol-version.js';
import { SERVICES } from '../../shared/service.js';
import type { Lease } from '../../shared/task-life/lease.js';
import type { BaseStation } from '../base-station/base-station.js';
import type { BlockExchange } from '../blocks/block-exchange.js';
import type { EdgeServer } from '../edge-server/edge-server.js';
import type { ExperienceKeeper } from '../experience/experience-keeper.js';
import { describeThrown } from '../log.js';
import type { PeerDirectory } from '../peers/peer-directory.js';
import type { Probe } from '../probe.js';
import type { Runs, RunSettings } from '../runs.js';
import type { LocalIdentity } from '../trust/local-identity.js';
import type { RosterKeeper } from '../trust/roster-keeper.js';
import { AGENT_VERSION } from '../version.js';
import type { Worker } from '../worker/worker.js';
import type { WatchFeed } from '../watch-feed.js';
import {
  checkConfigure,
  checkLeases,
  checkProbe,
  checkRoster,
  checkShareBlocks,
  checkTask,
  readSettings,
} from '../messages/parse-messages.js';

/** Bounds the agent's memory; twenty times the largest run of the paper. */
const MAX_OPEN_TASKS = 20_000;
/** Of one answer. */
const MAX_EXPERIENCES = 500;

export interface AgentServiceOptions {
  nodeId: string;
  instanceId: string;
  bundleSha256: string;
  worker: Pick<Worker, 'kind' | 'figures' | 'expect'>;
  timeScale: number;
  baseStation: BaseStation;
  edgeServer: EdgeServer;
  peers: PeerDirectory;
  runs: Runs;
  feed: WatchFeed;
  probe: Probe;
  blocks: BlockExchange;
  roster: RosterKeeper;
  identity: LocalIdentity;
  experience: ExperienceKeeper;
  statusOf: (runId: string) => AgentStatus;
}

export function createAgentService(options: AgentServiceOptions): ServiceImpl<typeof AgentService> {
  const { nodeId, instanceId, baseStation, edgeServer, peers, runs, feed, probe, blocks, roster, identity, statusOf } = options;
  return {
    describe() {
      const { bundleSha256, worker, timeScale } = options;
      const status = statusOf('');
      const report = worker.figures() ?? undefined;
      const versions = { agentVersion: AGENT_VERSION, bundleSha256, protocolVersion: PROTOCOL_VERSION };
      const trust = { rosterVersion: roster.version, certificate: identity.certificate };
      return {
        nodeId,
        ...versions,
        ...trust,
        workerKind: worker.kind,
        timeScale,
        status,
        instanceId,
        worker: report,
        services: [...SERVICES],
        abilities: [...AGENT_ABILITIES],
      };
    },
    async configure(request) {
      const checked = checkConfigure(request, nodeId);
      const { peers: nodes, slotMs, fixedSec, secPerStep, ...settings } = checked;
      const { runId } = settings;
      configureRun(runs, {
        ...{ ...settings, scheduling: readSettings(checked) },
        nodeIds: nodes.map((node) => node.nodeId),
        heldLimits: new Map(nodes.flatMap((node) => (node.heldLimit > 0 ? [[node.nodeId, node.heldLimit]] : []))),
      });
      if (fixedSec > 0 || secPerStep > 0) options.worker.expect({ fixedSec, secPerStep });
      await peers.configure(nodes, slotMs);
      baseStation.decisions.notify();
      return { knownLeases: baseStation.knownLeases(runId), instanceId };
    },
    listLeases({ runId }) {
      return { leases: baseStation.knownLeases(runId) };
    },
    submitTasks({ tasks }) {
      for (const task of tasks) {
        checkTask(task);
        if (task.baseStationId !== nodeId) {
          throw new ConnectError(`task ${task.id} is leased to base station ${task.baseStationId}, not to this one`, Code.InvalidArgument);
        }
        if (!runs.get(task.runId)) throw new ConnectError(`run ${task.runId} is not configured here`, Code.FailedPrecondition);
      }
      const { undecided, outstanding } = baseStation.counts();
      if (undecided + outstanding + tasks.length > MAX_OPEN_TASKS) {
        throw new ConnectError(`more than ${MAX_OPEN_TASKS} open tasks at one base station`, Code.ResourceExhausted);
      }
      return { acceptedCount: baseStation.submit(tasks) };
    },
    async *watch({ runId }, { signal }) {
      yield* feed.watch(runId, { backlog: baseStation.outcomes(runId), status: () => statusOf(runId), signal });
    },
    async acknowledgeOutcomes({ leases }) {
      await baseStation.acknowledge(checkLeases(leases));
      return {};
    },
    async cancelTasks({ runId, leases, all, keepRunning }) {
      const isLocal = (lease: Lease): boolean => lease.baseStationId === nodeId;
      // Of other base stations: they are told by the control center themselves, or find the task gone when they ask for it.
      const named = checkLeases(leases);
      const foreign = all ? edgeServer.held((lease) => lease.runId === runId && !isLocal(lease)) : named.filter((lease) => !isLocal(lease));
      edgeServer.withdraw(foreign, { keepRunning });
      return { cancelled: await baseStation.cancel({ runId, leases: all ? null : named.filter(isLocal), keepRunning }) };
    },
    setHold({ runId, isHeld }) {
      edgeServer.setHold(runId, isHeld);
      return {};
    },
    async probe(request, { signal }) {
      return probe.make(checkProbe(request), signal);
    },
    async shareBlocks(request) {
      return blocks.share(checkShareBlocks(request));
    },
    async setRoster(request) {
      const isTaken = await inWords(() => roster.replace(checkRoster(request)));
      return { version: roster.version, isTaken };
    },
    listExperience({ runId, from }) {
      return { experiences: options.experience.list(runId, from, MAX_EXPERIENCES) };
    },
    async renewCertificate({ certificate }) {
      await inWords(() => identity.renew(certificate));
      return {};
    },
  };
}

/** What can't be taken up, or put on disk, is said with its reason: the control center has to know it. */
async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof ConnectError) throw thrown;
    if (!(thrown instanceof AppError)) throw new ConnectError(`not kept on disk: ${describeThrown(thrown)}`, Code.Internal);
    throw new ConnectError(thrown.message, thrown.code === 'conflict' ? Code.FailedPrecondition : Code.InvalidArgument);
  }
}

/** A policy that can't be read is the caller's mistake. */
function configureRun(runs: Runs, settings: RunSettings): void {
  try {
    runs.configure(settings);
  } catch (thrown) {
    if (thrown instanceof RangeError) throw new ConnectError(`run: ${thrown.message}`, Code.InvalidArgument);
    throw thrown;
  }
}
