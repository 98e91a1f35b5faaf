// What can be done with one node of a testbed, for its menu.
import type { RouteLocationRaw } from 'vue-router';
import type { MenuItem } from '../../components/menu-item.js';
import type { TestbedNode } from '../../../shared/testbed.js';

interface NodeCommands {
  isChosen: boolean;
  choose: () => void;
  remove: () => void;
  go: (to: RouteLocationRaw) => void;
}

export function listNodeCommands({ kind, id, provisionState }: TestbedNode, commands: NodeCommands): MenuItem[] {
  const provisioning = { tab: 'provisioning', node: id, ...(kind === 'ssh' && { plan: 'made' }) };
  return [
    { label: commands.isChosen ? 'Hide its facts' : 'Show its facts', keys: ['Enter'], select: commands.choose },
    {
      label: provisionState === 'failed' ? 'Show provisioning' : 'Go to provisioning',
      select: () => commands.go({ query: provisioning }),
    },
    {
      label: 'Remove node',
      reason: kind === 'ssh' ? null : 'A virtual node is removed with its testbed',
      select: commands.remove,
    },
  ];
}
