// Opens SSH to a node with its key and with the host key judged by the record.
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.js';
import type { TestbedNode } from '../../shared/testbed.js';
import { connectSsh, type SshConnection } from '../ssh/ssh-connection.js';
import type { HostKeyServiceImpl } from '../testbed/host-key-service.js';

export interface NodeConnectorOptions {
  hostKeys: HostKeyServiceImpl;
  /** The program's own private key; a secret. */
  programPrivateKey: () => string;
}

/** A private key file is a few hundred bytes; anything this large is none. */
const LARGEST_KEY_FILE_BYTES = 64 * 1024;

export class NodeConnector {
  readonly #options: NodeConnectorOptions;

  constructor(options: NodeConnectorOptions) {
    this.#options = options;
  }

  isHostKeyKnown(node: TestbedNode): boolean {
    return this.#options.hostKeys.recordedKeyType(node) !== null;
  }

  /** The caller closes the connection. Throws as `connectSsh`; nothing about the user is sent before the host key is found good. */
  async connect(node: TestbedNode, options: { acceptNew: boolean; signal: AbortSignal }): Promise<SshConnection> {
    const { hostKeys } = this.#options;
    const privateKeyPem = node.keyFile === null ? this.#options.programPrivateKey() : await readKeyFile(node.keyFile);
    return connectSsh({
      host: node.host,
      port: node.port,
      user: node.user,
      privateKeyPem,
      keyDescription: node.keyFile === null ? "program's own key" : `key file ${node.keyFile}`,
      recordedKeyType: hostKeys.recordedKeyType(node),
      verifyHostKey: (key) => hostKeys.judge(node, key, options.acceptNew),
      signal: options.signal,
    });
  }
}

async function readKeyFile(keyFile: string): Promise<string> {
  const path = keyFile.startsWith('~/') ? join(homedir(), keyFile.slice(2)) : keyFile;
  try {
    const bytes = await readFile(path);
    if (bytes.length > LARGEST_KEY_FILE_BYTES)
      throw new AppError('invalid-input', `The key file ${keyFile} is too large for a key.`, 'Name another file.');
    return bytes.toString('utf8');
  } catch (error) {
    if (error instanceof AppError) throw error;
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : "can't be read";
    throw new AppError('invalid-input', `The key file ${keyFile} ${why}.`, 'Name a private key file that this user may read.', {
      cause: error,
    });
  }
}
