// A plan of provisioning as the terminal prints it.
import { cleanLine } from '../../../shared/foreign-text.js';
import {
  type NodePlan,
  PROVISION_STEP_TITLES,
  type ProvisionPlan,
  type StepFinding,
  type DesiredState,
} from '../../../shared/provisioning.js';

const VERDICT_WORDS: Record<StepFinding['verdict'], string> = {
  change: 'change',
  nothing: 'ok',
  blocked: 'BLOCKED',
  unknown: 'later',
};

export function describePlan(plan: ProvisionPlan): string {
  const changes = plan.nodes.flatMap(({ steps }) => steps.filter(({ verdict }) => verdict === 'change')).length;
  const stuck = plan.nodes.filter(isStuck).length;
  const summary =
    stuck > 0
      ? `${stuck} of ${plan.nodes.length} nodes can't be provisioned as things are.`
      : changes > 0
        ? `${changes} steps would change something. Nothing has been changed yet.`
        : 'Every node is up to date.';
  return [...plan.nodes.map(describeNode), summary].join('\n\n');
}

/** 0 when an apply can continue; 7 when a host key wants trust first; 5 when a node is blocked or can't be looked at. */
export function planStatus(plan: ProvisionPlan): number {
  if (plan.nodes.some(({ hostKeyQuestion }) => hostKeyQuestion !== null)) return 7;
  return plan.nodes.some(isStuck) ? 5 : 0;
}

function isStuck({ error, steps }: NodePlan): boolean {
  return error !== null || steps.some(({ verdict }) => verdict === 'blocked');
}

function describeNode({ nodeName, desired, steps, error }: NodePlan): string {
  // What was not come to for an error is no news.
  const shown = steps.filter(({ verdict }) => error === null || verdict !== 'unknown');
  const lines = shown.flatMap(({ name, verdict, why, changes, remedy }) => [
    `  ${VERDICT_WORDS[verdict].padEnd(8)}${PROVISION_STEP_TITLES[name]}: ${why}`,
    ...changes.map((change) => `            + ${change}`),
    ...(remedy === null ? [] : [`            ! ${remedy}`]),
  ]);
  const problem = error === null ? [] : [`  Error: ${error.message}`, ...(error.hint === null ? [] : [`  ${error.hint}`])];
  return [`${nodeName}: ${describeDesired(desired)}`, ...lines, ...problem].map(cleanLine).join('\n');
}

function describeDesired({ worker, modelId, service }: DesiredState): string {
  return `worker ${worker}${modelId === null ? '' : ` with model ${modelId}`}, service ${service}`;
}
