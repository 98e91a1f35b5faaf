// The core's line to the program that started it: the parent port of an Electron utility process, or the channel of a forked Node.js.
// Either way windows come as connections; only the utility process is given their real ports.
import { toCoreSchema } from '../../../shared/core-process-messages.js';
import type { FromCoreMessage, ToCoreMessage } from '../../../shared/core-process-messages.js';
import type { CoreConnection, CoreMessage } from '../../../shared/api/call-protocol.js';
import { portConnection } from './port-connection.js';
import type { TransferredPort } from './port-connection.js';

/** What Electron puts into a utility process. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: TransferredPort[] }) => void): unknown;
}

export interface Parent {
  post(message: FromCoreMessage): void;
  /** Everything but the ports' own messages. */
  onMessage(listener: (message: Exclude<ToCoreMessage, { port: number }>) => void): void;
  /** A window connected. */
  onConnection(listener: (connection: CoreConnection) => void): void;
  /** The parent is gone: no one will close this process. */
  onGone(listener: () => void): void;
}

/** Throws when this process was started by no one that can be answered. */
export function findParent(program: NodeJS.Process = process): Parent {
  const parentPort = (program as { parentPort?: ParentPort | null }).parentPort;
  if (parentPort) return utilityParent(parentPort);
  if (program.send) return forkParent(program);
  throw new Error('The core is started by the desktop program, not by hand. `npm start` opens it; `dedgeai serve` serves it.');
}

function utilityParent(parentPort: ParentPort): Parent {
  const { listeners, hear } = createReceiver((message) => parentPort.postMessage(message));
  parentPort.on('message', ({ data, ports }) => hear(data, ports[0]));
  // Electron ends a utility process with its main process: nothing is left to hear of.
  return { post: (message) => parentPort.postMessage(message), ...listeners, onGone: () => undefined };
}

function forkParent(program: NodeJS.Process): Parent {
  const post = (message: FromCoreMessage): void => {
    // A channel that closes meanwhile is reported by `disconnect`.
    if (program.connected) program.send?.(message, undefined, undefined, () => undefined);
  };
  const { listeners, hear } = createReceiver(post);
  program.on('message', (data) => hear(data, undefined));
  return { post, ...listeners, onGone: (listener) => void program.once('disconnect', listener) };
}

function createReceiver(post: (message: FromCoreMessage) => void): {
  listeners: Pick<Parent, 'onMessage' | 'onConnection'>;
  hear(raw: unknown, port: TransferredPort | undefined): void;
} {
  const connections = new Map<number, { connection: CoreConnection; receive(message: unknown): void }>();
  let onMessage: Parameters<Parent['onMessage']>[0] = () => undefined;
  let onConnection: Parameters<Parent['onConnection']>[0] = () => undefined;

  const open = (id: number, port: TransferredPort | undefined): void => {
    const opened = port ? { connection: portConnection(port), receive: () => undefined } : carriedConnection(id, post);
    connections.set(id, opened);
    opened.connection.onEnd(() => connections.delete(id));
    onConnection(opened.connection);
  };
  const hear = (raw: unknown, port: TransferredPort | undefined): void => {
    const message = toCoreSchema.parse(raw);
    switch (message.kind) {
      case 'port-opened':
        return open(message.port, port);
      case 'port-message':
        return connections.get(message.port)?.receive(message.data);
      case 'port-closed':
        return connections.get(message.port)?.connection.end();
      default:
        onMessage(message);
    }
  };
  return {
    listeners: { onMessage: (listener) => (onMessage = listener), onConnection: (listener) => (onConnection = listener) },
    hear,
  };
}

/** A connection whose messages main carries between the port and this process. */
function carriedConnection(
  id: number,
  post: (message: FromCoreMessage) => void,
): { connection: CoreConnection; receive(message: unknown): void } {
  let hasEnded = false;
  let onMessage: (message: unknown) => void = () => undefined;
  const endListeners: (() => void)[] = [];
  const connection: CoreConnection = {
    post(message: CoreMessage) {
      if (!hasEnded) post({ kind: 'port-message', port: id, data: message });
    },
    onMessage: (listener) => (onMessage = listener),
    onEnd: (listener) => void endListeners.push(listener),
    end() {
      if (hasEnded) return;
      hasEnded = true;
      for (const listener of endListeners) listener();
    },
  };
  return { connection, receive: (message) => onMessage(message) };
}
