// The agent under the system's systemd, as the node's user: where the user has no systemd of its own, or by choice. Needs root.
import { shellQuote } from '../../../../adapters/ssh/shell-quote.js';
import type { ExecResult } from '../../../../adapters/ssh/ssh-exec.js';
import { INSTALL_DIR } from '../agent-config-for.js';
import type { NodeSession } from '../node-session.js';
import { type ServiceFound, SYSTEM_UNIT_DIR, systemUnitName } from './find-service.js';
import { attemptAsRoot, runAsRoot } from './run-as-root.js';
import { restartUnitScript } from './unit-scripts.js';

/** Resolves as start-agent.sh ends: with the agent's own status, its ready line or the end of its log. */
export async function startSystemUnit(session: NodeSession, found: ServiceFound, unitText: string): Promise<ExecResult> {
  const unit = systemUnitName(found.uid);
  const path = `${SYSTEM_UNIT_DIR}/${unit}`;
  const script = [
    `printf '%s' ${shellQuote(unitText)} >${path}.part && chmod 644 ${path}.part && mv -f ${path}.part ${path} || exit 1`,
    restartUnitScript({ systemctl: 'systemctl', unit, folder: shellQuote(`${found.homeDir}/${INSTALL_DIR}`) }),
  ].join('\n');
  const started = await attemptAsRoot(session, found.rootAccess, "start the system's unit", script);
  return started.code === 0 ? session.attempt(`head -n 1 ${INSTALL_DIR}/agent.ready`) : started;
}

export async function removeSystemUnit(session: NodeSession, found: ServiceFound): Promise<void> {
  const unit = systemUnitName(found.uid);
  await runAsRoot(
    session,
    found.rootAccess,
    "remove the system's unit",
    `systemctl disable --now ${unit} 2>/dev/null
rm -f ${SYSTEM_UNIT_DIR}/${unit} ${SYSTEM_UNIT_DIR}/${unit}.part || exit 1
systemctl daemon-reload
systemctl reset-failed ${unit} 2>/dev/null
exit 0`,
  );
}
