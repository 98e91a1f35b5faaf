// A plan of provisioning as the terminal prints it.
import { cleanLine } from '../../../shared/foreign-text.js';
import { describePeerReach, nameOf, PEER_ANSWER_TITLES, type PeerReach } from '../../../shared/peer-reach.js';
import {
  type NodePlan,
  PROVISION_STEP_TITLES,
  type ProvisionPlan,
  type StepFinding,
  type DesiredState,
} from '../../../shared/provisioning.js';
import { formatTable } from './terminal.js';

/** Names side by side, as wide as a terminal. */
const MAX_NODES_IN_TABLE = 6;

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
  return [...plan.nodes.map(describeNode), ...(plan.peers ? [describePeers(plan.peers)] : []), summary].join('\n\n');
}

/** A table of who reaches whom where something is not reached and the table fits a terminal, then what is wrong, with its remedy. */
function describePeers(reach: PeerReach): string {
  const { summary, problems, notTried } = describePeerReach(reach);
  const hasTable = problems.length > 0 && reach.nodes.length <= MAX_NODES_IN_TABLE;
  return [
    summary,
    ...(hasTable ? [peerTable(reach)] : []),
    ...problems.flatMap(({ text, remedy }) => [cleanLine(`  ${text}`), cleanLine(`            ! ${remedy}`)]),
    ...notTried.map((line) => cleanLine(`  ${line}`)),
  ].join('\n');
}

function peerTable({ nodes, tries }: PeerReach): string {
  const rows = [null, ...nodes.map(({ nodeId }) => nodeId)].map((fromId) => [
    `  ${nameOf(nodes, fromId)}`,
    ...nodes.map(({ nodeId }) => {
      const found = tries.find((one) => one.fromId === fromId && one.toId === nodeId);
      return found ? PEER_ANSWER_TITLES[found.answer].toLowerCase() : '';
    }),
  ]);
  return formatTable(['  from', ...nodes.map(({ nodeName }) => nodeName)], rows);
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
