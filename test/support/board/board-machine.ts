// A board as it comes out of its box, with a systemd of its own as its first process, logins that PAM opens, sudo, and an SSH server on port 22 of
// an address of its own. It boots and reboots as a board does; what it writes lasts until its plug is pulled, reboots included.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { generateSshKeyPair } from '../../../src/main/adapters/ssh/key-pair.js';
import { whyNoNamespaces } from '../namespaces/namespace-harness.js';
import { linesOf, type NodeNetwork } from '../namespaces/node-network.js';
import { until } from '../until.js';

const TREE = process.env['DEDGEAI_BOARD_TREE'] ?? join(import.meta.dirname, '../../../.cache/board-tree');
const ACCOUNT = 'nvidia';
/** All that a board takes, in namespaces that end with the command. */
const TRY_OUT = `mount -t cgroup2 none /sys/fs/cgroup && cd /sys/fs/cgroup && mkdir dedgeai-try-$$ || exit 1
[ -e dedgeai-try-$$/cgroup.kill ]; isKilled=$?; rmdir dedgeai-try-$$
[ "$isKilled" = 0 ] && mount -t tmpfs tmpfs /mnt && mkdir /mnt/a /mnt/b /mnt/c && mount -t overlay overlay -o lowerdir=/mnt/a,upperdir=/mnt/b,workdir=/mnt/c /mnt/a`;

export interface Board {
  readonly name: string;
  readonly address: string;
  readonly user: string;
  /** Of its account: of its own making, and what sudo asks for. */
  readonly password: string;
  /** Of the account's key. */
  readonly keyPath: string;
  /** What sudoers says of the account, in lines as in /etc/sudoers. */
  setSudoers(lines: string): void;
  /** Runs a command there as its root; returns what it prints. */
  runAsRoot(command: string): string;
  /** `reboot`, as root types it; resolves when the SSH server is back. */
  reboot(): Promise<void>;
  /** As pulling its plug. */
  powerOff(): Promise<void>;
}

/** Why there can be no board here, in words; null when there can. */
export function whyNoBoard(): string | null {
  const reason = whyNoNamespaces();
  if (reason !== null) return reason;
  try {
    execFileSync('/bin/sh', ['-c', 'command -v systemd-nspawn'], { stdio: 'ignore' });
  } catch {
    return 'systemd-nspawn is not installed (package systemd-container)';
  }
  if (!existsSync(join(TREE, 'lib/systemd/systemd')))
    return 'there is no file system of a board: test/support/board/make-board-tree.sh makes one with mmdebstrap, from a mirror of Debian';
  try {
    execFileSync('unshare', ['--net', '--mount', '/bin/sh', '-c', TRY_OUT], { stdio: 'ignore' });
    return null;
  } catch {
    return 'this machine allows no control groups and overlays in namespaces of their own';
  }
}

/** Resolves once its SSH server listens. `dir` is empty. */
export async function startBoard({ name, dir, network }: { name: string; dir: string; network: NodeNetwork }): Promise<Board> {
  const password = randomBytes(12).toString('base64url');
  const key = generateSshKeyPair();
  const keyPath = join(dir, 'key');
  const logPath = join(dir, 'console');
  const machineDir = join(dir, 'machine');
  mkdirSync(machineDir, { recursive: true });
  writeFileSync(keyPath, key.privateKeyPem, { mode: 0o600 });
  const holder = spawn('unshare', ['--net', '--mount', '/bin/sh', join(import.meta.dirname, 'hold-board.sh')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      BOARD_DIR: machineDir,
      BOARD_TREE: TREE,
      BOARD_LOG: logPath,
      HOST_NAME: name,
      ACCOUNT,
      PASSWORD: password,
      HOST_KEY: generateSshKeyPair().privateKeyPem,
      AUTHORIZED_KEY: key.publicKeyLine,
    },
  });
  const nextLine = linesOf(holder);
  const said = (): string => (existsSync(logPath) ? readFileSync(logPath, 'utf8') : '');
  const powerOff = async (): Promise<void> => {
    if (holder.exitCode !== null || holder.signalCode !== null) return;
    const ended = once(holder, 'exit');
    holder.stdin.end();
    await ended;
  };
  try {
    const address = network.connect(Number(await nextLine()));
    holder.stdin.write('\n');
    const starterPid = Number(await nextLine());
    const childOf = (pid: number): number => Number(execFileSync('pgrep', ['--parent', String(pid), '--newest'], { encoding: 'utf8' }));
    const firstProcess = (): number => childOf(childOf(starterPid));
    const isUp = (): Promise<boolean> =>
      holder.exitCode === null ? speaksSsh(address) : Promise.reject(new Error(`The board ended: ${said()}`));
    const runAsRoot = (command: string): string =>
      execFileSync('nsenter', ['-t', String(firstProcess()), '-a', '/bin/sh', '-c', command], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    await until(isUp);
    return {
      name,
      address,
      user: ACCOUNT,
      password,
      keyPath,
      runAsRoot,
      setSudoers: (lines) =>
        runAsRoot(`printf '%s\\n' '${lines}' >/etc/sudoers.d/account && chmod 440 /etc/sudoers.d/account && visudo -cq`),
      reboot: async () => {
        const before = bootOf(runAsRoot);
        try {
          runAsRoot('systemctl reboot');
        } catch {
          // It may be gone before it has answered.
        }
        await until(async () => (await isUp()) && bootOf(runAsRoot) !== before);
      },
      powerOff,
    };
  } catch (thrown) {
    await powerOff();
    throw new Error(`A board did not boot: ${said().slice(-2_000)}`, { cause: thrown });
  }
}

/** When its first process was started; empty while there is none. The boot id is this machine's. */
function bootOf(runAsRoot: (command: string) => string): string {
  try {
    return runAsRoot('cut -d " " -f 22 /proc/1/stat');
  } catch {
    return '';
  }
}

function speaksSsh(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 22, timeout: 2_000 });
    const end = (isUp: boolean): void => {
      socket.destroy();
      resolve(isUp);
    };
    socket.once('data', (bytes) => end(bytes.toString('latin1').startsWith('SSH-')));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
    socket.once('close', () => end(false));
  });
}
