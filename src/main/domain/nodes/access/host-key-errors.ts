// What is said when a host key may not be trusted: which key, of whom, where the other one is, and what to do.
import { AppError } from '../../../../shared/errors.js';
import type { HostKeyQuestion } from '../../../../shared/provisioning.js';
import type { HostKey } from '../../../adapters/ssh/host-key.js';
import type { HostKeyEndpoint } from '../../../adapters/ssh/verify-by-known-hosts.js';

/** `malformedLineCount` lines of the files could not be understood: the key may be in one of them. */
export function unknownError(question: HostKeyQuestion, malformedLineCount: number): AppError {
  const passedOver = malformedLineCount === 0 ? '' : ` (${malformedLineCount} lines of the known_hosts files are not understood.)`;
  return new AppError(
    'host-key-unknown',
    `The host key of ${question.host}, port ${question.port}, is not known: ${question.keyType} ${question.fingerprint}.`,
    `Compare it with the output of "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub" on the node, then accept it: in the window, or with "npm run cli -- node trust NODE --fingerprint ${question.fingerprint}".${passedOver}`,
  );
}

export function changedError(question: HostKeyQuestion): AppError {
  return new AppError(
    'host-key-changed',
    `The host key of ${question.host}, port ${question.port}, has changed: it shows ${question.fingerprint}, but ` +
      `${question.recordedFingerprint} is on record in ${question.recordedIn}.`,
    'Either the node was reinstalled or something is between. Replace the key only when you know why it changed: in the window, or with ' +
      `"npm run cli -- node trust NODE --fingerprint ${question.fingerprint} --replace".`,
  );
}

/**
 * The configuration trusts what its files hold and nothing else (StrictHostKeyChecking yes). `otherIn`: the line with another key of the
 * host; null when there is none.
 */
export function notListedError(
  { host, port, hostKeyAlias }: HostKeyEndpoint,
  key: HostKey,
  { otherIn, paths }: { otherIn: string | null; paths: readonly string[] },
): AppError {
  const file = paths[0] ?? 'a file that UserKnownHostsFile names';
  const shown = `${host}, port ${port}, shows the host key ${key.keyType} ${key.fingerprint}`;
  if (otherIn !== null) {
    return new AppError(
      'host-key-changed',
      `${shown}, but ${otherIn} has another one, and ~/.ssh/config trusts nothing else (StrictHostKeyChecking yes).`,
      'Either the node was reinstalled or something is between. When you know why the key changed, put the new one into that line.',
    );
  }
  const name = hostKeyAlias ?? (port === 22 ? host : `[${host}]:${port}`);
  return new AppError(
    'host-key-unknown',
    `${shown}, which is in no file that ~/.ssh/config trusts for it (StrictHostKeyChecking yes): ${paths.join(', ') || 'none is named'}.`,
    `Compare it with the output of "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub" on the node, then add the key to ${file} under the name ${name}, as ssh-keyscan prints it.`,
  );
}

/** `fileLine` is where the key is revoked. */
export function revokedError(endpoint: { host: string; port: number }, key: HostKey, fileLine: string): AppError {
  return new AppError(
    'host-key-revoked',
    `The host key that ${endpoint.host}, port ${endpoint.port}, shows is revoked in ${fileLine}: ${key.keyType} ${key.fingerprint}.`,
    'Give the host a new key ("ssh-keygen -A" after its old key files are deleted). A revoked key is never accepted.',
  );
}
