// The agent under the systemd of the node's user: no root, and lingering lets it run without a login.
import { pushBytes } from '../../../../adapters/ssh/push-bytes.js';
import { shellQuote } from '../../../../adapters/ssh/shell-quote.js';
import type { ExecResult } from '../../../../adapters/ssh/ssh-exec.js';
import { INSTALL_DIR } from '../agent-config-for.js';
import type { NodeSession } from '../node-session.js';
import { type ServiceFound, USER_MANAGER_SHELL_SETUP, USER_UNIT, USER_UNIT_DIR } from './find-service.js';
import { attemptAsRoot } from './run-as-root.js';
import { restartUnitScript, START_TIMEOUT_MS } from './unit-scripts.js';

/** Folders that the unit needed and that were not there: a removal takes them away again. */
const CREATED_LIST = `${INSTALL_DIR}/created-folders`;
/** There when provisioning switched lingering on. */
const LINGER_MARK = `${INSTALL_DIR}/enabled-linger`;
const FOLDERS = ['.config', '.config/systemd', USER_UNIT_DIR, `${USER_UNIT_DIR}/default.target.wants`];

/** Resolves as start-agent.sh ends: with the agent's own status, its ready line or the end of its log. */
export async function startUserUnit(session: NodeSession, unitText: string): Promise<ExecResult> {
  const prepare = `umask 077
for folder in ${FOLDERS.join(' ')}; do
  [ -d "$folder" ] || { printf '%s\\n' "$folder" >>${CREATED_LIST} && mkdir "$folder" || exit 1; }
done`;
  await session.run("make the folder of the user's units", prepare);
  await pushBytes(session.connection, {
    bytes: Buffer.from(unitText),
    remotePath: `${USER_UNIT_DIR}/${USER_UNIT}`,
    mode: 0o600,
    signal: session.signal,
  });
  const start = [
    USER_MANAGER_SHELL_SETUP,
    restartUnitScript({ systemctl: 'systemctl --user', unit: USER_UNIT, folder: INSTALL_DIR }),
    `head -n 1 ${INSTALL_DIR}/agent.ready`,
  ].join('\n');
  return session.attempt(start, { timeoutMs: START_TIMEOUT_MS });
}

/** Lets the user's manager run without a login. Says why it could not; null when it does. */
export async function enableLinger(session: NodeSession, found: ServiceFound): Promise<string | null> {
  if (found.isLingering) return null;
  const mark = `: >${LINGER_MARK}`;
  // Most systems let a user switch it on for itself.
  if ((await session.attempt(`loginctl enable-linger </dev/null && ${mark}`)).code === 0) return null;
  const hasPassword = found.rootAccess === 'password' && (await session.tools.secrets.sudoPassword(session.node.id)) !== null;
  if (hasPassword || found.rootAccess === 'free') {
    const attempted = attemptAsRoot(
      session,
      found.rootAccess,
      'switch lingering on',
      `loginctl enable-linger ${shellQuote(found.userName)}`,
    );
    // A sudo that asks nothing may still refuse this: the agent can do without. A wrong password is to be put right.
    const result = hasPassword ? await attempted : await attempted.catch(() => null);
    if (result?.code === 0) {
      await session.run('note that lingering is on', mark);
      return null;
    }
  }
  return `lingering is off, so that it ends when ${found.userName} logs out (sudo loginctl enable-linger ${found.userName})`;
}

/** Leaves the user's units and lingering as they were found. */
export async function removeUserUnit(session: NodeSession): Promise<void> {
  const file = `${USER_UNIT_DIR}/${USER_UNIT}`;
  await session.run(
    "remove the user's unit",
    `${USER_MANAGER_SHELL_SETUP}
if [ -e ${file} ]; then
  systemctl --user disable --now ${USER_UNIT} 2>/dev/null
  rm -f ${file} ${USER_UNIT_DIR}/default.target.wants/${USER_UNIT} || exit 1
  systemctl --user daemon-reload 2>/dev/null
  systemctl --user reset-failed ${USER_UNIT} 2>/dev/null
fi
rm -f ${file}.part
if [ -e ${LINGER_MARK} ]; then loginctl disable-linger </dev/null && rm -f ${LINGER_MARK}; fi
if [ -e ${CREATED_LIST} ]; then
  for folder in ${[...FOLDERS].reverse().join(' ')}; do
    grep -q -x -F "$folder" ${CREATED_LIST} && rmdir "$folder" 2>/dev/null
  done
  rm -f ${CREATED_LIST}
fi
exit 0`,
    { timeoutMs: START_TIMEOUT_MS },
  );
}
