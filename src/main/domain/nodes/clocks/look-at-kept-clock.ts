// One look at a kept clock: measured, and where it is off by more than the limit moved and measured again.
import { type KeptClock, KEPT_CLOCK_LIMIT_MS } from '../../../../shared/clock-keeping.js';
import { AppError } from '../../../../shared/errors.js';
import type { TestbedNode } from '../../../../shared/testbed.js';
import { printable } from '../../../adapters/ssh/ssh-errors.js';
import type { SshConnection } from '../../../adapters/ssh/ssh-connection.js';
import type { NodeConnector } from '../access/node-connector.js';
import type { ClockOffset } from '../facts/clock-offset.js';
import { readClock } from '../facts/read-facts.js';
import { ASK_TIME_SERVER, moveKeptClockScript } from './clock-scripts.js';

export type KeptLook = Omit<KeptClock, 'nodeId' | 'nodeName' | 'isKept'>;

export interface LookOptions {
  connector: Pick<NodeConnector, 'connect'>;
  signal: AbortSignal;
  nowMs: () => number;
  /** Asked right before the clock is moved. */
  mayMove: () => boolean;
}

/** Throws why the node was not reached or not asked. What stands in the way of moving its clock is in the value. */
export async function lookAtKeptClock(node: TestbedNode, { connector, signal, nowMs, mayMove }: LookOptions): Promise<KeptLook> {
  const outcome = await connector.connect(node, { acceptNew: false, signal });
  if (outcome.kind !== 'connected') throw outcome.error;
  const { connection } = outcome;
  const run = (script: string): Promise<string> => runOn(connection, node, script, signal);
  const look = ({ clockOffsetMs, clockErrorMs }: ClockOffset, more: Partial<KeptLook> = {}): KeptLook => ({
    ...{ lookedAtMs: nowMs(), offsetMs: clockOffsetMs, errorMs: clockErrorMs, movedAtMs: null, movedByMs: null, problem: null },
    ...more,
  });
  try {
    const found = await readClock({ run, nowMs });
    if (found.clockOffsetMs === null) return look(found, { problem: `Node "${node.name}" does not report its time.` });
    if (!isOff(found)) return look(found);
    if ((await run(ASK_TIME_SERVER)).trim() === 'yes') {
      return look(found, { problem: 'It follows a time server of its own, which says another time than this computer: look at both.' });
    }
    // Looked at during a run, a clock is left as it is.
    if (!mayMove()) return look(found);
    const byMs = -Math.round(found.clockOffsetMs);
    const { code } = await connection.exec(moveKeptClockScript(byMs), { signal });
    if (code !== 0)
      return look(found, { problem: `It could not be set (status ${code ?? 'of a signal'}): provision again with --keep-clock.` });
    const after = await readClock({ run, nowMs });
    const stayed = after.clockOffsetMs !== null && !isOff(after);
    const problem = stayed ? null : 'It was set, and does not stay so: something else sets it there (timedatectl status).';
    return look(after, { movedAtMs: nowMs(), movedByMs: byMs, problem });
  } finally {
    connection.close();
  }
}

/** Surely: beyond what the measurement may err. */
function isOff({ clockOffsetMs, clockErrorMs }: ClockOffset): boolean {
  return clockOffsetMs !== null && Math.abs(clockOffsetMs) - (clockErrorMs ?? 0) > KEPT_CLOCK_LIMIT_MS;
}

async function runOn(connection: SshConnection, node: TestbedNode, script: string, signal: AbortSignal): Promise<string> {
  const { code, stdout, stderr } = await connection.exec(script, { signal });
  if (code === 0) return stdout;
  const said = printable(stderr.trim().split('\n').at(-1) ?? '');
  throw new AppError(
    'ssh-command-failed',
    `Node "${node.name}" could not report its time${said ? ` (${said})` : ''}.`,
    `Check that the account ${node.user} has a shell there.`,
  );
}
