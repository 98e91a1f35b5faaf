// What other agents of the testbed may ask of this one.
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';

import type { BaseStation } from '../base-station/base-station.js';
import type { EdgeServer, Execution } from '../edge-server/edge-server.js';
import type { PeerDirectory } from '../peers/peer-directory.js';
import type { Runs } from '../runs.js';
import { type PeerService } from '../../shared/rpc/gen/agent_pb.js';
import { requireNode } from './authorise.js';
import { checkOutcome, checkTask } from './parse-requests.js';

export interface PeerServiceParts {
  baseStation: BaseStation;
  edgeServer: EdgeServer;
  peers: PeerDirectory;
  runs: Runs;
  onForeignExecution: (execution: Execution) => void;
  /** One sentence while the worker can't work: its short queue would draw every task of the run to this node. */
  workerProblem: () => string | null;
}

export function createPeerService(parts: PeerServiceParts): ServiceImpl<typeof PeerService> {
  const { baseStation, edgeServer, peers, runs, onForeignExecution, workerProblem } = parts;
  return {
    offerTask({ task: offered, baseStationId, expectedBacklogMs, slackMs }, context) {
      requireNode(context, baseStationId);
      const task = checkTask(offered);
      if (!runs.get(task.runId)) throw new ConnectError(`run ${task.runId} is not configured here`, Code.FailedPrecondition);
      const problem = workerProblem();
      if (problem !== null) throw new ConnectError(`its worker can't work: ${problem}`, Code.Unavailable);
      const answer = edgeServer.admit(task, { baseStationId, expectedBacklogMs, slackMs, onEnd: onForeignExecution });
      if (answer === 'lease-outdated') throw new ConnectError(`task ${task.id} has a newer lease`, Code.AlreadyExists);
      if (answer === 'queue-full') throw new ConnectError('the queue is full', Code.ResourceExhausted);
      return { isAccepted: answer === 'accepted', queue: edgeServer.queueState() };
    },
    async deliverOutcome({ outcome: delivered }, context) {
      const nodeId = requireNode(context, delivered?.edgeServerId);
      const outcome = checkOutcome(delivered);
      await baseStation.receive(outcome, async () => {
        const client = peers.clientOf(nodeId);
        if (!client) throw new ConnectError(`node ${nodeId} is not among the peers`, Code.FailedPrecondition);
        return client.fetchImage(outcome.image?.sha256 ?? '');
      });
      return {};
    },
    withdrawTasks({ runId, taskIds, keepRunning }, context) {
      const nodeId = requireNode(context);
      const wanted = new Set(taskIds);
      const withdrawn = edgeServer.withdraw({
        matches: (task, baseStationId) => baseStationId === nodeId && task.runId === runId && wanted.has(task.id),
        keepRunning,
      });
      return { withdrawnTaskIds: withdrawn.map(({ task }) => task.id) };
    },
    exchangeState({ queue }, context) {
      peers.observe(requireNode(context, queue?.nodeId), queue);
      return { queue: edgeServer.queueState() };
    },
  };
}
