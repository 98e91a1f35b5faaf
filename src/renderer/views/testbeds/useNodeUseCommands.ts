// Every node of the testbed that is open, in the palette: reach it, leave it out, limit it.
import { inject, onScopeDispose } from 'vue';
import type { Command } from '../../commands/command.js';
import { COMMANDS_KEY } from '../../commands/command-registry.js';
import type { TestbedNode } from '../../../shared/testbed.js';
import { healthOf, isOutOfReach } from './node-health.js';
import type { NodeRow } from './node-rows.js';
import type { NodeUse } from './useNodeUse.js';

type Acts = Pick<NodeUse, 'exclude' | 'include' | 'reconnect'> & { limit: (node: TestbedNode) => void };

export function useNodeUseCommands(rows: () => readonly NodeRow[], acts: Acts): void {
  const remove = inject(COMMANDS_KEY, null)?.add({
    get commands() {
      return rows().flatMap((row) => commandsOf(row, acts));
    },
    listed: [],
    isOfView: true,
  });
  onScopeDispose(() => remove?.());
}

function commandsOf({ node, live }: NodeRow, { exclude, include, reconnect, limit }: Acts): Command[] {
  const { id, name, isExcluded } = node;
  return [
    ...(isOutOfReach(healthOf(node, live))
      ? [{ id: `node.reconnect.${id}`, label: `Reconnect ${name}`, run: () => void reconnect(node) }]
      : []),
    isExcluded
      ? { id: `node.include.${id}`, label: `Include ${name} in new runs`, run: () => void include(node) }
      : { id: `node.exclude.${id}`, label: `Exclude ${name} from new runs`, run: () => void exclude(node) },
    ...(isExcluded ? [] : [{ id: `node.limit.${id}`, label: `Limit the tasks of ${name}`, run: () => limit(node) }]),
  ];
}
