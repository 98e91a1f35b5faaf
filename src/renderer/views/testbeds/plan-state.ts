// What a plan of provisioning says, as states and counts; pure.
import type {
  HostKeyQuestion,
  NodePlan,
  NodeDesiredState,
  ProvisionPlan,
  StepFinding,
  DesiredState,
} from '../../../shared/provisioning.js';
import type { Status } from '../../components/status.js';
import { formatQuantity } from '../../../shared/format.js';

export const VERDICT_STATUS: Record<StepFinding['verdict'], Status> = {
  nothing: { tone: 'ok', label: 'Nothing to do' },
  change: { tone: 'paused', label: 'Would change' },
  blocked: { tone: 'danger', label: 'Blocked' },
  unknown: { tone: 'idle', label: 'Known later' },
};

export const WORKER_CHOICES = [
  { value: 'simulated', label: 'Simulated', description: 'Pictures drawn in the time that the model would take' },
  { value: 'resd3-m', label: 'reSD3-m', description: 'Python and a model of the store on the node' },
] as const satisfies readonly { value: DesiredState['worker']; label: string; description: string }[];

export const SERVICE_CHOICES = [
  { value: 'auto', label: 'Automatic', description: "The user's systemd where it is there, else the system's, else a supervisor" },
  { value: 'systemd-user', label: "User's systemd", description: 'Needs no root; runs without a login where lingering is on' },
  { value: 'systemd-system', label: "System's systemd", description: 'Needs root or the sudo password of the node' },
  { value: 'supervised', label: 'Supervised', description: 'Starts again when it fails, but not after a reboot' },
] as const satisfies readonly { value: DesiredState['service']; label: string; description: string }[];

export function isStuck({ error, steps }: NodePlan): boolean {
  return error !== null || steps.some(({ verdict }) => verdict === 'blocked');
}

/** Not reached, or not let in: whether it could be provisioned is not known. A host key that waits for trust is an answer. */
function isNotChecked({ error, hostKeyQuestion }: NodePlan): boolean {
  return error !== null && hostKeyQuestion === null;
}

/** What keeps nodes from being provisioned, in a sentence or two; null where nothing does. */
export function describeStuck(nodes: readonly NodePlan[]): string | null {
  const notChecked = nodes.filter(isNotChecked).length;
  const blocked = nodes.filter(isStuck).length - notChecked;
  const sentences = [
    ...(blocked > 0 ? [`${formatQuantity(blocked, 'node')} can't be provisioned as things are.`] : []),
    ...(notChecked > 0 ? [`${formatQuantity(notChecked, 'node')} could not be checked.`] : []),
  ];
  return sentences.length > 0 ? sentences.join(' ') : null;
}

export function describeNodePlan(node: NodePlan): Status {
  if (node.hostKeyQuestion) return { tone: 'warning', label: 'Host key not trusted yet' };
  if (isNotChecked(node)) return { tone: 'danger', label: 'Could not check' };
  const blocked = node.steps.filter(({ verdict }) => verdict === 'blocked').length;
  if (blocked > 0) return { tone: 'danger', label: `${formatQuantity(blocked, 'step')} blocked` };
  const changes = node.steps.filter(({ verdict }) => verdict === 'change').length;
  return changes > 0
    ? { tone: 'paused', label: `${formatQuantity(changes, 'step')} would change something` }
    : { tone: 'ok', label: 'Up to date' };
}

export function listPlanQuestions(plan: ProvisionPlan): HostKeyQuestion[] {
  return plan.nodes.flatMap(({ hostKeyQuestion }) => hostKeyQuestion ?? []);
}

/** A field that all nodes agree on; undefined where they differ. */
export function commonDesired<Field extends keyof DesiredState>(
  states: readonly NodeDesiredState[],
  field: Field,
): DesiredState[Field] | undefined {
  const values = new Set(states.map(({ desired }) => desired[field]));
  return values.size === 1 ? [...values][0] : undefined;
}
