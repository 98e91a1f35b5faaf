// What provisioning does to a node's clock, each only when it was asked for: sets it by this computer's, and gives or takes back the right by which
// this program keeps it so. Certificates and logs want both clocks to agree, and a board without a battery wakes in 1970.
import { AppError } from '../../../../shared/errors.js';
import { describeNodeClock, isClockFarOff } from '../../../../shared/node-clock.js';
import type { PlannedClock, StepFinding } from '../../../../shared/provisioning.js';
import { clockRulePath, GRANT_STATUSES, grantScript, HAS_CLOCK_FILES, moveClockScript, revokeScript } from '../clocks/clock-scripts.js';
import { ASK_CLOCK_RIGHT, clockHelperPath } from '../facts/clock-right.js';
import { readClock } from '../facts/read-facts.js';
import type { NodeSession } from './node-session.js';
import { blocked } from './provision-step.js';
import { findService, type RootAccess, type ServiceFound } from './service/find-service.js';
import { attemptAsRoot, runAsRoot } from './service/run-as-root.js';

/** What there is to do. */
interface ClockWork {
  sets: boolean;
  grants: boolean;
  revokes: boolean;
}

export interface ClockFinding {
  clock: PlannedClock;
  /** One line each; empty where nothing is to be done. */
  changes: string[];
  /** Why it can't be done as things are; null where it can. */
  obstacle: StepFinding | null;
}

/** What is asked for and not done yet. Never anything on a virtual node, whose clock is this computer's. */
function clockWorkOf({ facts, node, setsClock, keepsClock }: NodeSession): ClockWork {
  const isReal = node.kind !== 'virtual';
  return {
    sets: isReal && setsClock && isClockFarOff(facts),
    grants: isReal && keepsClock === true && !facts.isClockKept,
    revokes: isReal && keepsClock === false && facts.isClockKept === true,
  };
}

/** Looks, and asks for root only where something is to be done. */
export async function findClockWork(session: NodeSession): Promise<ClockFinding> {
  const { facts, node } = session;
  const work = clockWorkOf(session);
  const clock: PlannedClock = {
    offset: describeNodeClock(facts),
    isFarOff: isClockFarOff(facts),
    isKept: facts.isClockKept === true,
    needsSudoPassword: false,
  };
  if (!work.sets && !work.grants && !work.revokes) return { clock, changes: [], obstacle: null };
  const found = await findService(session);
  const needsSudoPassword = found.rootAccess === 'password' && (await session.tools.secrets.sudoPassword(node.id)) === null;
  return {
    clock: { ...clock, needsSudoPassword },
    changes: listChanges(work, clock, found),
    obstacle: needsSudoPassword ? lacksPassword(node) : found.rootAccess === 'none' ? lacksRoot(node) : null,
  };
}

function listChanges({ sets, grants, revokes }: ClockWork, { offset }: PlannedClock, { uid, userName }: ServiceFound): string[] {
  return [
    ...(sets ? [`its clock, which is ${offset ?? 'not reported'}, by this computer’s, as root`] : []),
    ...(grants
      ? [
          `${clockHelperPath(uid)}, a program that sets the clock and does nothing else`,
          ...(uid === 0 ? [] : [`${clockRulePath(uid)}, by which sudo lets ${userName} run it without a password`]),
        ]
      : []),
    ...(revokes ? [`${clockHelperPath(uid)} and ${clockRulePath(uid)} go`] : []),
  ];
}

function lacksPassword({ user }: { user: string }): StepFinding {
  return blocked(
    `the sudo password of ${user} is needed for its clock, and is not known.`,
    'Give it: Login and secrets of the node in the window, “npm run cli -- node login NODE --sudo-password-stdin” in the terminal.',
  );
}

function lacksRoot({ user }: { user: string }): StepFinding {
  return blocked(
    `its clock is root’s to set, and ${user} can’t become root there: there is no sudo.`,
    'Set it there as root (date -u -s), or leave the clock out.',
  );
}

/** Does what was asked for and is not done yet; a sentence for each. Throws as `runAsRoot`, and `unsupported` where it had no effect. */
export async function doClockWork(session: NodeSession): Promise<string[]> {
  const { sets, grants, revokes } = clockWorkOf(session);
  if (!sets && !grants && !revokes) return [];
  const found = await findService(session);
  const done: string[] = [];
  if (sets) done.push(await setClock(session, found.rootAccess));
  if (grants) done.push(await grantClock(session, found));
  if (revokes) done.push(await revokeClock(session, found));
  return done;
}

/** By what it is off at this moment: facts may be older, and it may have been set since. */
async function setClock(session: NodeSession, access: RootAccess): Promise<string> {
  const before = await readClockAgain(session);
  if (before.clockOffsetMs === null || !isClockFarOff(before)) return 'Its clock is right by now, and was left alone.';
  await runAsRoot(session, access, 'set its clock', moveClockScript(-before.clockOffsetMs));
  const after = await readClockAgain(session);
  if (after.clockOffsetMs === null || isClockFarOff(after)) {
    throw new AppError(
      'unsupported',
      `The clock of node "${session.node.name}" was set, and is ${describeNodeClock(after) ?? 'not reported'} all the same.`,
      'Something else sets it there: look at timedatectl status.',
    );
  }
  return `Its clock was ${describeNodeClock(before)}, and was set.`;
}

async function readClockAgain(session: NodeSession): Promise<NodeSession['facts']> {
  const { facts, tools } = session;
  const run = (script: string): Promise<string> => session.run('tell its clock', script);
  const read = { ...facts, ...(await readClock({ run, nowMs: tools.nowMs })), readAtMs: tools.nowMs() };
  noteFacts(session, read);
  return read;
}

async function grantClock(session: NodeSession, found: ServiceFound): Promise<string> {
  const { node, facts } = session;
  const result = await attemptAsRoot(session, found.rootAccess, 'let its account set the clock', grantScript(found.uid));
  if (result.code === GRANT_STATUSES.noSudoers || result.code === GRANT_STATUSES.refusedRule) throw noRule(node.name);
  if (result.code !== 0) throw await session.commandError('let its account set the clock', result);
  const isKept = (await session.run('tell whether its clock can be set', ASK_CLOCK_RIGHT)).trim() === 'yes';
  if (!isKept) {
    await runAsRoot(session, found.rootAccess, 'take the right to set its clock back', revokeScript(found.uid));
    throw noRule(node.name);
  }
  noteFacts(session, { ...facts, ...session.facts, isClockKept: true });
  return 'This program may keep its clock right from now on.';
}

function noRule(nodeName: string): AppError {
  return new AppError(
    'unsupported',
    `sudo on node "${nodeName}" does not take a rule of its own for the clock, and nothing of it was left there.`,
    'Check that /etc/sudoers has “@includedir /etc/sudoers.d” and that visudo is there; without it --set-clock still sets the clock once.',
  );
}

async function revokeClock(session: NodeSession, found: ServiceFound): Promise<string> {
  await runAsRoot(session, found.rootAccess, 'take the right to set its clock back', revokeScript(found.uid));
  noteFacts(session, { ...session.facts, isClockKept: false });
  return 'This program does not keep its clock any more.';
}

/** For an uninstall: whatever there is of the right goes. False where there was nothing. */
export async function removeClockRight(session: NodeSession): Promise<boolean> {
  if (session.node.kind === 'virtual' || (await session.attempt(HAS_CLOCK_FILES)).code !== 0) return false;
  const found = await findService(session);
  await runAsRoot(session, found.rootAccess, 'take the right to set its clock back', revokeScript(found.uid));
  if (session.node.facts) session.updateNode({ facts: { ...session.node.facts, isClockKept: false } });
  return true;
}

function noteFacts(session: NodeSession, facts: NodeSession['facts']): void {
  session.noteFacts(facts);
  session.updateNode({ facts });
}
