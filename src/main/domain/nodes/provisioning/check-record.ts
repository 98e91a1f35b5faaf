// What a plan leaves on this machine's record of each node: its facts, and what came of the check. On the node nothing changes.
import type { ProgramEvent } from '../../../../shared/api/app-info.js';
import { kindOfCheck, NODE_CHECK_OUTCOMES, type NodeCheck, type NodeCheckOutcome } from '../../../../shared/node-check.js';
import { type NodePlan, PROVISION_STEP_TITLES, PROVISION_STEPS } from '../../../../shared/provisioning.js';

/** In one sentence or two that name the node. Null where the check was canceled. */
export function describeCheck({ nodeName, steps, error, hostKeyQuestion }: NodePlan): Omit<NodeCheck, 'atMs'> | null {
  if (error?.code === 'cancelled') return null;
  if (error) {
    const isAboutKey = hostKeyQuestion !== null || error.code.startsWith('host-key');
    return { outcome: isAboutKey ? 'host-key' : 'unreached', message: [error.message, ...(error.hint ? [error.hint] : [])].join(' ') };
  }
  const stopped = steps.find(({ verdict }) => verdict === 'blocked');
  if (!stopped) return { outcome: 'passed', message: `The check of node "${nodeName}" found nothing in the way of provisioning it.` };
  const isEarly = PROVISION_STEPS.indexOf(stopped.name) <= PROVISION_STEPS.indexOf('preflight');
  const remedy = stopped.remedy === null ? '' : ` ${stopped.remedy}`;
  const message = `The check of node "${nodeName}" found in “${PROVISION_STEP_TITLES[stopped.name]}”: ${stopped.why}${remedy}`;
  return { outcome: isEarly ? 'preflight-blocked' : 'blocked', message };
}

/** The kinds of the events that checks leave. */
export const CHECK_KINDS: readonly string[] = NODE_CHECK_OUTCOMES.map(kindOfCheck);

/** The check that an event of one of `CHECK_KINDS` tells of; null for any other. */
export function checkOfEvent({ kind, message, atMs }: Pick<ProgramEvent, 'kind' | 'message' | 'atMs'>): NodeCheck | null {
  const outcome = NODE_CHECK_OUTCOMES.find((each: NodeCheckOutcome) => kindOfCheck(each) === kind);
  return outcome === undefined ? null : { outcome, message, atMs };
}
