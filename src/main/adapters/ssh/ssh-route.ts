// The way to a node with everything that is needed to go it, resolved by whoever may ask for secrets and judge host keys: for programs that
// may do neither. Holds secrets: it goes between processes by message only.
import type { Duplex } from 'node:stream';
import { AppError } from '../../../shared/errors.js';
import type { HostKey } from './host-key.js';
import type { SshConnection } from './ssh-connection.js';
import type { SshLogin } from './ssh-logins.js';

/** One host of the way. */
export interface SshStop {
  host: string;
  port: number;
  user: string;
  logins: SshLogin[];
  /** The one host key that was found good; every other is refused. */
  hostKey: { keyType: string; keyBase64: string };
}

/** The hops in their order, then the node itself. */
export type ResolvedSshRoute = [...SshStop[], SshStop];

/** Connects through the hops, for much in one direction. The caller closes the connection, which closes them too. Throws as `connectSsh`, and `host-key-changed`. */
export async function connectRoute(route: readonly SshStop[], signal: AbortSignal): Promise<SshConnection> {
  const { connectSsh } = await import('./ssh-connection.js');
  const opened: SshConnection[] = [];
  const closeAll = (): void => {
    for (const connection of opened.reverse()) connection.close();
  };
  try {
    let line: Duplex | null = null;
    for (const [index, stop] of route.entries()) {
      const connection: SshConnection = await connectSsh({
        host: stop.host,
        port: stop.port,
        user: stop.user,
        logins: stop.logins,
        recordedKeyTypes: [stop.hostKey.keyType],
        verifyHostKey: (key) => requireSameKey(stop, key),
        signal,
        isBulk: true,
        ...(line ? { line } : {}),
      });
      opened.push(connection);
      const next = route[index + 1];
      if (next) line = await connection.openLine(next.host, next.port);
    }
    const last = opened.at(-1);
    if (!last) throw new Error('A way to a node without the node');
    return { ...last, close: closeAll };
  } catch (thrown) {
    closeAll();
    throw thrown;
  }
}

function requireSameKey(stop: SshStop, shown: HostKey): void {
  if (shown.keyBase64 === stop.hostKey.keyBase64) return;
  throw new AppError(
    'host-key-changed',
    `${stop.host}, port ${stop.port}, showed another host key (${shown.fingerprint}) than a moment before.`,
    'Provision the node again to see both keys and decide.',
  );
}
