// What keeps the agent running on a node now, and what could: asked in one command, without root, and nothing is changed by it.
import { SHA256_SHELL_FUNCTION } from '../../../../adapters/ssh/push-bytes.js';
import { INSTALL_DIR } from '../agent-config-for.js';
import { FINGERPRINT_SHELL_FUNCTION } from '../agent-scripts.js';
import type { NodeSession } from '../node-session.js';
import { SUDO_IN_ENGLISH, TERMINAL_SHELL_FUNCTION, WANTS_TERMINAL } from './terminal-for-sudo.js';

/** Name of the unit of a user's own manager. */
export const USER_UNIT = 'dedgeai-agent.service';
export const USER_UNIT_DIR = '.config/systemd/user';
export const SYSTEM_UNIT_DIR = '/etc/systemd/system';

/** The unit of the system's manager: one for each account, since each has an agent of its own. */
export function systemUnitName(uid: number): string {
  return `dedgeai-agent-${uid}.service`;
}

/** Lets `systemctl --user` find its manager, which a non-interactive login does not always know. */
export const USER_MANAGER_SHELL_SETUP = `XDG_RUNTIME_DIR="\${XDG_RUNTIME_DIR:-/run/user/$(id -u)}"; export XDG_RUNTIME_DIR`;

/** How the account may become root: it is root, sudo asks nothing, sudo asks for a password, or not at all. */
export type RootAccess = 'root' | 'free' | 'password' | 'none';

export interface UnitState {
  /** Hash of the unit file; null when there is none. */
  sha256: string | null;
  isActive: boolean;
  isEnabled: boolean;
}

export interface ServiceFound {
  uid: number;
  userName: string;
  homeDir: string;
  /** systemd manages this system. */
  hasSystemd: boolean;
  hasUserManager: boolean;
  /** The user's manager runs without a login. */
  isLingering: boolean;
  /** The user may switch lingering on without root. */
  mayLinger: boolean;
  rootAccess: RootAccess;
  userUnit: UnitState;
  systemUnit: UnitState;
  isSupervised: boolean;
  /** Process with which the agent of a virtual node ends; null on a real one. */
  exitWithPid: number | null;
  /** Whether the running agent was started from exactly the files that are there now. */
  isCurrent: boolean;
  /** Content of config.json; empty when there is none. */
  config: string;
}

const LOOK_COMMAND = [
  SHA256_SHELL_FUNCTION,
  TERMINAL_SHELL_FUNCTION,
  USER_MANAGER_SHELL_SETUP,
  `limit() { if command -v timeout >/dev/null 2>&1; then timeout "$@"; else shift; "$@"; fi; }
say() { printf '%s=%s\\n' "$1" "$2"; }
unit() {
  [ -f "$2" ] || return 0
  say "$1-hash" "$(sha256 <"$2")"
  say "$1-active" "$(limit 10 systemctl $3 is-active "$4" 2>/dev/null)"
  say "$1-enabled" "$(limit 10 systemctl $3 is-enabled "$4" 2>/dev/null)"
}
uid=$(id -u)
say uid "$uid"
say user "$(id -un)"
say home "$HOME"
say pid "$DEDGEAI_EXIT_WITH_PID"
if [ -d /run/systemd/system ] && command -v systemctl >/dev/null 2>&1; then
  say systemd yes
  limit 10 systemctl --user show-environment >/dev/null 2>&1 && say manager yes
  [ -e "/var/lib/systemd/linger/$(id -un)" ] && say linger yes
  limit 10 pkcheck --action-id org.freedesktop.login1.set-self-linger --process "$$" >/dev/null 2>&1 </dev/null && say may-linger yes
  unit user "$HOME/${USER_UNIT_DIR}/${USER_UNIT}" --user ${USER_UNIT}
  unit system "${SYSTEM_UNIT_DIR}/dedgeai-agent-$uid.service" --system "dedgeai-agent-$uid.service"
fi
if [ "$uid" = 0 ]; then say root root
elif ! command -v sudo >/dev/null 2>&1; then say root none
elif limit 10 sudo -n true >/dev/null 2>&1 </dev/null; then say root free
elif limit 10 env ${SUDO_IN_ENGLISH} sudo -n true 2>&1 </dev/null | grep -q '${WANTS_TERMINAL.source}' && with_terminal sudo -n true >/dev/null 2>&1 </dev/null
then say root free
else say root password; fi`,
  `cd ${INSTALL_DIR} 2>/dev/null || exit 0`,
  FINGERPRINT_SHELL_FUNCTION,
  `supervisor=$(cat supervisor.pid 2>/dev/null)
case $supervisor in '' | *[!0-9]*) ;; *) kill -0 "$supervisor" 2>/dev/null && say supervised yes ;; esac
[ -s agent.started ] && [ "$(fingerprint 2>/dev/null)" = "$(cat agent.started)" ] && say current yes
printf 'config=\\n'
cat config.json 2>/dev/null || :`,
].join('\n');

export async function findService(session: NodeSession): Promise<ServiceFound> {
  const output = await session.run('report what keeps its agent running', LOOK_COMMAND, { maxOutputBytes: 64 * 1024 });
  return parseService(output, session.node.kind === 'virtual');
}

/** Pure. What the output does not report is not there. */
export function parseService(output: string, isVirtual: boolean): ServiceFound {
  const [head = '', config = ''] = output.split(/^config=\n/m, 2);
  const values = new Map(head.split('\n').map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)] as const));
  const is = (name: string): boolean => values.get(name) === 'yes';
  const unit = (name: string): UnitState => ({
    sha256: /^[0-9a-f]{64}$/.exec(values.get(`${name}-hash`) ?? '')?.[0] ?? null,
    isActive: values.get(`${name}-active`) === 'active',
    isEnabled: values.get(`${name}-enabled`) === 'enabled',
  });
  const pid = Number(values.get('pid') ?? '');
  return {
    uid: Number(/^\d{1,10}$/.exec(values.get('uid') ?? '')?.[0] ?? -1),
    userName: values.get('user') ?? '',
    homeDir: values.get('home') ?? '',
    hasSystemd: is('systemd'),
    hasUserManager: is('manager'),
    isLingering: is('linger'),
    mayLinger: is('may-linger'),
    rootAccess: parseRootAccess(values.get('root')),
    userUnit: unit('user'),
    systemUnit: unit('system'),
    isSupervised: is('supervised'),
    // Only virtual nodes live and die with a process of this machine.
    exitWithPid: isVirtual && pid > 1 ? pid : null,
    isCurrent: is('current'),
    config,
  };
}

function parseRootAccess(word: string | undefined): RootAccess {
  return word === 'root' || word === 'free' || word === 'password' ? word : 'none';
}
