// A server's public host key and its fingerprint as OpenSSH prints it.
import { createHash } from 'node:crypto';
import { AppError } from '../../../shared/errors.js';

export interface HostKey {
  /** As in an authorized_keys line, for instance `ssh-ed25519`. */
  keyType: string;
  /** `SHA256:` and the hash in base64 without padding. */
  fingerprint: string;
  /** The whole public key in SSH wire format, base64. */
  keyBase64: string;
}

const MAX_TYPE_BYTES = 64;

/** Reads a key in SSH wire format: a length-prefixed type name and then the key. Throws `ssh-unreachable` when it is none. */
export function parseHostKey(wireKey: Buffer): HostKey {
  const typeBytes = wireKey.length >= 4 ? wireKey.readUInt32BE(0) : 0;
  const keyType = wireKey.toString('latin1', 4, 4 + Math.min(typeBytes, MAX_TYPE_BYTES));
  if (typeBytes === 0 || typeBytes > MAX_TYPE_BYTES || wireKey.length < 4 + typeBytes || !/^[a-z0-9@.-]+$/i.test(keyType)) {
    throw new AppError(
      'ssh-unreachable',
      'The server showed a host key that is no SSH key.',
      'Check that an SSH server listens on this port.',
    );
  }
  const hash = createHash('sha256').update(wireKey).digest('base64').replace(/=+$/, '');
  return { keyType, fingerprint: `SHA256:${hash}`, keyBase64: wireKey.toString('base64') };
}
