// OpenSSH's own server for a test: a high port on loopback, its own host key, one authorized key, and a folder of the test as home.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findFreePort } from '../../src/main/foundation/listen-port.js';
import { generateSshKeyPair } from '../../src/main/adapters/ssh/key-pair.js';
import { shellQuote } from '../../src/main/adapters/ssh/shell-quote.js';

export interface RealSshd {
  port: number;
  homeDir: string;
  /** `ssh-ed25519 ...`, as in a known_hosts line. */
  hostKeyLine(): string;
  /** Stops the server and starts it with another host key, on the same port. */
  restartWithNewHostKey(): Promise<void>;
  stop(): Promise<void>;
}

export interface RealSshdOptions {
  sshd: string;
  dir: string;
  authorizedKey: string;
  port?: number;
  /** Lets accounts log in with their passwords; the home folder is then open to every account. */
  takesPasswords?: boolean;
  /** Accounts keep their own home folders and login shells, instead of the folder of the test and /bin/sh. */
  keepsAccounts?: boolean;
  /** Folders of the node's PATH before the system's; the one of this Node.js when absent. */
  path?: string;
  /** Program and arguments that the server is started by, for a machine of its own. */
  launchedBy?: readonly string[];
}

/** Resolves once the server listens; rejects with what it says when it ends instead. */
export async function startRealSshd(options: RealSshdOptions): Promise<RealSshd> {
  const { sshd, dir } = options;
  const homeDir = join(dir, 'home');
  mkdirSync(homeDir, { recursive: true });
  if (options.takesPasswords || options.keepsAccounts)
    for (const [folder, mode] of [
      [dirname(dir), 0o755],
      [dir, 0o755],
      [homeDir, 0o777],
    ] as const)
      chmodSync(folder, mode);
  // The server reads it as the account that logs in.
  writeFileSync(join(dir, 'authorized_keys'), `${options.authorizedKey}\n`, { mode: options.keepsAccounts ? 0o644 : 0o600 });
  const port = options.port ?? (await findFreePort('127.0.0.1', null));
  // The real home of the user stays untouched.
  const command = `cd ${shellQuote(homeDir)} && HOME=${shellQuote(homeDir)} PATH=${shellQuote(options.path ?? dirname(process.execPath))}:$PATH exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"`;
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(dir, 'host_key')}`,
    `AuthorizedKeysFile ${join(dir, 'authorized_keys')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    `PasswordAuthentication ${options.takesPasswords ? 'yes' : 'no'}`,
    'PermitRootLogin yes',
    ...(options.keepsAccounts ? [] : [`ForceCommand ${command}`]),
  ];
  writeFileSync(join(dir, 'sshd_config'), `${config.join('\n')}\n`);
  // As root it insists on this folder, which only its package's start script makes.
  if (process.getuid?.() === 0 && !existsSync('/run/sshd')) mkdirSync('/run/sshd', { mode: 0o755 });
  let server = await launch(sshd, dir, options.launchedBy);
  return {
    port,
    homeDir,
    hostKeyLine: () => readFileSync(join(dir, 'host_key.pub'), 'utf8'),
    restartWithNewHostKey: async () => {
      await end(server);
      server = await launch(sshd, dir, options.launchedBy);
    },
    stop: () => end(server),
  };
}

async function launch(sshd: string, dir: string, launchedBy: readonly string[] = []): Promise<ChildProcess> {
  const hostKey = generateSshKeyPair();
  writeFileSync(join(dir, 'host_key'), hostKey.privateKeyPem, { mode: 0o600 });
  writeFileSync(join(dir, 'host_key.pub'), hostKey.publicKeyLine);
  const words = [...launchedBy, sshd, '-D', '-e', '-f', join(dir, 'sshd_config')];
  const server = spawn(words[0] ?? sshd, words.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    server.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes('Server listening')) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`sshd ended with status ${code}: ${said}`)));
  });
  return server;
}

function end(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) return resolve();
    server.once('exit', () => resolve());
    // What started it for a machine of its own takes that machine with it, and heeds no other signal.
    server.kill(server.spawnargs[0] === 'unshare' ? 'SIGKILL' : 'SIGTERM');
  });
}
