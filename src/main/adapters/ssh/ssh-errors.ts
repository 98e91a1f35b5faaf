// Turns what ssh2 and the operating system say into errors that name the node and the remedy.
import { AppError } from '../../../shared/errors.js';

export interface SshEndpoint {
  host: string;
  port: number;
  user: string;
  /** What was tried to log in with, in words, for instance `key file /home/me/.ssh/id_ed25519`. */
  loginDescription: string;
}

interface Ssh2Error extends Error {
  level?: string;
  code?: string;
}

const REFUSED = 'Check the port, and that the SSH server runs on the node.';
const SWITCHED_OFF = 'Check that the node is switched on and in the same network, and that no firewall drops the port.';
const OTHER_SERVICE = 'Check that an SSH server listens on this port, then try again.';

/** By the operating system's code. */
const NETWORK_FAILURES: Record<string, { message(endpoint: SshEndpoint): string; hint: string }> = {
  ECONNREFUSED: { message: ({ host, port }) => `${host}, port ${port} refuses connections: nothing listens there.`, hint: REFUSED },
  ENOTFOUND: { message: ({ host }) => `The host name "${host}" is not known.`, hint: 'Check the spelling, or use the IP address.' },
  EAI_AGAIN: {
    message: ({ host }) => `The host name "${host}" can't be looked up now.`,
    hint: 'Check the network, or use the IP address.',
  },
  EHOSTUNREACH: { message: ({ host, port }) => `There is no route to ${host}, port ${port}.`, hint: SWITCHED_OFF },
  ENETUNREACH: { message: ({ host, port }) => `There is no route to ${host}, port ${port}.`, hint: SWITCHED_OFF },
  ETIMEDOUT: { message: ({ host, port }) => `${host}, port ${port} does not answer.`, hint: SWITCHED_OFF },
  ECONNRESET: { message: ({ host, port }) => `${host}, port ${port} closed the connection.`, hint: OTHER_SERVICE },
  EPIPE: { message: ({ host, port }) => `${host}, port ${port} closed the connection.`, hint: OTHER_SERVICE },
};

/** An error of connecting to, or losing, a server. AppErrors pass as they are. */
export function toSshError(failure: Ssh2Error, endpoint: SshEndpoint): AppError {
  if (failure instanceof AppError) return failure;
  const at = `${endpoint.host}, port ${endpoint.port}`;
  const unreachable = (message: string, hint: string): AppError => new AppError('ssh-unreachable', message, hint, { cause: failure });
  if (failure.level === 'client-authentication') {
    return new AppError(
      'ssh-auth-failed',
      `${at} refused user "${endpoint.user}" with the ${endpoint.loginDescription}.`,
      `Check the user name, and that the matching public key is in ~${endpoint.user}/.ssh/authorized_keys on the node.`,
      { cause: failure },
    );
  }
  if (/too many authentication failures/i.test(failure.message)) {
    return new AppError(
      'ssh-auth-failed',
      `${at} stopped after too many keys for user "${endpoint.user}" (${endpoint.loginDescription}).`,
      'Name one private key file for this node, or take keys out of the SSH agent (ssh-add -d).',
      { cause: failure },
    );
  }
  const known = failure.code === undefined ? undefined : NETWORK_FAILURES[failure.code];
  if (known) return unreachable(known.message(endpoint), known.hint);
  if (failure.level === 'client-timeout' || /timed out/i.test(failure.message)) {
    return unreachable(`${at} does not answer in time.`, 'Check that the node is switched on and not overloaded, then try again.');
  }
  return unreachable(`SSH to ${at} failed: ${printable(failure.message)}`, 'Check that an OpenSSH server listens on this port.');
}

/** `isSent`: whether the password has left at all. */
export function passwordRefusedError({ host, port, user }: SshEndpoint, isSent: boolean): AppError {
  if (isSent) {
    return new AppError(
      'ssh-auth-failed',
      `${host}, port ${port} refused the password of user "${user}".`,
      'Check the user name and enter the password again. After too many attempts an account may be locked for a while.',
    );
  }
  return new AppError(
    'ssh-auth-failed',
    `${host}, port ${port} takes no password, or none alone, for user "${user}".`,
    'Log in with a key instead, or set "PasswordAuthentication yes" in /etc/ssh/sshd_config on the node. A dialog that asks for more is not answered.',
  );
}

export function passwordExpiredError({ host, port, user }: SshEndpoint): AppError {
  return new AppError(
    'ssh-auth-failed',
    `The password of user "${user}" on ${host}, port ${port}, has expired.`,
    'Log in there with ssh once and choose a new one, then enter it here.',
  );
}

/** A short single line without control or direction characters, from text that a stranger may have chosen. */
export function printable(text: string, maxLength = 300): string {
  const line = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}
