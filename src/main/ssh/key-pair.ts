// Key pairs in OpenSSH's own format.
import ssh2 from 'ssh2';
import { AppError } from '../../shared/errors.js';

export interface SshKeyPair {
  /** OpenSSH private key file content; a secret. */
  privateKeyPem: string;
  /** One line for an authorized_keys file, without a comment. */
  publicKeyLine: string;
}

export function generateSshKeyPair(): SshKeyPair {
  const pair = ssh2.utils.generateKeyPairSync('ed25519');
  return { privateKeyPem: pair.private, publicKeyLine: pair.public };
}

/** Checks that the text is a private key usable without a passphrase. `describedAs` names it in the error; the content never shows. */
export function assertUsablePrivateKey(privateKeyPem: string, describedAs: string): void {
  const parsed = ssh2.utils.parseKey(privateKeyPem);
  if (parsed instanceof Error) {
    if (/encrypted|passphrase/i.test(parsed.message)) {
      throw new AppError(
        'invalid-input',
        `The ${describedAs} is protected by a passphrase.`,
        "Use the program's own key: leave the key file empty and add the program's public key to the node's authorized_keys.",
      );
    }
    throw new AppError(
      'invalid-input',
      `The ${describedAs} is not a private key that SSH can use.`,
      'Name a private key file in OpenSSH or PEM format (ed25519, ECDSA or RSA), not the .pub file beside it.',
    );
  }
  if (!parsed.isPrivateKey()) {
    throw new AppError(
      'invalid-input',
      `The ${describedAs} holds a public key.`,
      'Name the private key file: usually the same name without .pub.',
    );
  }
}
