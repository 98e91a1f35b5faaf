// Services with canned answers, for tests of what is in front of them: the shells and their links.
import { AppError } from '../../src/shared/errors.js';
import type { Activity } from '../../src/shared/activity.js';
import { SILENT_LOG } from '../../src/main/adapters/log/log.js';
import type { Services } from '../../src/main/api/services.js';

export const STAND_IN_INFO = {
  version: '0.0.0-test',
  shell: 'web',
  dataDir: '/nowhere',
  platform: 'test',
  nodeVersion: 'v0',
  sshPublicKeyLine: 'ssh-ed25519 AAAA test',
} as const;

/** A service of which only these methods answer. */
export function standInFor<Name extends keyof Services>(_name: Name, methods: Partial<Services[Name]>): Services[Name] {
  return methods as Services[Name];
}

export interface StandInServices extends Services {
  /** How many `testbeds.watch` subscriptions are open now. */
  openWatches(): number;
  /** What `app.activity` tells; `app.settle` empties it, and keeps how in `settled`. */
  going: Activity[];
  settled: string[];
  /** Resolves when the number of open watches is `count`. */
  whenWatches(count: number): Promise<void>;
}

/** `app.info` answers; `testbeds.get` throws `not-found`; `testbeds.watch` yields one value and stays open; anything else fails loudly. */
export function standInServices(): StandInServices {
  let open = 0;
  const waiting: { count: number; resolve(): void }[] = [];
  const setOpen = (count: number): void => {
    open = count;
    for (const waiter of waiting.filter((candidate) => candidate.count === count)) waiter.resolve();
  };
  const services = {
    log: SILENT_LOG,
    going: [] as Activity[],
    settled: [] as string[],
    app: {
      info: () => STAND_IN_INFO,
      activity: () => services.going,
      settle({ how }: { how: string }) {
        services.settled.push(how);
        services.going = [];
        return Promise.resolve({ left: [] });
      },
    },
    testbeds: {
      list: () => [],
      create: ({ name }: { name: string }) => ({ id: 'made', name }),
      get(id: string) {
        throw new AppError('not-found', `No testbed ${id}`, 'Look at the list.');
      },
      async *watch(_id: string, signal: AbortSignal) {
        setOpen(open + 1);
        try {
          yield [];
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        } finally {
          setOpen(open - 1);
        }
      },
    },
    images: { imagePath: () => Promise.reject(new AppError('not-found', 'No such image')) },
    openWatches: () => open,
    whenWatches: (count: number) =>
      open === count ? Promise.resolve() : new Promise<void>((resolve) => void waiting.push({ count, resolve })),
  };
  return services as unknown as StandInServices;
}
