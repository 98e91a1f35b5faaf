// What is done to a node's clock, as scripts of a POSIX shell: moved as root, and the right to move it, which an account gets for one small
// program and nothing else.
import { shellQuote } from '../../../adapters/ssh/shell-quote.js';
import { CLOCK_HELPER_SHELL_FUNCTION, clockHelperPath } from '../facts/clock-right.js';

export function clockRulePath(uid: number): string {
  return `/etc/sudoers.d/dedgeai-clock-${uid}`;
}

/** Instant before which no clock is set, epoch ns: 2020-01-01. */
const EARLIEST_NS = 1_577_836_800n * 1_000_000_000n;

/** Statuses of what moves a clock. */
export const CLOCK_STATUSES = { refused: 3 } as const;

/**
 * Moves the clock by `$1` ms. By a difference, not to an instant: how long the command was under way is then no error. The hardware's clock
 * too, where there is one, so that a restart keeps it.
 */
const MOVE = `case \${1#-} in '' | *[!0-9]*) exit 2 ;; esac
now=$(date +%s%N)
case $now in '' | *[!0-9]*) now=$(date +%s)000000000 ;; esac
target=$((now + $1 * 1000000))
[ "$target" -ge ${EARLIEST_NS} ] || exit ${CLOCK_STATUSES.refused}
seconds=$((target / 1000000000))
date -u -s "@$seconds.$(printf %09d $((target % 1000000000)))" >/dev/null 2>&1 || date -u -s "@$seconds" >/dev/null || exit 1
hwclock --systohc --utc >/dev/null 2>&1
exit 0`;

/** To be run as root. */
export function moveClockScript(byMs: number): string {
  return `set -- ${Math.round(byMs)}\n${MOVE}`;
}

const HELPER = `#!/bin/sh
# Sets the clock for the DEdgeAI control center: the sudoers file dedgeai-clock-* lets one account run this as root, and nothing else.
# Usage: MILLISECONDS to move it by, or check. "provision --no-keep-clock" and an uninstall take both files away.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
[ "$1" = check ] && exit 0
${MOVE}
`;

/** Statuses of the script that gives the right. */
export const GRANT_STATUSES = { noSudoers: 10, refusedRule: 11 } as const;

/** To be run as root; `root` is a folder before every path, for tests. */
export function grantScript(uid: number, root = ''): string {
  const helper = `${root}${clockHelperPath(uid)}`;
  const rule = `${root}${clockRulePath(uid)}`;
  const right = `#${uid} ALL=(root) NOPASSWD: ${helper}`;
  // Not every sudo knows the second line, by which one that wants a terminal takes this without. Names with a dot are passed over by sudo: a file
  // that is half written is none.
  return `umask 022
mkdir -p ${shellQuote(dirOf(helper))} || exit 1
printf %s ${shellQuote(HELPER)} >${shellQuote(`${helper}.part`)} && chmod 755 ${shellQuote(`${helper}.part`)} && mv -f ${shellQuote(`${helper}.part`)} ${shellQuote(helper)} || exit 1
${uid === 0 ? 'exit 0' : ''}
[ -d ${shellQuote(dirOf(rule))} ] || exit ${GRANT_STATUSES.noSudoers}
give() { printf '%s\\n' "$@" >${shellQuote(`${rule}.part`)} && chmod 440 ${shellQuote(`${rule}.part`)} || exit 1; }
taken() { visudo -cqf ${shellQuote(`${rule}.part`)} >/dev/null 2>&1; }
give ${shellQuote(right)} ${shellQuote(`Defaults!${helper} !requiretty`)}
taken || { give ${shellQuote(right)}; taken; } || { rm -f ${shellQuote(`${rule}.part`)}; exit ${GRANT_STATUSES.refusedRule}; }
mv -f ${shellQuote(`${rule}.part`)} ${shellQuote(rule)}`;
}

/** To be run as root. */
export function revokeScript(uid: number, root = ''): string {
  const paths = [clockRulePath(uid), `${clockRulePath(uid)}.part`, clockHelperPath(uid), `${clockHelperPath(uid)}.part`];
  return `rm -f ${paths.map((path) => shellQuote(`${root}${path}`)).join(' ')} || exit 1
rmdir ${shellQuote(`${root}${dirOf(clockHelperPath(uid))}`)} 2>/dev/null
exit 0`;
}

/** Ends with 0 where a part of the right is there, also one that does not work. */
export const HAS_CLOCK_FILES = `[ -e /usr/libexec/dedgeai-set-clock-$(id -u) ]`;

/** Moves the clock with the right that was given. */
export function moveKeptClockScript(byMs: number): string {
  return `${CLOCK_HELPER_SHELL_FUNCTION}\nrun_clock_helper ${Math.round(byMs)}`;
}

/** Prints \`yes\` where the clock follows a time server of its own. */
export const ASK_TIME_SERVER = 'timedatectl show --property NTPSynchronized --value 2>/dev/null\n:';

function dirOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
