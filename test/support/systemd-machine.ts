// A machine of its own for an SSH server, with a real systemd in it: a user's manager in namespaces of the test, since systemd is not what
// started this machine. `systemctl` without --user is led to the same manager, so that the unit of the system runs as well.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SYSTEMD = '/lib/systemd/systemd';

/** Why there can't be one here, in words; null when there can. */
export function whyNoSystemdMachine(): string | null {
  if (process.getuid?.() !== 0) return 'namespaces of their own need root';
  if (!existsSync(SYSTEMD) || !existsSync('/usr/bin/systemctl')) return 'systemd is not installed';
  try {
    execFileSync('unshare', ['--mount', '--pid', '--fork', '--mount-proc', 'mount', '-t', 'tmpfs', 'none', '/run'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'this machine allows no namespaces of their own';
  }
}

/** Writes what is needed into `dir`; the words to start a server by, and the folder that belongs before all others on its PATH. */
export function prepareSystemdMachine(dir: string, homeDir: string): { launchedBy: string[]; binDir: string } {
  const binDir = join(dir, 'systemd-bin');
  mkdirSync(binDir, { recursive: true });
  mkdirSync(homeDir, { recursive: true });
  writeFileSync(
    join(binDir, 'systemctl'),
    `#!/bin/sh\nexport XDG_RUNTIME_DIR=/run/user/0\n[ "$1" = --user ] || [ "$1" = --system ] && shift\nexec /usr/bin/systemctl --user "$@"\n`,
  );
  chmodSync(join(binDir, 'systemctl'), 0o755);
  const bootPath = join(dir, 'boot.sh');
  const boot = `#!/bin/sh
mount -t tmpfs none /run
mount -t tmpfs none /etc/systemd/system
mkdir -p /run/systemd/system /run/sshd /run/user/0
chmod 700 /run/user/0
HOME='${homeDir}' XDG_RUNTIME_DIR=/run/user/0 SYSTEMD_UNIT_PATH=/etc/systemd/system: ${SYSTEMD} --user >'${join(dir, 'systemd.log')}' 2>&1 &
exec "$@"
`;
  writeFileSync(bootPath, boot);
  return { launchedBy: ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '/bin/sh', bootPath], binDir };
}
