// Provisioning: the steps that bring a node from SSH access to a healthy agent.
import type { AppErrorShape } from './errors.js';
import { formatQuantity } from './format.js';
import type { JobState } from './job.js';
import type { PeerReach } from './peer-reach.js';

/** The steps in their order. */
export const PROVISION_STEPS = [
  'connect',
  'facts',
  'preflight',
  'runtime',
  'certificate',
  'agent',
  'python',
  'model',
  'service',
  'health',
] as const;
export type ProvisionStepName = (typeof PROVISION_STEPS)[number];

export const PROVISION_STEP_TITLES: Record<ProvisionStepName, string> = {
  connect: 'Connect and verify host key',
  facts: 'Read facts',
  preflight: 'Preflight check',
  runtime: 'Install Node.js',
  certificate: 'Install certificate',
  agent: 'Push agent bundle',
  python: 'Prepare Python',
  model: 'Push model',
  service: 'Start agent service',
  health: 'Health check (one image)',
};

/** The steps of a removal in their order: what was installed last goes first. */
export const REMOVAL_STEPS = ['connect', 'service', 'model', 'python', 'agent', 'certificate', 'runtime', 'preflight'] as const;

const REMOVAL_STEP_TITLES: Record<(typeof REMOVAL_STEPS)[number], string> = {
  connect: 'Connect and verify host key',
  service: 'Stop agent and its service',
  model: 'Remove models',
  python: 'Remove Python of the worker',
  agent: 'Remove agent',
  certificate: 'Remove certificate',
  runtime: 'Remove Node.js and the folder',
  preflight: 'Take back the right to set the clock',
};

/** `remove` leaves models that were pushed on the node. */
export const PROVISIONING_KINDS = ['apply', 'remove', 'remove-with-models'] as const;
export type ProvisioningKind = (typeof PROVISIONING_KINDS)[number];

export function titleOfStep(kind: ProvisioningKind, name: ProvisionStepName): string {
  const removal: Partial<Record<ProvisionStepName, string>> = REMOVAL_STEP_TITLES;
  return kind === 'apply' ? PROVISION_STEP_TITLES[name] : (removal[name] ?? PROVISION_STEP_TITLES[name]);
}

/** `changed` did something, `unchanged` found the desired state already there. */
export type StepState = 'queued' | 'running' | 'changed' | 'unchanged' | 'failed' | 'skipped' | 'cancelled';

export interface ProvisionStep {
  name: ProvisionStepName;
  state: StepState;
  /** What was done, or why nothing was to do. */
  detail: string | null;
  startedAtMs: number | null;
  finishedAtMs: number | null;
  error: AppErrorShape | null;
  /** How far it is while it runs, in bytes; absent where that is not known. */
  progress?: { doneBytes: number; totalBytes: number };
}

/** Of a step that runs, 0 to 99 (it ends by saying so); null where it is not known. */
export function percentOfStep({ state, progress }: Pick<ProvisionStep, 'state' | 'progress'>): number | null {
  if (state !== 'running' || !progress || progress.totalBytes <= 0) return null;
  return Math.min(99, Math.max(0, Math.floor((100 * progress.doneBytes) / progress.totalBytes)));
}

/** A host key that waits for the user's word, or that contradicts the one on record. */
export interface HostKeyQuestion {
  nodeId: string;
  host: string;
  port: number;
  keyType: string;
  /** `SHA256:...` as OpenSSH prints it. */
  fingerprint: string;
  /** The fingerprint on record when the key changed; null on first use. */
  recordedFingerprint: string | null;
  /** Where the recorded key stands, in words; null on first use. */
  recordedIn: string | null;
}

/** The host key that a node, or the first host on the way whose key is not trusted, shows now. */
export interface HostKeyProbe {
  keyType: string;
  fingerprint: string;
  /** What waits for the user's word; null when the node's key is trusted. */
  question: HostKeyQuestion | null;
}

/** The desired state of a node; kept for each node, and the same for all nodes of a testbed unless set otherwise. */
export interface DesiredState {
  /** `resd3-m`: the Python worker with a model of the store; `simulated`: pictures drawn in the model's time. */
  worker: 'simulated' | 'resd3-m';
  /** Of the model store; null for the simulated worker. */
  modelId: string | null;
  /** How the agent is kept running; `auto`: systemd of the user where it is there, else of the system with sudo, else supervised. */
  service: 'auto' | 'systemd-user' | 'systemd-system' | 'supervised';
}

/** The desired state of a node unless set otherwise. */
export const DEFAULT_DESIRED_STATE: DesiredState = { worker: 'simulated', modelId: null, service: 'auto' };

/** What a step found and would do. */
export interface StepFinding {
  /** `blocked`: it can't be done as things are; `unknown`: it can only be said once an earlier step has run. */
  verdict: 'change' | 'nothing' | 'blocked' | 'unknown';
  /** Why, in one sentence. */
  why: string;
  /** What would change on the node, one line each; empty unless the verdict is `change`. */
  changes: string[];
  /** What to do about it; null unless the verdict is `blocked`. */
  remedy: string | null;
}

export interface PlannedStep extends StepFinding {
  name: ProvisionStepName;
}

/** A node's clock as a plan found it. */
export interface PlannedClock {
  /** `3.2 s ahead`; null where the node does not report. */
  offset: string | null;
  /** More than 2 s. */
  isFarOff: boolean;
  /** Whether this program has the right to keep it. */
  isKept: boolean;
  /** What was asked for needs a sudo password that is not known. */
  needsSudoPassword: boolean;
}

/** What an apply would do on a node, made without changing anything there. */
export interface NodePlan {
  nodeId: string;
  nodeName: string;
  desired: DesiredState;
  steps: PlannedStep[];
  /** Null where it was not come to. */
  clock: PlannedClock | null;
  /** Set when the node can't be looked at. */
  error: AppErrorShape | null;
  hostKeyQuestion: HostKeyQuestion | null;
}

export interface NodeDesiredState {
  nodeId: string;
  desired: DesiredState;
}

export interface ProvisionPlan {
  testbedId: string;
  madeAtMs: number;
  nodes: NodePlan[];
  /** Whether the nodes that could be looked at reach each other; null where there are no two of them. */
  peers: PeerReach | null;
}

/** A line that a node's provisioning printed. */
export interface ProvisionLine {
  /** Epoch ms; null of lines that were recorded before instants were. */
  atMs: number | null;
  /** The step in which it was printed; null where that is not recorded. */
  step: ProvisionStepName | null;
  text: string;
}

export interface NodeProvision {
  nodeId: string;
  nodeName: string;
  state: JobState;
  steps: ProvisionStep[];
  /** Set when the node failed for want of a trusted host key. */
  hostKeyQuestion: HostKeyQuestion | null;
  /** Last lines of output, oldest first, redacted; at most 200. */
  output: ProvisionLine[];
}

/** Why a node failed: the error of its step; null where it did not fail, and where no step has one. */
export function failureOf({ state, steps }: Pick<NodeProvision, 'state' | 'steps'>): AppErrorShape | null {
  if (state !== 'failed') return null;
  return steps.find((step) => step.state === 'failed')?.error ?? null;
}

/** Of all nodes, with the reason of the first; null where none failed. */
export function summarizeFailures(nodes: readonly Pick<NodeProvision, 'state' | 'steps'>[]): AppErrorShape | null {
  const failed = nodes.filter(({ state }) => state === 'failed');
  if (failed.length === 0) return null;
  const first = failed.map(failureOf).find((failure) => failure !== null);
  const count = `${failed.length} of ${formatQuantity(nodes.length, 'node')} failed`;
  return { code: 'partial-failure', message: first ? `${count}: ${first.message}` : `${count}.`, hint: first?.hint ?? null };
}

export interface ProvisioningRun {
  id: string;
  testbedId: string;
  kind: ProvisioningKind;
  state: JobState;
  startedAtMs: number;
  finishedAtMs: number | null;
  nodes: NodeProvision[];
}
