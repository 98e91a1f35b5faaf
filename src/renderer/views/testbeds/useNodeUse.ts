// Which nodes new runs use, as the window changes it: at once, with a way back in the toast and by Ctrl+Z; and a try to reach a lost one now.
import { shallowRef, type ShallowRef } from 'vue';
import { useApi } from '../../composables/useApi.js';
import { useMutation } from '../../composables/useMutation.js';
import { useToasts } from '../../composables/useToasts.js';
import { useUndo } from '../../composables/useUndo.js';
import type { TestbedNode } from '../../../shared/testbed.js';

type NamedNode = Pick<TestbedNode, 'id' | 'name'>;

export interface NodeUse {
  exclude: (node: NamedNode) => Promise<boolean>;
  include: (node: NamedNode) => Promise<boolean>;
  /** Null: no limit. */
  limit: (node: NamedNode, heldLimit: number | null) => Promise<boolean>;
  /** A toast says what came of it. */
  reconnect: (node: NamedNode) => Promise<void>;
  /** Ids of the nodes that are being reached. */
  reconnecting: ShallowRef<ReadonlySet<string>>;
}

/** `changed` is called when the testbed is to be loaded again. */
export function useNodeUse(changed: () => void): NodeUse {
  const api = useApi();
  const toasts = useToasts();
  const undo = useUndo();
  const reconnecting = shallowRef<ReadonlySet<string>>(new Set());

  /** Says whether it is so now; a failure is a toast of its own. */
  const change = ({ id }: NamedNode, use: { isExcluded?: boolean; heldLimit?: number | null }, message: string): Promise<boolean> =>
    undo.during(async () => {
      const changing = useMutation(() => api.testbeds.setNodeUse.mutate({ id, ...use }), { onSuccess: changed });
      const done = await changing.run();
      if (changing.error.value) toasts.reportError(changing.error.value);
      if (!done) return false;
      undo.offer([message, done.keptBy].filter((part) => part !== null).join(' '), async () => {
        await api.testbeds.setNodeUse.mutate({ id, ...done.before });
        changed();
      });
      return true;
    });

  return {
    exclude: (node) => change(node, { isExcluded: true }, `${node.name} is excluded from new runs.`),
    include: (node) => change(node, { isExcluded: false }, `${node.name} is part of new runs again.`),
    limit: (node, heldLimit) => change(node, { heldLimit }, describeChange(node, heldLimit)),
    reconnecting,
    async reconnect({ id, name }) {
      if (reconnecting.value.has(id)) return;
      reconnecting.value = new Set([...reconnecting.value, id]);
      const reaching = useMutation(() => api.testbeds.reconnect.mutate({ id }), { onSuccess: changed });
      const live = await reaching.run();
      reconnecting.value = new Set([...reconnecting.value].filter((other) => other !== id));
      if (reaching.error.value) toasts.reportError(reaching.error.value);
      else if (live?.isConnected === true) toasts.announce(`${name} answers.`);
      else if (live)
        toasts.reportError({
          code: 'agent-unreachable',
          message: `${name} does not answer: ${live.problem ?? 'no reason is known.'}`,
          hint: 'Check that it is on and reachable. Provisioning it again starts its agent.',
        });
    },
  };
}

function describeChange({ name }: NamedNode, heldLimit: number | null): string {
  if (heldLimit === null) return `${name} takes as many tasks as come again.`;
  return `${name} holds at most ${heldLimit} ${heldLimit === 1 ? 'task' : 'tasks'} at a time in new runs.`;
}
