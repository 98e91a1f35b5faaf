// How a node is, in one state with its word: what decides the order of nodes, their color in every picture, and what needs a person. Pure.
import { formatAge, formatDuration } from '../../../shared/format.js';
import { CONNECTING, type NodeLive, type TestbedNode } from '../../../shared/testbed.js';
import type { Status } from '../../components/status.js';
import { PROVISION_STATUS } from '../../components/status.js';

/** An agent speaks at least once a second; after two intervals and a margin for what a network does it counts as lost, real seconds. */
export const LOST_AFTER_SEC = 22;

type HealthNode = Pick<TestbedNode, 'provisionState'>;

export type NodeHealth = 'lost' | 'failed' | 'problem' | 'quiet' | 'provisioning' | 'new' | 'waiting' | 'running' | 'idle';

/** From what needs a person to what is well. */
export const HEALTH_ORDER: readonly NodeHealth[] = [
  'lost',
  'failed',
  'problem',
  'quiet',
  'provisioning',
  'new',
  'waiting',
  'running',
  'idle',
];

/** `live` is null before the first word of the control center on it. */
export function healthOf(node: HealthNode, live: NodeLive | null): NodeHealth {
  if (node.provisionState === 'failed') return 'failed';
  if (node.provisionState === 'provisioning') return 'provisioning';
  if (node.provisionState === 'new') return 'new';
  if (!live || live.problem === CONNECTING) return 'waiting';
  if (!live.isConnected) return live.lastCheckInAgeSec === null || live.lastCheckInAgeSec >= LOST_AFTER_SEC ? 'lost' : 'quiet';
  if (live.problem !== null) return 'problem';
  return live.runningTaskId === null ? 'idle' : 'running';
}

export function describeHealth(node: HealthNode, live: NodeLive | null): Status {
  const health = healthOf(node, live);
  switch (health) {
    case 'failed':
      return { tone: 'danger', label: 'Provisioning failed' };
    case 'provisioning':
    case 'new':
      return PROVISION_STATUS[health];
    case 'waiting':
      return { tone: 'idle', label: 'Connecting' };
    case 'lost':
      return {
        tone: 'danger',
        label: live?.lastCheckInAgeSec == null ? 'Lost' : `Lost for ${formatDuration(live.lastCheckInAgeSec * 1000)}`,
      };
    case 'quiet':
      return { tone: 'warning', label: 'Not connected' };
    case 'problem':
      return { tone: 'warning', label: 'Connected, needs a look' };
    case 'running':
      return { tone: 'busy', label: 'Running' };
    case 'idle':
      return { tone: 'ok', label: 'Ready' };
  }
}

/** `answered 1 s ago`; null where it never spoke in this session. */
export function describeLastWord(live: NodeLive | null): string | null {
  return live?.lastCheckInAgeSec == null ? null : `answered ${formatAge(live.lastCheckInAgeSec * 1000)}`;
}

/** Whether another try to reach it may help. */
export function isOutOfReach(health: NodeHealth): boolean {
  return health === 'lost' || health === 'quiet';
}

/** What the states are called in a count. */
export const HEALTH_WORDS: Record<NodeHealth, string> = {
  lost: 'lost',
  failed: 'failed',
  problem: 'with a problem',
  quiet: 'not connected',
  provisioning: 'provisioning',
  new: 'not provisioned',
  waiting: 'connecting',
  running: 'running',
  idle: 'ready',
};

/** Whether a person should look at the node. */
export function needsPerson(health: NodeHealth): boolean {
  return health === 'lost' || health === 'failed' || health === 'problem' || health === 'quiet';
}
