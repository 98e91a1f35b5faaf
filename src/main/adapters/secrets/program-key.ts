// The program's own SSH key: made on first need, used for every node that names no key file.
import { generateSshKeyPair, type SshKeyPair } from '../ssh/key-pair.js';
import type { SecretFiles } from './secret-files.js';

const PRIVATE_NAME = 'ssh-key';
const PUBLIC_NAME = 'ssh-key.pub';

/** Reads the pair, or makes and stores it. */
export function loadProgramKey(files: SecretFiles): SshKeyPair {
  const privateKeyPem = files.read(PRIVATE_NAME);
  const publicKeyLine = files.read(PUBLIC_NAME);
  if (privateKeyPem && publicKeyLine) return { privateKeyPem, publicKeyLine: publicKeyLine.trim() };
  const pair = generateSshKeyPair();
  const line = `${pair.publicKeyLine} dedgeai-control-center`;
  files.write(PRIVATE_NAME, pair.privateKeyPem);
  files.write(PUBLIC_NAME, `${line}\n`);
  return { privateKeyPem: pair.privateKeyPem, publicKeyLine: line };
}
