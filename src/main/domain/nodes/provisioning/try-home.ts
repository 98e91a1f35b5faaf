// What the facts can't say of a home folder: whether files there can be written, brought to the disk and run. It is tried with one small file,
// which is gone again when the answer comes.
import type { StepFinding } from '../../../../shared/provisioning.js';
import { INSTALL_DIR } from './agent-config-for.js';
import type { NodeSession } from './node-session.js';
import { blocked } from './provision-step.js';

const STATUSES = { unwritable: 10, unsynced: 11, notRun: 12 } as const;
/** The exit status of the file that is run: no shell has this status of its own. */
const RAN_STATUS = 42;

const TRY_SCRIPT = `umask 077
folder=${INSTALL_DIR}
[ -d "$folder" ] || folder=.
file=$folder/.dedgeai-try.$$
trap 'rm -f -- "$file"' EXIT
true >"$file" || exit ${STATUSES.unwritable}
printf '#!/bin/sh\\nexit ${RAN_STATUS}\\n' | dd of="$file" conv=fsync 2>/dev/null || exit ${STATUSES.unsynced}
chmod 700 "$file" || exit ${STATUSES.unwritable}
"$file" 2>/dev/null
[ $? -eq ${RAN_STATUS} ] || exit ${STATUSES.notRun}
exit 0`;

/** Null where all of it works. `needsToRun`: whether anything that is installed is started as a program of its own. */
export async function tryHome(session: NodeSession, { needsToRun }: { needsToRun: boolean }): Promise<StepFinding | null> {
  const result = await session.attempt(TRY_SCRIPT);
  switch (result.code) {
    case 0:
      return null;
    case STATUSES.unwritable:
      return blocked(
        'files in its home folder can’t be written.',
        `Check there that the disk is not mounted read-only (mount), and that the home folder belongs to ${session.node.user}.`,
      );
    case STATUSES.unsynced:
      return blocked(
        'what is written to its home folder does not get to the disk.',
        'Check there that the disk has room and is healthy (df, dmesg).',
      );
    case STATUSES.notRun:
      if (!needsToRun) return null;
      return blocked('programs in its home folder can’t be run.', 'Check there that its disk is not mounted with noexec (mount).');
    default:
      throw await session.commandError('try its home folder', result);
  }
}
