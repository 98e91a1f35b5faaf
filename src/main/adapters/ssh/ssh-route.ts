// The way to a host through others: each is logged in to and opens the line to the next. Also in a form with everything that is needed to
// go it, resolved by anyone who may ask for secrets and verify host keys, for programs that may do neither. Holds secrets: it goes between
// processes by message only.
import type { Duplex } from 'node:stream';
import { AppError } from '../../../shared/errors.js';
import type { HostKey } from './host-key.js';
import type { SshConnection, SshConnectOptions, SshOutcome } from './ssh-connection.js';
import type { SshLogin } from './ssh-logins.js';

/** One host of the way. */
export interface SshHop {
  host: string;
  port: number;
  /** Called when the line to it is there: a secret may have to be asked for. What it throws comes out of `connectThrough`. */
  prepare(): Promise<Pick<SshConnectOptions, 'user' | 'logins' | 'recordedKeyTypes' | 'acceptsHostKey'>>;
}

/** One host of the way, as a message. */
export interface ResolvedSshHop {
  host: string;
  port: number;
  user: string;
  logins: SshLogin[];
  /** The one host key that was found good; every other is refused. */
  hostKey: { keyType: string; keyBase64: string };
}

/** The hops in their order, then the node itself. */
export type ResolvedSshRoute = [...ResolvedSshHop[], ResolvedSshHop];

/** Connects through the stops, the last of which is the host that is meant. The caller closes the connection, which closes all of them. */
export async function connectThrough(
  hops: readonly SshHop[],
  { signal, isBulk = false }: { signal: AbortSignal; isBulk?: boolean },
): Promise<SshOutcome> {
  const { connectSsh } = await import('./ssh-connection.js');
  const opened: SshConnection[] = [];
  const closeAll = (): void => {
    for (const connection of opened.reverse()) connection.close();
  };
  const goThrough = async (): Promise<SshOutcome> => {
    let channel: Duplex | null = null;
    for (const [index, hop] of hops.entries()) {
      const { host, port } = hop;
      const outcome: SshOutcome = await connectSsh({
        ...(await hop.prepare()),
        host,
        port,
        signal,
        isBulk,
        ...(channel ? { channel } : {}),
      });
      if (outcome.kind !== 'connected') return outcome;
      opened.push(outcome.connection);
      const next = hops[index + 1];
      if (!next) return { kind: 'connected', connection: { ...outcome.connection, close: closeAll } };
      const opening = await outcome.connection.openChannel(next.host, next.port);
      if (opening instanceof AppError) return { kind: 'unreachable', error: opening };
      channel = opening;
    }
    throw new Error('A way to a node without the node');
  };
  let outcome: SshOutcome | null = null;
  try {
    outcome = await goThrough();
    return outcome;
  } finally {
    if (outcome?.kind !== 'connected') closeAll();
  }
}

/** Connects for much in one direction, by host keys that were verified before. */
export async function connectRoute(
  route: ResolvedSshRoute,
  signal: AbortSignal,
): Promise<Exclude<SshOutcome, { kind: 'host-key-refused' }> | { kind: 'host-key-changed'; error: AppError }> {
  let changed: AppError | null = null;
  const hops = route.map((hop): SshHop => {
    const { host, port, user, logins, hostKey } = hop;
    const acceptsHostKey = (shown: HostKey): boolean => {
      if (shown.keyBase64 === hostKey.keyBase64) return true;
      changed = changedError(hop, shown);
      return false;
    };
    return { host, port, prepare: () => Promise.resolve({ user, logins, recordedKeyTypes: [hostKey.keyType], acceptsHostKey }) };
  });
  const outcome = await connectThrough(hops, { signal, isBulk: true });
  if (outcome.kind !== 'host-key-refused') return outcome;
  if (!changed) throw new Error('A host key was refused that no one verified');
  return { kind: 'host-key-changed', error: changed };
}

function changedError(hop: { host: string; port: number }, shown: HostKey): AppError {
  return new AppError(
    'host-key-changed',
    `${hop.host}, port ${hop.port}, showed another host key (${shown.fingerprint}) than a moment before.`,
    'Provision the node again to see both keys and decide.',
  );
}
