// What is on the nodes: agent and worker, the model, and how long images take there.
import { formatBytes, formatInstant } from '../../../../shared/format.js';
import type { PathTarget } from '../../../../shared/lab-path.js';
import type { ProvisionStep, ProvisionStepName } from '../../../../shared/provisioning.js';
import type { Testbed } from '../../../../shared/testbed.js';
import { chooseModel, modelWord } from '../choose-model.js';
import { type NodeLook, overNodes } from '../over-nodes.js';
import type { NodeSituation, Situation, StepFinding } from '../situation.js';
import { desiredWords, testbedWord } from './prepare-steps.js';
import { planOf } from './reach-steps.js';

export function findProvisioned(situation: Situation): StepFinding {
  const { testbed, nodes } = situation;
  const isVirtual = testbed?.kind === 'virtual';
  const hasFailed = nodes.some(({ node }) => node.provisionState === 'failed');
  const command = ['provision', testbedWord(situation), ...(hasFailed ? ['--retry-failed'] : desiredWords(situation))];
  const target: PathTarget = hasFailed || isVirtual ? tabOf(testbed, 'provisioning') : planOf(testbed);
  const action = { label: hasFailed ? 'Show what failed' : isVirtual ? 'Provision' : 'Preview changes', target };
  if (nodes.length === 0) {
    return {
      state: 'open',
      detail: 'Agent, certificate and worker go to every node, and each proves itself by an image.',
      action,
      command,
    };
  }
  if (isUnderWay(situation, 'provisioning')) {
    return { state: 'running', detail: 'The nodes are being provisioned.', action: { ...action, label: 'Watch' }, command };
  }
  const done = isVirtual ? 'Every node made its simulated image at its health check.' : 'Every node made an image at its health check.';
  const found = overNodes(nodes, (node) => lookAtNode(node, isVirtual), done);
  return { ...found, action: found.state === 'done' ? { label: 'Show nodes', target: tabOf(testbed, 'nodes') } : action, command };
}

function lookAtNode({ node, check, provision }: NodeSituation, isVirtual: boolean): NodeLook {
  switch (node.provisionState) {
    case 'provisioning':
      return { state: 'running', text: 'it is being provisioned.' };
    case 'failed': {
      const step = provision?.steps.find(({ state }) => state === 'failed');
      const text = step?.error?.message ?? 'its provisioning failed.';
      return { state: 'blocked', text, remedy: step?.error?.hint ?? null, atMs: step?.finishedAtMs ?? null };
    }
    case 'new':
      if (check?.outcome === 'blocked') return { state: 'blocked', text: check.message, atMs: check.atMs };
      return { state: 'open', text: 'not provisioned yet.' };
    case 'ready': {
      const atMs = stepOf(provision, 'health')?.finishedAtMs ?? null;
      if (isVirtual || node.worker) return { state: 'done', text: '', atMs };
      return { state: 'open', text: 'ready, but with the simulated worker: its images would not be real.', atMs };
    }
  }
}

export function findModelPushed(situation: Situation): StepFinding {
  const { nodes, models } = situation;
  const model = chooseModel(situation);
  const target: PathTarget = model ? { page: 'model', modelId: model.id } : { page: 'models' };
  const action = { label: 'Push the model', target };
  const command = ['model', 'push', modelWord({ nodes, models }), testbedWord(situation)];
  if (nodes.length === 0 || !model) {
    const detail = 'The model goes to every node once, its SHA-256 verified there; provisioning does it too.';
    return { state: 'open', detail, action, command };
  }
  if (isUnderWay(situation, 'model-push', model.id)) {
    return { state: 'running', detail: `“${model.name}” is on its way.`, action: { ...action, label: 'Watch' }, command };
  }
  const size = formatBytes(model.sizeBytes);
  const found = overNodes(nodes, (node) => lookAtPush(node, situation), `“${model.name}”, ${size}, is on every node, verified there.`);
  return { ...found, action: found.state === 'done' ? { label: 'Show model', target } : action, command };
}

function lookAtPush({ node, desired, provision }: NodeSituation, situation: Situation): NodeLook {
  const model = chooseModel(situation);
  const looks: NodeLook[] = [];
  if (provision?.kind === 'remove-with-models') {
    const atMs = provision.steps.find(({ name }) => name === 'model')?.finishedAtMs;
    if (atMs != null) looks.push({ state: 'open', text: 'it was removed there.', atMs });
  }
  const step = stepOf(provision, 'model');
  if (step?.finishedAtMs != null && desired.modelId === model?.id) looks.push(lookAtStep(step, step.finishedAtMs));
  for (const push of situation.pushes) {
    const pushed = push.nodes.find(({ nodeId }) => nodeId === node.id);
    const atMs = push.finishedAtMs;
    if (!pushed || atMs === null || push.modelId !== model?.id) continue;
    if (pushed.outcome && !(push.verification === 'only' && (pushed.outcome.check?.differingFiles.length ?? 0) > 0))
      looks.push({ state: 'done', text: '', atMs });
    else if (pushed.error && pushed.error.code !== 'cancelled')
      looks.push({ state: 'blocked', text: pushed.error.message, remedy: pushed.error.hint, atMs });
  }
  return looks.toSorted((a, b) => (b.atMs ?? 0) - (a.atMs ?? 0))[0] ?? { state: 'unseen', text: 'no push to it is on record.' };
}

function lookAtStep({ state, error }: ProvisionStep, atMs: number): NodeLook {
  if (state === 'changed' || state === 'unchanged') return { state: 'done', text: '', atMs };
  if (state === 'failed' && error) return { state: 'blocked', text: error.message, remedy: error.hint, atMs };
  return { state: 'unseen', text: 'its last provisioning ended before the model.', atMs };
}

export function findCalibrated(situation: Situation): StepFinding {
  const { testbed, nodes } = situation;
  const action = { label: 'Calibrate', target: tabOf(testbed, 'times') };
  const command = ['calibrate', testbedWord(situation)];
  if (nodes.length === 0) {
    const detail = 'A few images on each node say how long they take; without it there is no lower bound.';
    return { state: 'open', detail, action, command };
  }
  if (isUnderWay(situation, 'calibration')) {
    return { state: 'running', detail: 'The nodes are being measured.', action: { ...action, label: 'Watch' }, command };
  }
  const found = overNodes(nodes, lookAtCalibration, 'How long images take was measured on every node.');
  return { ...found, action: found.state === 'done' ? { ...action, label: 'Show times' } : action, command };
}

function lookAtCalibration({ node: { calibration } }: NodeSituation): NodeLook {
  if (!calibration) return { state: 'open', text: 'not measured yet; without it there is no lower bound.' };
  return { state: 'done', text: formatInstant(calibration.measuredAtMs), atMs: calibration.measuredAtMs };
}

function isUnderWay(
  { testbed, openJobs }: Situation,
  kind: 'provisioning' | 'calibration' | 'model-push',
  subjectId = testbed?.id,
): boolean {
  return openJobs.some((job) => job.kind === kind && job.subject.id === subjectId);
}

function stepOf(provision: NodeSituation['provision'], name: ProvisionStepName): ProvisionStep | null {
  return provision?.kind === 'apply' ? (provision.steps.find((step) => step.name === name) ?? null) : null;
}

function tabOf(testbed: Testbed | null, tab: 'nodes' | 'provisioning' | 'times'): PathTarget {
  return testbed ? { page: 'testbed', testbedId: testbed.id, tab } : { page: 'testbeds' };
}
