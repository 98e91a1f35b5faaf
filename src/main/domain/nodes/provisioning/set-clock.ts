// Sets a node's clock by this machine's, when the user has asked for it: certificates and logs want both to agree, and a board without a battery
// wakes in 1970.
import { AppError } from '../../../../shared/errors.js';
import { describeNodeClock, isClockFarOff } from '../../../../shared/node-clock.js';
import { readClock } from '../facts/read-facts.js';
import type { NodeSession } from './node-session.js';
import type { RootAccess } from './service/find-service.js';
import { runAsRoot } from './service/run-as-root.js';

/** The hardware's clock too, where there is one, so that a restart keeps it. */
const setScript = (atMs: number): string => `date -u -s "@${(atMs / 1000).toFixed(3)}" >/dev/null || exit 1
hwclock --systohc --utc >/dev/null 2>&1
exit 0`;

/**
 * Does nothing where the clocks agree already; resolves then with null, and else with what was done. The facts of the session know the new
 * offset. Throws `unsupported` where root can't be had or the clock does not take it.
 */
export async function setClock(session: NodeSession, access: RootAccess): Promise<string | null> {
  const { facts, node, tools } = session;
  if (node.kind === 'virtual' || !isClockFarOff(facts)) return null;
  await runAsRoot(session, access, 'set its clock', setScript(tools.nowMs()));
  const run = (script: string): Promise<string> => session.run('tell its clock', script);
  const after = { ...facts, ...(await readClock({ run, nowMs: tools.nowMs })), readAtMs: tools.nowMs() };
  session.noteFacts(after);
  session.updateNode({ facts: after });
  if (after.clockOffsetMs === null || isClockFarOff(after)) {
    throw new AppError(
      'unsupported',
      `The clock of node "${node.name}" was set, and is ${describeNodeClock(after) ?? 'not reported'} all the same.`,
      'Something else sets it there: look at timedatectl status.',
    );
  }
  return `Its clock was ${describeNodeClock(facts)}, and was set.`;
}
