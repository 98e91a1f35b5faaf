// Live state of the nodes of several testbeds: a subscription for each, as testbeds come and go.
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { toApiErrorShape } from '../../api/errors.js';
import { useApi } from '../../composables/useApi.js';
import type { AppErrorShape } from '../../../shared/errors.js';
import type { NodeLive } from '../../../shared/testbed.js';

export interface TestbedsLive {
  /** By the testbed's id; missing until its first snapshot. */
  nodes: ShallowRef<ReadonlyMap<string, readonly NodeLive[]>>;
  /** The last failure of one of them, until the next snapshot. */
  error: ShallowRef<AppErrorShape | null>;
  /** When the last snapshot came, epoch ms; null before the first. */
  heardAtMs: ShallowRef<number | null>;
}

export function useTestbedsLive(testbedIds: () => readonly string[]): TestbedsLive {
  const api = useApi();
  const nodes = shallowRef<ReadonlyMap<string, readonly NodeLive[]>>(new Map());
  const error = shallowRef<AppErrorShape | null>(null);
  const heardAtMs = shallowRef<number | null>(null);
  const open = new Map<string, { unsubscribe: () => void }>();

  function follow(id: string): void {
    const subscription = api.testbeds.watch.subscribe(
      { id },
      {
        onData: (snapshot) => {
          // One that was left meanwhile has no say.
          if (open.get(id) !== subscription) return;
          nodes.value = new Map([...nodes.value, [id, snapshot]]);
          error.value = null;
          heardAtMs.value = Date.now();
        },
        onError: (thrown) => (error.value = toApiErrorShape(thrown)),
      },
    );
    open.set(id, subscription);
  }

  function leave(id: string): void {
    open.get(id)?.unsubscribe();
    open.delete(id);
    nodes.value = new Map([...nodes.value].filter(([known]) => known !== id));
  }

  watch(
    () => [...testbedIds()].sort().join(' '),
    () => {
      const ids = new Set(testbedIds());
      for (const id of [...open.keys()]) if (!ids.has(id)) leave(id);
      for (const id of ids) if (!open.has(id)) follow(id);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    for (const { unsubscribe } of open.values()) unsubscribe();
    open.clear();
  });
  return { nodes, error, heardAtMs };
}
