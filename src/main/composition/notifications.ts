// What is kept for someone who did not look, made from what every domain says.
import type { AgentMonitor } from '../adapters/agents/agent-monitor.js';
import { describeFailure } from '../adapters/log/report-internal-error.js';
import type { HostKeys } from '../domain/nodes/access/host-keys.js';
import { isOpenState } from '../../shared/job.js';
import type { Conditions, LostNode, MissedStart } from '../domain/notifications/condition-notices.js';
import { LostNodes } from '../domain/notifications/lost-nodes.js';
import { NotificationService } from '../domain/notifications/notification-service.js';
import { NotificationWatch } from '../domain/notifications/notification-watch.js';
import { findDiskRoom } from '../foundation/disk-room.js';
import type { CompositionContext } from './context.js';
import type { WorkloadServices } from './workload.js';

export interface ComposedNotifications {
  notifications: NotificationService;
  /** An event was put on record. */
  hear(event: { kind: string; subjectId: string | null }): void;
  close(): Promise<void>;
}

export interface NotificationParts {
  monitor: Pick<AgentMonitor, 'snapshot'>;
  hostKeys: Pick<HostKeys, 'listQuestions'>;
  workload: Pick<WorkloadServices, 'runs' | 'planned'>;
  /** Whether this program works at anything: one that only answers a question keeps nothing of what it sees. */
  isAtWork: boolean;
}

export function composeNotifications(context: CompositionContext, parts: NotificationParts): ComposedNotifications {
  const { storage, jobs, log, nowMs, isOwner } = context;
  const notifications = new NotificationService({ store: storage.notifications, nowMs });
  if (!isOwner || !parts.isAtWork) return { notifications, hear: () => undefined, close: () => Promise.resolve() };
  const watch = new NotificationWatch({
    sources: {
      jobs: () => jobs.list(),
      runsSince: (atMs) => storage.runs.listIdsSince(atMs),
      run: (id) => (storage.runs.getRun(id) ? parts.workload.runs.get(id) : null),
      isUnderWay: (id) => parts.workload.runs.isExecuting(id) || storage.runs.getRun(id)?.finishedAtMs === null,
      seriesName: (id) => storage.jobs.get(id)?.subject.name ?? null,
      conditions: makeConditions(context, parts),
    },
    notifications,
    sinceMs: findSince(context),
    nowMs,
    onProblem: (thrown) => void describeFailure(log, thrown, { doing: 'looking for what is worth a notification' }),
  });
  const stopListening = jobs.subscribe(() => watch.wake());
  watch.start();
  return {
    notifications,
    hear({ kind, subjectId }) {
      if (kind === 'run-started' && subjectId !== null) watch.follow(subjectId);
      else watch.wake();
    },
    async close() {
      stopListening();
      await watch.close();
    },
  };
}

/** A program must be able to start on a disk that takes nothing more. */
function findSince({ storage, log, nowMs }: CompositionContext): number {
  try {
    return storage.notifications.since(nowMs());
  } catch (thrown) {
    describeFailure(log, thrown, { doing: 'noting since when notifications are kept' });
    return nowMs();
  }
}

function makeConditions(
  { storage, dataDir, nowMs }: CompositionContext,
  { monitor, hostKeys, workload }: NotificationParts,
): (runIds: readonly string[]) => Promise<Conditions> {
  const lost = new LostNodes();
  const lostNodesOf = (runId: string): LostNode[] => {
    const run = storage.runs.getRun(runId);
    if (run?.state !== 'running' && run?.state !== 'stopping') return [];
    const names = new Map(run.nodesSnapshot.map(({ id, name }) => [id, name]));
    return monitor.snapshot(run.spec.testbedId).flatMap((node) => {
      const nodeName = names.get(node.nodeId);
      const lostMs = lost.lostFor(node, nowMs());
      if (nodeName === undefined || lostMs === null) return [];
      return [{ runId, runName: run.spec.name, nodeId: node.nodeId, nodeName, lostMs, problem: node.problem }];
    });
  };
  return async (runIds) => {
    const testbeds = storage.testbeds.listTestbeds();
    return {
      lostNodes: runIds.flatMap(lostNodesOf),
      hostKeys: testbeds.flatMap(({ id, name, nodes }) =>
        hostKeys.listQuestions(id).map((question) => ({
          question,
          nodeName: nodes.find((node) => node.id === question.nodeId)?.name ?? question.nodeId,
          testbed: { id, name },
        })),
      ),
      missedStarts: workload.planned.missed().flatMap(({ id, atMs }): MissedStart[] => {
        const run = storage.runs.getRun(id);
        const job = storage.jobs.get(id);
        if (run?.state === 'queued') return [{ kind: 'run', id, name: run.spec.name, atMs }];
        return job && isOpenState(job.state) ? [{ kind: 'series', id, name: job.subject.name, atMs }] : [];
      }),
      disk: await findDiskRoom(dataDir),
      nodeIds: testbeds.flatMap(({ nodes }) => nodes.map(({ id }) => id)),
      trustedFingerprints: storage.hostKeys.fingerprints(),
    };
  };
}
