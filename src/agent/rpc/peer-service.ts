// What other agents of the testbed may ask of this one. Each speaks for itself only: as the base station of a lease, or as the edge server
// that it was offered to.
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';

import { type PeerService, type TaskOutcome } from '../../shared/rpc/gen/agent_pb.js';
import type { Lease } from '../../shared/task-life/lease.js';
import type { BaseStation } from '../base-station/base-station.js';
import type { EdgeServer, Execution } from '../edge-server/edge-server.js';
import type { OutcomeDelivery } from '../edge-server/outcome-delivery.js';
import type { PeerDirectory } from '../peers/peer-directory.js';
import type { Runs } from '../runs.js';
import { requireNode } from './authorize.js';
import { checkLeases, checkOutcome, checkTask } from '../messages/parse-messages.js';

export interface PeerServiceOptions {
  baseStation: BaseStation;
  edgeServer: EdgeServer;
  delivery: OutcomeDelivery;
  peers: PeerDirectory;
  runs: Runs;
  onForeignExecution: (execution: Execution) => void;
  /** One sentence while the worker can't work: its short queue would draw every task of the run to this node. */
  workerProblem: () => string | null;
}

export function createPeerService(options: PeerServiceOptions): ServiceImpl<typeof PeerService> {
  const { baseStation, edgeServer, delivery, peers, runs, onForeignExecution, workerProblem } = options;
  return {
    offerTask({ task: offered, expectedBacklogMs, slackMs }, context) {
      requireNode(context, offered?.baseStationId);
      const task = checkTask(offered);
      if (!runs.get(task.runId)) throw new ConnectError(`run ${task.runId} is not configured here`, Code.FailedPrecondition);
      const problem = workerProblem();
      if (problem !== null) throw new ConnectError(`its worker can't work: ${problem}`, Code.Unavailable);
      const answer = edgeServer.admit(task, { expectedBacklogMs, slackMs, onEnd: onForeignExecution });
      if (answer === 'lease-outdated') throw new ConnectError(`this lease of task ${task.id} is over`, Code.AlreadyExists);
      if (answer === 'queue-full') throw new ConnectError('the queue is full', Code.ResourceExhausted);
      return { isAccepted: answer === 'accepted', queue: edgeServer.queueState() };
    },
    async deliverOutcome({ outcome: delivered }, context) {
      const nodeId = requireNode(context, delivered?.edgeServerId);
      const outcome = checkOutcome(delivered);
      const answer = await baseStation.receive(nodeId, outcome, async () => {
        const client = peers.clientOf(nodeId);
        if (!client) throw new ConnectError(`node ${nodeId} is not among the peers`, Code.FailedPrecondition);
        // It can call this node, but not be called: waiting for its image would take long and be in vain.
        if (!peers.view(nodeId).isReachable) throw new ConnectError(`node ${nodeId} does not answer this node`, Code.Unavailable);
        return client.fetchImage(outcome.image?.sha256 ?? '');
      });
      if (answer === 'not-offered') {
        throw new ConnectError(`task ${outcome.taskId} was not offered to node ${nodeId} under this lease`, Code.PermissionDenied);
      }
      return {};
    },
    withdrawTasks({ leases, keepRunning }, context) {
      return { kept: edgeServer.withdraw(leasesOfCaller(leases, requireNode(context)), { keepRunning }) };
    },
    checkTasks({ leases, taken }, context) {
      const nodeId = requireNode(context);
      for (const lease of leasesOfCaller(taken, nodeId)) delivery.taken(lease);
      const asked = leasesOfCaller(leases, nodeId);
      return {
        held: asked.filter((lease) => edgeServer.isHolding(lease)),
        outcomes: asked.map((lease) => delivery.find(lease)).filter((outcome): outcome is TaskOutcome => outcome !== undefined),
      };
    },
    exchangeState({ queue }, context) {
      peers.observe(requireNode(context, queue?.nodeId), queue);
      return { queue: edgeServer.queueState() };
    },
  };
}

function leasesOfCaller(leases: readonly Lease[], nodeId: string): readonly Lease[] {
  const foreign = checkLeases(leases).find((lease) => lease.baseStationId !== nodeId);
  if (!foreign) return leases;
  throw new ConnectError(`node ${nodeId} may not speak for base station ${foreign.baseStationId}`, Code.PermissionDenied);
}
