// Stands in for the core's process: serves the ports that it is handed from services in this process, and dies when told to.
import { portConnection } from '../../src/main/programs/core/port-connection.js';
import { serveCalls } from '../../src/main/transport/server/serve-calls.js';
import type { CoreProcess, LaunchCore } from '../../src/main/shells/electron/core-launcher.js';
import type { Services } from '../../src/main/api/services.js';
import type { CoreEndpoint, FromCoreMessage, ToCoreMessage } from '../../src/shared/core-process-messages.js';

/** The key store of a system that has none. */
export const NO_PROTECTION = {
  describe: () => Promise.resolve({ isUsable: false, description: 'None here.' }),
  encrypt: () => Promise.reject(new Error('None here.')),
  decrypt: () => Promise.reject(new Error('None here.')),
};

export interface CoreStandIn {
  launch: LaunchCore;
  /** How often it was started. */
  starts(): number;
  /** What main said to it. */
  heard: ToCoreMessage[];
  /** What it says to main. */
  say(message: FromCoreMessage): void;
  /** From the next start on it can't be opened, for this reason. */
  refuse(error: { code: string; message: string; hint: string | null }): void;
  /** Ends it, as a crash does: its ports close. */
  die(how?: string): void;
}

export interface CoreStandInOptions {
  services: Services;
  endpoint: CoreEndpoint;
  onProblem?(message: string): void;
  /** What a start says first instead of `ready`; null says nothing. */
  firstWords?: FromCoreMessage | null;
  /** Does not end when it is told to close. */
  isStubborn?: boolean;
}

export function coreStandIn(options: CoreStandInOptions): CoreStandIn {
  const heard: ToCoreMessage[] = [];
  let starts = 0;
  let refusal: Parameters<CoreStandIn['refuse']>[0] | null = null;
  let say: (message: FromCoreMessage) => void = () => undefined;
  let exit: (how: string) => void = () => undefined;
  const ports = new Set<{ close(): void }>();
  const die = (how = 'SIGKILL'): void => {
    for (const port of ports) port.close();
    ports.clear();
    exit(how);
  };

  const launch = (): CoreProcess => {
    starts++;
    queueMicrotask(() => {
      if (refusal) {
        say({ kind: 'failed', ...refusal });
        return die('status 1');
      }
      const words = options.firstWords === undefined ? ({ kind: 'ready', endpoint: options.endpoint } as const) : options.firstWords;
      if (words) say(words);
    });
    return {
      post(message) {
        heard.push(message);
        if (message.kind === 'close' && !options.isStubborn) queueMicrotask(() => die('status 0'));
      },
      openPort(port) {
        ports.add(port);
        const connection = portConnection(port);
        serveCalls(connection, options.services, options.onProblem ?? (() => undefined));
        return () => connection.end();
      },
      onMessage: (listener) => (say = listener),
      onExit: (listener) => (exit = listener),
      kill: () => die(),
    };
  };
  return { launch, starts: () => starts, heard, say: (message) => say(message), refuse: (error) => void (refusal = error), die };
}
