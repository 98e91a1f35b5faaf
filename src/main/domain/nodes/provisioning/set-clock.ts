// Sets a node's clock by this machine's, when the user has asked for it: certificates and logs want both to agree, and a board without a battery
// wakes in 1970.
import { AppError } from '../../../../shared/errors.js';
import { describeNodeClock, isClockFarOff } from '../../../../shared/node-clock.js';
import { readClock } from '../facts/read-facts.js';
import type { NodeSession } from './node-session.js';
import type { RootAccess } from './service/find-service.js';
import type { NodeFacts } from '../../../../shared/testbed.js';
import { runAsRoot } from './service/run-as-root.js';

/**
 * Corrects it by what it is off instead of naming an instant: until root is there, sudo may have asked name servers for many seconds. The hardware's
 * clock too, where there is one, so that a restart keeps it.
 */
const setScript = (offsetMs: number): string => `now=$(date +%s%N)
case $now in *[!0-9]*) now=$(date +%s)000000000 ;; esac
at=$((now + ${-Math.round(offsetMs)} * 1000000))
date -u -s "@$((at / 1000000000)).$(printf %09d $((at % 1000000000)))" >/dev/null || exit 1
hwclock --systohc --utc >/dev/null 2>&1
exit 0`;

/**
 * Does nothing where the clocks agree already; resolves then with null, and else with what was done. The facts of the session know the new
 * offset. Throws `unsupported` where root can't be had or the clock does not take it.
 */
export async function setClock(session: NodeSession, access: RootAccess): Promise<string | null> {
  const { node, tools } = session;
  if (node.kind === 'virtual' || !isClockFarOff(session.facts)) return null;
  const run = (script: string): Promise<string> => session.run('tell its clock', script);
  const read = async (): Promise<NodeFacts> => ({
    ...session.facts,
    ...(await readClock({ run, nowMs: tools.nowMs })),
    readAtMs: tools.nowMs(),
  });
  const before = await read();
  if (before.clockOffsetMs === null || !isClockFarOff(before)) return null;
  await runAsRoot(session, access, 'set its clock', setScript(before.clockOffsetMs));
  const after = await read();
  session.noteFacts(after);
  session.updateNode({ facts: after });
  if (after.clockOffsetMs === null || isClockFarOff(after)) {
    throw new AppError(
      'unsupported',
      `The clock of node "${node.name}" was set, and is ${describeNodeClock(after) ?? 'not reported'} all the same.`,
      'Something else sets it there: look at timedatectl status.',
    );
  }
  return `Its clock was ${describeNodeClock(before)}, and was set.`;
}
