// A whole node for a test, in namespaces of its own: network, processes, mounts, host name. It has an account with a home folder of its own, an
// SSH server on port 22, and may have what labs have: a calendar that is wrong, a small disk, a sudo that asks, programs that are missing.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateSshKeyPair } from '../../../src/main/adapters/ssh/key-pair.js';
import { linesOf, type NodeNetwork } from './node-network.js';

export interface NamespacedNodeOptions {
  /** `nvidia` when absent; `root` has its home folder under /home too. */
  user?: string;
  /** What sudoers says of the account; nothing when absent. */
  sudo?: 'with password' | 'without password';
  /** The home folder's disk as tmpfs takes it: `200m`. As large as memory allows when absent. */
  homeSize?: string;
  /** Whether there is a Node.js on the PATH: the one of this process. True when absent. */
  hasNodeJs?: boolean;
  /** What is `python3` on its PATH; the system's when absent. Only root sees all of this machine's folders. */
  python?: string;
  /** How its calendar stands to that of this machine, as faketime takes it: `+3600`, `-56y`. */
  clock?: string;
  /** Folders that are empty there, and files that are empty and can't be run. */
  hides?: readonly string[];
}

export interface NamespacedNode {
  readonly name: string;
  readonly address: string;
  readonly user: string;
  /** Of its account: of its own making, and good for SSH and sudo. */
  readonly password: string;
  readonly homeDir: string;
  /** Where this machine finds a path of the node. */
  pathOf(path: string): string;
  /** Runs a command there as its root; returns what it prints. */
  runAsRoot(command: string): string;
  /** As pulling its plug: all of its processes end, and no one hears a goodbye. */
  powerOff(): Promise<void>;
}

const NODE_JS_PATHS = ['/usr/bin/node', '/opt/node/bin/node'];
/** Where Debian has it, for each architecture. */
const FAKETIME_GLOB = '/usr/lib/*/faketime/libfaketimeMT.so.1';

/** The library by which a node's calendar is another than this machine's; null where it is not installed. */
export function findFaketime(): string | null {
  try {
    return (
      execFileSync('/bin/sh', ['-c', `ls ${FAKETIME_GLOB}`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0] ??
      null
    );
  } catch {
    return null;
  }
}

interface StartOptions extends NamespacedNodeOptions {
  name: string;
  /** Empty, and readable by everyone. */
  dir: string;
  sshd: string;
  network: NodeNetwork;
  /** Where hold-node.sh lies; beside this file when absent. */
  scriptsDir?: string;
  /** Absent: it lets in with the password alone. */
  authorizedKey?: string;
}

/** Resolves once its SSH server listens. */
export async function startNamespacedNode(options: StartOptions): Promise<NamespacedNode> {
  const { name, network, user = 'nvidia', scriptsDir = import.meta.dirname } = options;
  const password = randomBytes(12).toString('base64url');
  writeNodeFiles(options, `${user}:${password}\n`);
  const holder = spawn('unshare', ['--net', '/bin/sh', join(scriptsDir, 'hold-node.sh')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environmentOf(options),
  });
  const isListening = untilListening(holder);
  const nextLine = linesOf(holder);
  let address: string;
  let machinePid: number;
  try {
    address = network.connect(Number(await nextLine()));
    holder.stdin.write('\n');
    machinePid = Number(await nextLine());
    await isListening;
  } catch (thrown) {
    holder.stdin.end();
    throw thrown;
  }
  return {
    name,
    address,
    user,
    password,
    homeDir: `/home/${user}`,
    pathOf: (path) => `/proc/${machinePid}/root${path}`,
    runAsRoot: (command) => {
      const words = [
        '-t',
        String(machinePid),
        '-m',
        '-u',
        '-i',
        '-n',
        `--pid=/proc/${machinePid}/ns/pid_for_children`,
        '/bin/sh',
        '-c',
        command,
      ];
      return execFileSync('nsenter', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    },
    powerOff: async () => {
      if (holder.exitCode !== null || holder.signalCode !== null) return;
      const ended = once(holder, 'exit');
      network.unplug(address);
      holder.stdin.end();
      await ended;
    },
  };
}

function writeNodeFiles({ dir, authorizedKey }: StartOptions, account: string): void {
  mkdirSync(dir, { mode: 0o755 });
  writeFileSync(join(dir, 'password'), account, { mode: 0o600 });
  writeFileSync(join(dir, 'host_key'), generateSshKeyPair().privateKeyPem, { mode: 0o600 });
  if (authorizedKey !== undefined) writeFileSync(join(dir, 'authorized_keys'), `${authorizedKey}\n`);
  const lines = [
    'Port 22',
    'ListenAddress 0.0.0.0',
    `HostKey ${join(dir, 'host_key')}`,
    'PidFile none',
    'UsePAM no',
    'PermitRootLogin yes',
  ];
  writeFileSync(join(dir, 'sshd_config'), `${lines.join('\n')}\n`);
}

function environmentOf(options: StartOptions): NodeJS.ProcessEnv {
  const { dir, name, user = 'nvidia', sudo, homeSize, hasNodeJs = true, python, clock, hides = [], sshd } = options;
  return {
    PATH: process.env['PATH'],
    NODE_DIR: dir,
    HOST_NAME: name,
    ACCOUNT: user,
    HOME_OPTIONS: homeSize === undefined ? '' : `size=${homeSize}`,
    SUDO_RULE: sudo === undefined ? '' : sudo === 'with password' ? 'ALL' : 'NOPASSWD: ALL',
    HIDDEN: [...hides, ...(hasNodeJs ? [] : NODE_JS_PATHS)].join(' '),
    NODE_JS: hasNodeJs ? process.execPath : '',
    PYTHON: python ?? '',
    CLOCK: clock ?? '',
    FAKETIME_LIBRARY: clock === undefined ? '' : (findFaketime() ?? ''),
    SSHD: sshd,
  };
}

function untilListening(holder: ChildProcess): Promise<void> {
  const listening = new Promise<void>((resolve, reject) => {
    let said = '';
    holder.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000);
      if (said.includes('Server listening')) resolve();
    });
    holder.once('error', reject);
    holder.once('exit', (code) => reject(new Error(`A node of the test ended with status ${code}: ${said}`)));
  });
  // Whoever waits for something before it hears of the end there.
  listening.catch(() => undefined);
  return listening;
}
