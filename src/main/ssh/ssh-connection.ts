// One SSH connection with key authentication. The host key is judged before anything about the user is sent.
import ssh2 from 'ssh2';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { AppError } from '../../shared/errors.js';
import { type HostKey, parseHostKey } from './host-key.js';
import { assertUsablePrivateKey } from './key-pair.js';
import { toSshError, type SshPlace } from './ssh-errors.js';
import { execOnClient, type ExecOptions, type ExecResult } from './ssh-exec.js';

export interface SshConnectOptions extends SshPlace {
  privateKeyPem: string;
  /** Throws an AppError to refuse the key; then no authentication is attempted and the error comes out of `connectSsh`. */
  verifyHostKey: (key: HostKey) => void;
  /** Type of the key on record: asked for first, so that a server with several keys shows the one that is known. */
  recordedKeyType: string | null;
  signal?: AbortSignal;
  /** Real milliseconds until the session stands; 15,000 when absent. */
  connectTimeoutMs?: number;
}

export interface SshConnection {
  readonly hostKey: HostKey;
  exec(command: string, options?: ExecOptions): Promise<ExecResult>;
  close(): void;
}

const DEFAULT_CONNECT_TIMEOUT_MS = 15_000;
/** A node that is switched off in the middle is noticed after interval x count. */
const KEEPALIVE_INTERVAL_MS = 5_000;
const KEEPALIVE_COUNT = 3;
const HOST_KEY_ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/** Connects and authenticates. Throws what `verifyHostKey` threw, `ssh-unreachable`, `ssh-auth-failed`, `invalid-input` (key) or `cancelled`. */
export function connectSsh(options: SshConnectOptions): Promise<SshConnection> {
  assertUsablePrivateKey(options.privateKeyPem, options.keyDescription);
  const { signal, connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = options;
  const client = new ssh2.Client();
  let hostKey: HostKey | null = null;
  let refusal: Error | null = null;
  let lost: AppError | null = null;
  const judge = (wireKey: Buffer): boolean => {
    try {
      const key = parseHostKey(wireKey);
      options.verifyHostKey(key);
      hostKey = key;
      return true;
    } catch (thrown) {
      refusal = thrown instanceof Error ? thrown : new Error(String(thrown));
      return false;
    }
  };
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      refusal ??= new AppError('cancelled', `Connecting to ${options.host} was cancelled.`);
      client.destroy();
      reject(refusal);
    };
    if (signal?.aborted) {
      onAbort();
      return;
    }
    signal?.addEventListener('abort', onAbort, { once: true });
    client.on('ready', () => {
      signal?.removeEventListener('abort', onAbort);
      // Commands and their answers are small packets that wait for each other.
      client.setNoDelay(true);
      // ssh2 always asks for the verdict before it authenticates; a missing key here would be a fault of the program.
      if (!hostKey) reject(new Error('SSH session without a verified host key'));
      else resolve(openConnection(client, hostKey, () => lost ?? lostError(options)));
    });
    client.on('error', (error) => {
      lost ??= toSshError(error, options);
      reject(refusal ?? lost);
    });
    client.on('close', () => {
      signal?.removeEventListener('abort', onAbort);
      reject(refusal ?? lost ?? lostError(options));
    });
    client.connect({
      host: options.host,
      port: options.port,
      username: options.user,
      privateKey: options.privateKeyPem,
      authHandler: ['publickey'],
      hostVerifier: judge,
      algorithms: { serverHostKey: orderAlgorithms(options.recordedKeyType) },
      readyTimeout: connectTimeoutMs,
      keepaliveInterval: KEEPALIVE_INTERVAL_MS,
      keepaliveCountMax: KEEPALIVE_COUNT,
    });
  });
}

function openConnection(client: ssh2.Client, hostKey: HostKey, lostError: () => AppError): SshConnection {
  return {
    hostKey,
    exec: (command, options = {}) => execOnClient(client, command, options, lostError),
    close: () => {
      client.end();
    },
  };
}

/** The algorithms of the recorded key's type first; `ssh-rsa` is a key type whose signatures are named rsa-sha2-*. */
function orderAlgorithms(recordedKeyType: string | null): ServerHostKeyAlgorithm[] {
  const isRecorded = (name: string): boolean => name === recordedKeyType || (recordedKeyType === 'ssh-rsa' && name.startsWith('rsa-sha2-'));
  return [...HOST_KEY_ALGORITHMS.filter(isRecorded), ...HOST_KEY_ALGORITHMS.filter((name) => !isRecorded(name))];
}

function lostError(place: SshPlace): AppError {
  return new AppError(
    'ssh-unreachable',
    `The connection to ${place.host}, port ${place.port}, broke.`,
    'Check that the node is still switched on and reachable, then try again.',
  );
}
