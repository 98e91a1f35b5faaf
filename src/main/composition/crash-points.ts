// A program of its own beside the core, for tests: kills the core at one of six moments around a task. The core loads it only when
// DEDGEAI_CRASH_AT is set, and packages do not have it (docs/adr/0027).
import type { RunServiceOptions } from '../domain/runs/run-service.js';

/** What a run touches the outside with. */
export type RunPorts = Pick<RunServiceOptions, 'store' | 'images' | 'connections'>;

/** In the order in which a task passes them. */
export const CRASH_WINDOWS = ['before-row', 'row-written', 'sent', 'received', 'image-stored', 'committed'] as const;
export type CrashWindow = (typeof CRASH_WINDOWS)[number];

/** The same parts, but the process ends by SIGKILL at the n-th passage of the window that `wish` names as `WINDOW:N`. */
export function withCrashPoints(ports: RunPorts, wish: string): RunPorts {
  const reached = crashAt(wish);
  const { store, images, connections } = ports;
  return {
    store: replacing(store, {
      markSent(runId, sends) {
        reached('before-row', sends.length);
        const epochs = store.markSent(runId, sends);
        reached('row-written', sends.length);
        return epochs;
      },
      acceptResults(results) {
        const areAccepted = store.acceptResults(results);
        reached('committed', areAccepted.filter(Boolean).length);
        return areAccepted;
      },
    }),
    images: replacing(images, {
      async storeImage(bytes) {
        reached('received');
        const image = await images.storeImage(bytes);
        reached('image-stored');
        return image;
      },
    }),
    connections: replacing(connections, {
      connectedClient(nodeId) {
        const client = connections.connectedClient(nodeId);
        if (!client) return null;
        return replacing(client, {
          async submitTasks(tasks) {
            const answer = await client.submitTasks(tasks);
            reached('sent', tasks.length);
            return answer;
          },
        });
      },
    }),
  };
}

/** Counts tasks, not calls: several are sent in one. */
function crashAt(wish: string): (window: CrashWindow, tasks?: number) => void {
  const [window, count = '1'] = wish.split(':');
  let left = Number(count);
  if (!CRASH_WINDOWS.some((known) => known === window) || !Number.isInteger(left) || left < 1) {
    throw new Error(`DEDGEAI_CRASH_AT is "${wish}": not one of ${CRASH_WINDOWS.join(', ')} with a count, as in sent:3.`);
  }
  return (passed, tasks = 1) => {
    if (passed !== window || left <= 0) return;
    left -= tasks;
    if (left <= 0) process.kill(process.pid, 'SIGKILL');
  };
}

/** `target` with some methods replaced; the others run on the target itself, whose private fields they need. */
function replacing<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get(_, key) {
      if (Object.hasOwn(methods, key)) return Reflect.get(methods, key) as unknown;
      const value = Reflect.get(target, key, target) as unknown;
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
