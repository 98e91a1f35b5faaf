// The folder of one virtual node: what a disk image is to a real one.
//   <directory>/host_key           the SSH server's key
//   <directory>/bin/node           this program's Node, under the name that a shell looks for
//   <directory>/home/              the user's home; .ssh/authorized_keys and, once provisioned, .dedgeai/
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateSshKeyPair } from '../../adapters/ssh/key-pair.js';
import { VIRTUAL_NODE_USER } from '../../domain/nodes/testbed/virtual-node-messages.js';
import { nodeScript } from './node-script.js';
import { HOST_PID_VARIABLE, NODE_MARK_VARIABLE } from './node-processes.js';

export interface NodeFolder {
  homeDir: string;
  authorizedKeysPath: string;
  hostKeyPem: string;
  /** Environment of every process on the node; nothing of the program's own leaks in. */
  environment: Record<string, string>;
}

export function homeOf(directory: string): string {
  return join(directory, 'home');
}

/** Makes what is missing and rewrites what depends on this process. Idempotent. */
export function prepareNodeFolder(
  directory: string,
  { authorizedKey, isBehindWindow }: { authorizedKey: string; isBehindWindow: boolean },
): NodeFolder {
  const homeDir = homeOf(directory);
  const binDir = join(directory, 'bin');
  const sshDir = join(homeDir, '.ssh');
  for (const path of [homeDir, binDir, sshDir]) mkdirSync(path, { recursive: true, mode: 0o700 });
  const authorizedKeysPath = join(sshDir, 'authorized_keys');
  writeFileSync(authorizedKeysPath, `${authorizedKey.trim()}\n`, { mode: 0o600 });
  writeFileSync(join(binDir, 'node'), nodeScript(isBehindWindow), { mode: 0o755 });
  return {
    homeDir,
    authorizedKeysPath,
    hostKeyPem: readOrCreateHostKey(join(directory, 'host_key')),
    environment: {
      HOME: homeDir,
      PATH: `${binDir}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
      USER: VIRTUAL_NODE_USER,
      LOGNAME: VIRTUAL_NODE_USER,
      SHELL: '/bin/sh',
      LANG: 'C.UTF-8',
      [NODE_MARK_VARIABLE]: homeDir,
      [HOST_PID_VARIABLE]: String(process.pid),
    },
  };
}

function readOrCreateHostKey(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const { privateKeyPem } = generateSshKeyPair();
    writeFileSync(path, privateKeyPem, { mode: 0o600 });
    return privateKeyPem;
  }
}
