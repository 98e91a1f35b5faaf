// One SSH connection, direct or through another one. The host key is verified before anything about the user is sent.
import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import type { AnyAuthMethod, AuthenticationType, ServerHostKeyAlgorithm } from 'ssh2';
import { AppError } from '../../../shared/errors.js';
import { type HostKey, parseHostKey } from './host-key.js';
import { passwordExpiredError, passwordRefusedError, printable, toSshError, type SshEndpoint } from './ssh-errors.js';
import { type ExecOptions, type ExecResult, runScript } from './ssh-exec.js';
import { attemptLogins, describeLogins, type LoginAttempts, type SshLogin } from './ssh-logins.js';

export interface SshConnectOptions extends Omit<SshEndpoint, 'loginDescription'> {
  /** Tried in this order. */
  logins: readonly SshLogin[];
  /** Whether the key is trusted; where it is not, no authentication is attempted. */
  acceptsHostKey: (key: HostKey) => boolean;
  /** Types of the keys on record: asked for first, so that a server with several keys shows one that is known. */
  recordedKeyTypes: readonly string[];
  /** A line through another server to this one; a TCP connection of its own when absent. */
  channel?: Duplex;
  signal?: AbortSignal;
  /** True for a connection that carries much in one direction: about a tenth faster, and slower for small commands. False when absent. */
  isBulk?: boolean;
  /** Real milliseconds until the session is up; 15,000 when absent. */
  connectTimeoutMs?: number;
}

export interface SshConnection {
  readonly hostKey: HostKey;
  /** Runs a script of a POSIX shell in the home folder, whatever the login shell of the account is. */
  exec(script: string, options?: ExecOptions): Promise<ExecResult>;
  /** A line from this server on to another host, for the connection to that one; why there is none where it can't be had. */
  openChannel(host: string, port: number): Promise<Duplex | AppError>;
  close(): void;
}

/** What came of connecting; `error` says it in words. */
export type SshFailure =
  /** `acceptsHostKey` said no; nothing about the user was sent. */
  | { kind: 'host-key-refused'; hostKey: HostKey }
  /** `login-unusable`: a key that can't be read. */
  | { kind: 'unreachable' | 'login-refused' | 'login-unusable' | 'cancelled'; error: AppError };
export type SshOutcome = { kind: 'connected'; connection: SshConnection } | SshFailure;

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

/** Connects and authenticates. Never throws for what a server, a network or a key does. */
export async function connectSsh(options: SshConnectOptions): Promise<SshOutcome> {
  let attempts: LoginAttempts;
  try {
    attempts = attemptLogins(options.user, options.logins);
  } catch (thrown) {
    if (thrown instanceof AppError) return { kind: 'login-unusable', error: thrown };
    throw thrown;
  }
  return connectWith(attempts, options);
}

function connectWith(attempts: LoginAttempts, options: SshConnectOptions): Promise<SshOutcome> {
  const { signal, connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = options;
  const endpoint: SshEndpoint = {
    host: options.host,
    port: options.port,
    user: options.user,
    loginDescription: describeLogins(options.logins),
  };
  const isPasswordAlone = options.logins.every(({ kind }) => kind === 'password');
  const client = new ssh2.Client();
  let hostKey: HostKey | null = null;
  let refusal: SshFailure | null = null;
  let lost: AppError | null = null;
  return new Promise((resolve, reject) => {
    const verify = (wireKey: Buffer): boolean => {
      try {
        const key = parseHostKey(wireKey);
        if (options.acceptsHostKey(key)) {
          hostKey = key;
          return true;
        }
        refusal = { kind: 'host-key-refused', hostKey: key };
      } catch (thrown) {
        if (thrown instanceof AppError) refusal = failureOf(thrown);
        else reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
      }
      return false;
    };
    const fail = (error: AppError): void => resolve(refusal ?? failureOf(error));
    const onAbort = (): void => {
      refusal ??= { kind: 'cancelled', error: new AppError('cancelled', `Connecting to ${options.host} was canceled.`) };
      client.destroy();
      resolve(refusal);
    };
    if (signal?.aborted) {
      onAbort();
      return;
    }
    signal?.addEventListener('abort', onAbort, { once: true });
    client.on('ready', () => {
      signal?.removeEventListener('abort', onAbort);
      // Commands and their answers are small packets that wait for each other.
      client.setNoDelay(!options.isBulk);
      // ssh2 always asks for the verdict before it authenticates; a missing key here would be an internal error.
      if (!hostKey) reject(new Error('SSH session without a verified host key'));
      else resolve({ kind: 'connected', connection: openConnection(client, hostKey, endpoint, () => lost ?? lostError(endpoint)) });
    });
    client.on('error', (error: Error & { level?: string }) => {
      // An agent that can't be asked is one login that failed: ssh2 continues to the next.
      if (error.level === 'agent') return;
      const isRefused = error.level === 'client-authentication' && isPasswordAlone;
      lost ??= isRefused ? passwordRefusedError(endpoint, attempts.isPasswordSent) : toSshError(error, endpoint);
      fail(lost);
    });
    client.on('change password', () => {
      lost ??= passwordExpiredError(endpoint);
      client.end();
    });
    client.on('close', () => {
      signal?.removeEventListener('abort', onAbort);
      fail(lost ?? lostError(endpoint));
    });
    client.connect({
      host: options.host,
      port: options.port,
      username: options.user,
      // The types know neither that nothing is left of the methods at first nor that false ends the attempts.
      authHandler: (methodsLeft: AuthenticationType[] | null, _isPartly, next) =>
        (next as (method: AnyAuthMethod | false) => void)(attempts.next(methodsLeft)),
      ...(options.channel ? { sock: options.channel } : {}),
      hostVerifier: verify,
      algorithms: { serverHostKey: orderAlgorithms(options.recordedKeyTypes) },
      readyTimeout: connectTimeoutMs,
      keepaliveInterval: KEEPALIVE_INTERVAL_MS,
      keepaliveCountMax: KEEPALIVE_COUNT,
    });
  });
}

function failureOf(error: AppError): SshFailure {
  return { kind: error.code === 'ssh-auth-failed' ? 'login-refused' : 'unreachable', error };
}

function openConnection(client: ssh2.Client, hostKey: HostKey, endpoint: SshEndpoint, lostError: () => AppError): SshConnection {
  return {
    hostKey,
    exec: (script, options = {}) => runScript({ client, endpoint, lostError }, script, options),
    openChannel: (host, port) => openChannel(client, endpoint, { host, port }),
    close: () => {
      client.end();
    },
  };
}

function openChannel(client: ssh2.Client, from: SshEndpoint, to: { host: string; port: number }): Promise<Duplex | AppError> {
  return new Promise((resolve) => {
    const fail = (error: Error): void =>
      resolve(
        new AppError(
          'ssh-unreachable',
          `${from.host}, port ${from.port}, could not reach ${to.host}, port ${to.port}: ${printable(error.message)}`,
          'Check that the host is switched on, and that the one on the way to it allows TCP forwarding.',
          { cause: error },
        ),
      );
    try {
      client.forwardOut('127.0.0.1', 0, to.host, to.port, (error, channel) => (error ? fail(error) : resolve(channel)));
    } catch (error) {
      // ssh2 throws "Not connected" when the line broke before the call.
      fail(error as Error);
    }
  });
}

/** The algorithms of the recorded keys' types first; `ssh-rsa` is a key type whose signatures are named rsa-sha2-*. */
function orderAlgorithms(recordedKeyTypes: readonly string[]): ServerHostKeyAlgorithm[] {
  const typeOf = (name: string): string => (name.startsWith('rsa-sha2-') ? 'ssh-rsa' : name);
  const isRecorded = (name: string): boolean => recordedKeyTypes.includes(typeOf(name));
  return [...HOST_KEY_ALGORITHMS.filter(isRecorded), ...HOST_KEY_ALGORITHMS.filter((name) => !isRecorded(name))];
}

function lostError(endpoint: SshEndpoint): AppError {
  return new AppError(
    'ssh-unreachable',
    `The connection to ${endpoint.host}, port ${endpoint.port}, broke.`,
    'Check that the node is still switched on and reachable, then try again.',
  );
}
