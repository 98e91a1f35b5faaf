// Turns what ssh2 and the operating system say into errors that name the node and the remedy.
import { AppError } from '../../shared/errors.js';

export interface SshPlace {
  host: string;
  port: number;
  user: string;
  /** Which key was tried, in words, for instance `key file /home/me/.ssh/id_ed25519`. */
  keyDescription: string;
}

interface SshFailure extends Error {
  level?: string;
  code?: string;
}

/** An error of connecting to, or losing, a server. AppErrors pass as they are. */
export function toSshError(failure: SshFailure, place: SshPlace): AppError {
  if (failure instanceof AppError) return failure;
  const at = `${place.host}, port ${place.port}`;
  const unreachable = (message: string, hint: string): AppError => new AppError('ssh-unreachable', message, hint, { cause: failure });
  if (failure.level === 'client-authentication') {
    return new AppError(
      'ssh-auth-failed',
      `${at} refused user "${place.user}" with the ${place.keyDescription}.`,
      `Check the user name, and that the matching public key stands in ~${place.user}/.ssh/authorized_keys on the node.`,
      { cause: failure },
    );
  }
  switch (failure.code) {
    case 'ECONNREFUSED':
      return unreachable(`${at} refuses connections: nothing listens there.`, 'Check the port, and that the SSH server runs on the node.');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return unreachable(`The host name "${place.host}" is not known.`, 'Check the spelling, or use the IP address.');
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return unreachable(`There is no route to ${at}.`, 'Check that the node is switched on and in the same network.');
    case 'ETIMEDOUT':
      return unreachable(`${at} does not answer.`, 'Check that the node is switched on, and that no firewall drops the port.');
    case 'ECONNRESET':
    case 'EPIPE':
      return unreachable(`${at} closed the connection.`, 'Check that an SSH server listens on this port, then try again.');
  }
  if (failure.level === 'client-timeout' || /timed out/i.test(failure.message)) {
    return unreachable(`${at} does not answer in time.`, 'Check that the node is switched on and not overloaded, then try again.');
  }
  return unreachable(`SSH to ${at} failed: ${printable(failure.message)}`, 'Check that an OpenSSH server listens on this port.');
}

/** A short single line without control characters, from text that a stranger may have chosen. */
export function printable(text: string, maxLength = 300): string {
  const line = text.replace(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ').trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}
