// A node with a clock of its own, for tests that move it: an OpenSSH server in a mount namespace, whose `date` is a file of the test, as are sudo's
// rules and the folder of programs that only root writes. No clock and no file of this machine is touched.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface OwnClock {
  /** Program and arguments that a server is started by. */
  launchedBy: readonly string[];
  /** Node less this machine, ms. */
  offsetMs(): number;
  setOffsetMs(ms: number): void;
  /** Whether the node's clock follows a time server of its own. */
  setFollowsServer(follows: boolean): void;
  /** What of sudo's rules and of root's programs is there besides what was at first, names in order. */
  rootFiles(): string[];
}

export interface OwnClockOptions {
  /** A folder that every account may look into. */
  dir: string;
  /** May become root by sudo with its password. */
  sudoUser: string;
  /** Lines in the place of /etc/hosts: what the node takes names for. */
  hosts?: readonly string[];
}

const REAL_DATE = '/usr/bin/date';

/** Null where this machine has no such namespaces, or no sudo. */
export function makeOwnClock({ dir, sudoUser, hosts }: OwnClockOptions): OwnClock | null {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/sudo') || spawnSync('unshare', ['--mount', 'true']).status !== 0) return null;
  const path = (name: string): string => join(dir, name);
  const rules = path('sudoers.d');
  const programs = path('libexec');
  mkdirSync(rules, { mode: 0o755 });
  mkdirSync(programs, { mode: 0o755 });
  writeFileSync(join(rules, 'account'), `${sudoUser} ALL=(ALL:ALL) ALL\n`, { mode: 0o440 });
  if (existsSync('/usr/libexec/sudo')) execFileSync('cp', ['-a', '/usr/libexec/sudo', programs]);
  copyFileSync(REAL_DATE, path('real-date'));
  const writeAll = (name: string, text: string, mode = 0o644): void => {
    writeFileSync(path(name), text);
    chmodSync(path(name), mode);
  };
  writeAll('offset', '0\n');
  writeAll('follows', 'no\n');
  writeAll('date', dateScript(dir), 0o755);
  writeAll('timedatectl', `#!/bin/sh\ncat '${path('follows')}'\n`, 0o755);
  writeAll('hwclock', '#!/bin/sh\n', 0o755);
  if (hosts) writeAll('hosts', `${hosts.join('\n')}\n`);
  const mounts = [
    ...(hosts ? [`mount --bind '${path('hosts')}' /etc/hosts`] : []),
    `mount --bind '${rules}' /etc/sudoers.d`,
    `mount --bind '${programs}' /usr/libexec`,
    `mount --bind '${path('date')}' ${REAL_DATE}`,
    ...['/usr/bin/timedatectl', '/usr/sbin/hwclock']
      .filter((program) => existsSync(program))
      .map((program) => `mount --bind '${path(program.split('/').at(-1) ?? '')}' ${program}`),
  ];
  const atFirst = new Set([...readdirSync(rules), ...readdirSync(programs)]);
  return {
    launchedBy: ['unshare', '--mount', '/bin/sh', '-c', `${mounts.join(' && ')} && exec "$@"`, 'sh'],
    offsetMs: () => Number(readFileSync(path('offset'), 'utf8')) / 1e6,
    setOffsetMs: (ms) => writeFileSync(path('offset'), `${Math.round(ms)}000000\n`),
    setFollowsServer: (follows) => writeFileSync(path('follows'), follows ? 'yes\n' : 'no\n'),
    rootFiles: () => [...readdirSync(rules), ...readdirSync(programs)].filter((name) => !atFirst.has(name)).sort(),
  };
}

/** Answers as `date` does where the program asks it, by this machine's time and an offset in nanoseconds, which setting the clock changes. */
function dateScript(dir: string): string {
  return `#!/bin/sh
real=$('${join(dir, 'real-date')}' +%s%N)
now=$((real + $(cat '${join(dir, 'offset')}')))
case "$*" in
'-u -s @'*)
  given=\${3#@}
  nanoseconds=\${given#*.}
  [ "$nanoseconds" = "$given" ] && nanoseconds=000000000
  echo $((\${given%.*} * 1000000000 + 1$nanoseconds - 1000000000 - real)) >'${join(dir, 'offset')}' ;;
+%s%N) echo "$now" ;;
+%s.%N) printf '%d.%09d\\n' $((now / 1000000000)) $((now % 1000000000)) ;;
+%s) echo $((now / 1000000000)) ;;
*) exec '${join(dir, 'real-date')}' "$@" ;;
esac
`;
}
