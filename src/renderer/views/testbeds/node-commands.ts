// What can be done with one node of a testbed, for its menu.
import type { RouteLocationRaw } from 'vue-router';
import type { MenuItem } from '../../components/menu-item.js';
import type { TestbedNode } from '../../../shared/testbed.js';

interface NodeCommands {
  isChosen: boolean;
  /** Whether another try to reach it may help. */
  isOutOfReach: boolean;
  reconnect: () => void;
  exclude: () => void;
  include: () => void;
  limit: () => void;
  choose: () => void;
  remove: () => void;
  go: (to: RouteLocationRaw) => void;
}

export function listNodeCommands({ kind, id, provisionState, isExcluded, heldLimit }: TestbedNode, commands: NodeCommands): MenuItem[] {
  const provisioning = { tab: 'provisioning', node: id, ...(kind === 'ssh' && { plan: 'made' }) };
  return [
    { label: commands.isChosen ? 'Hide its facts' : 'Show its facts', keys: ['Enter'], select: commands.choose },
    {
      label: provisionState === 'failed' ? 'Show provisioning' : 'Go to provisioning',
      select: () => commands.go({ query: provisioning }),
    },
    { label: 'Reconnect', reason: commands.isOutOfReach ? null : 'It is not lost', select: commands.reconnect },
    isExcluded ? { label: 'Include in new runs', select: commands.include } : { label: 'Exclude from new runs', select: commands.exclude },
    {
      label: heldLimit == null ? 'Limit its tasks' : 'Change its limit',
      reason: isExcluded ? 'New runs do not use it' : null,
      select: commands.limit,
    },
    {
      label: 'Remove node',
      reason: kind === 'ssh' ? null : 'A virtual node is removed with its testbed',
      select: commands.remove,
    },
  ];
}
