// What has to be right before anything is sent to the nodes: preflight, power mode, wheels, weights, model, dataset.
import { hasT5 } from '../../../../shared/model-variant.js';
import { quoteWord, wordFor } from '../../../../shared/command-line.js';
import { formatBytes, formatCount, formatInstant, formatQuantity } from '../../../../shared/format.js';
import type { NodeFacts, Testbed, TestbedNode } from '../../../../shared/testbed.js';
import { shareOfMaxn } from '../../../../shared/warn-about-facts.js';
import { PUBLISHED_WEIGHTS } from '../../../../shared/weights.js';
import { chooseModel, modelWord } from '../choose-model.js';
import { listNames, type NodeLook, overNodes } from '../over-nodes.js';
import type { NodeSituation, Situation, StepFinding } from '../situation.js';
import { nodesOf, nodeWord, planOf } from './reach-steps.js';

/** The largest |N| of Table V. */
const LARGEST_RUN = 1000;

export function findPreflight(situation: Situation): StepFinding {
  const { testbed, nodes } = situation;
  const action = { label: 'Check the nodes', target: planOf(testbed) };
  const command = ['provision', testbedWord(situation), '--check', ...desiredWords(situation)];
  if (nodes.length === 0) {
    return { state: 'open', detail: 'Disk, memory, clock, home folder and port of each node; nothing is changed there.', action, command };
  }
  return { ...overNodes(nodes, lookAtPreflight, 'Every node can carry what is to be installed.'), action, command };
}

function lookAtPreflight({ check, provision }: NodeSituation): NodeLook {
  const step = provision?.kind === 'apply' ? provision.steps.find(({ name }) => name === 'preflight') : undefined;
  const stepAtMs = step?.finishedAtMs ?? null;
  const hasChecked = check && check.outcome !== 'host-key' && check.outcome !== 'unreached';
  if (hasChecked && check.atMs >= (stepAtMs ?? 0)) {
    if (check.outcome === 'preflight-blocked') return { state: 'blocked', text: check.message, atMs: check.atMs };
    return { state: 'done', text: '', atMs: check.atMs };
  }
  if (step && stepAtMs !== null) {
    if (step.state === 'changed' || step.state === 'unchanged') return { state: 'done', text: '', atMs: stepAtMs };
    if (step.state === 'failed' && step.error)
      return { state: 'blocked', text: step.error.message, remedy: step.error.hint, atMs: stepAtMs };
  }
  return { state: 'unseen', text: 'not checked yet.' };
}

export function findPowerMode(situation: Situation): StepFinding {
  const { testbed, nodes } = situation;
  const action = { label: 'Show facts', target: nodesOf(testbed) };
  const slow = nodes.find(({ node }) => node.facts !== null && shareOfMaxn(node.facts) !== null)?.node;
  const unseen = nodes.find((node) => lookAtPowerMode(node).state !== 'done') ?? nodes[0];
  const command = slow ? powerModeCommand(slow) : ['node', 'facts', nodeWord(situation, unseen), '--read'];
  if (nodes.length === 0) {
    const detail = 'An unboxed AGX Orin is at 30 W: about a quarter of what MAXN can do.';
    return { state: 'open', detail, action, command };
  }
  const modes = [...Map.groupBy(nodes, ({ node }) => node.facts?.powerMode ?? null)].filter(([mode]) => mode !== null);
  const found = overNodes(nodes, lookAtPowerMode, describeModes(nodes));
  if (found.state !== 'done') {
    const remedy = slow ? 'On each of them: echo YES | sudo nvpmodel -m 0 (it restarts the node); then read its facts again.' : null;
    return { ...found, remedy, action, command };
  }
  if (modes.length > 1) {
    const list = modes.map(([mode, group]) => `${listNames(group.map(({ node }) => node.name))} in ${mode}`).join(', ');
    const remedy = 'Set all of them alike (sudo nvpmodel -m MODE on the node): a run whose nodes differ is invalid.';
    return { ...found, state: 'open', detail: `The power modes differ: ${list}.`, remedy, action, command };
  }
  return { ...found, action, command };
}

function lookAtPowerMode({ node: { facts } }: NodeSituation): NodeLook {
  if (!facts) return { state: 'unseen', text: 'its power mode was not read yet.' };
  const atMs = facts.readAtMs;
  if (!isJetson(facts)) return { state: 'done', text: '', atMs };
  if (facts.powerMode === null) return { state: 'unseen', text: 'it does not report its power mode.', atMs };
  const share = shareOfMaxn(facts);
  if (share === null) return { state: 'done', text: '', atMs };
  const unboxed = facts.powerMode.includes('30W') ? ', in which an AGX Orin comes out of its box' : '';
  return { state: 'open', text: `power mode ${facts.powerMode}${unboxed}: the GPU has ${share} what MAXN gives.`, atMs };
}

function describeModes(nodes: readonly NodeSituation[]): string {
  const facts = nodes.flatMap(({ node }) => node.facts ?? []);
  if (!facts.some(isJetson)) return 'No node is a Jetson: there is no power mode to set.';
  const modes = new Set(facts.flatMap(({ powerMode }) => powerMode ?? []));
  return `All Jetsons in ${[...modes].join(', ')}.`;
}

/** Over SSH: the program changes no power mode. */
function powerModeCommand({ sshRoute, user, host, port }: TestbedNode): string {
  const target = sshRoute ? quoteWord(sshRoute.alias) : `${port === 22 ? '' : `-p ${port} `}${quoteWord(`${user}@${host}`)}`;
  return `ssh -t ${target} "echo YES | sudo nvpmodel -m 0"`;
}

export function findWheels(situation: Situation): StepFinding {
  const { nodes, wheels, openJobs } = situation;
  const action = { label: 'Show wheels', target: { page: 'wheels' } as const };
  const facts = nodes.flatMap(({ node }) => node.facts ?? []);
  const jetsons = facts.filter(isJetson);
  const jetpacks = [...new Set(jetsons.flatMap(({ jetpack }) => jetpack?.split('.')[0] ?? []))];
  const lists = jetpacks.map((jetpack) => wheels.find((list) => list.jetpack === jetpack));
  const lacking = lists.find((list) => list && list.hereCount < list.packages.length);
  const command = ['wheels', 'fetch', '--jetpack', lacking?.jetpack ?? jetpacks[0] ?? '6'];
  const asOfMs = facts.length > 0 ? Math.min(...facts.map(({ readAtMs }) => readAtMs)) : null;
  const rest = { action, command };
  if (openJobs.some(({ kind }) => kind === 'wheels')) return { state: 'running', detail: 'They are being fetched.', ...rest };
  if (nodes.length === 0 || facts.length === 0) {
    const state = nodes.length === 0 ? 'open' : 'unseen';
    return { state, detail: 'Torch and its companions for the nodes’ JetPack, which is known when their facts have been read.', ...rest };
  }
  const unread = nodes.filter(({ node }) => node.facts === null).map(({ node }) => node.name);
  const proved = jetsons.length > 0 && jetsons.every(({ torchCuda }) => torchCuda === 'works') && unread.length === 0;
  if (proved) return { state: 'done', detail: 'The nodes’ own torch computes on their GPU.', asOfMs, ...rest };
  const old = jetsons.find(({ jetpack }) => jetpack?.startsWith('6.0'));
  const unlisted = old?.jetpack ?? jetpacks.find((_, index) => lists[index] === undefined);
  if (unlisted !== undefined) {
    const remedy = 'Flash the nodes with JetPack 6.2.2, or put fitting wheels into the folder of wheels (docs/worker.md).';
    return { state: 'blocked', detail: `There is no list of wheels for JetPack ${unlisted}.`, remedy, asOfMs, ...rest };
  }
  if (lacking) {
    const detail = `${lacking.hereCount} of ${formatQuantity(lacking.packages.length, 'wheel')} for JetPack ${lacking.jetpack} are here.`;
    return { state: 'open', detail, ...rest };
  }
  if (unread.length > 0) return { state: 'unseen', detail: `The JetPack of ${listNames(unread)} was not read yet.`, ...rest };
  if (jetpacks.length === 0) return { state: 'done', detail: 'No node is a Jetson: none needs the wheels of a JetPack.', asOfMs, ...rest };
  return { state: 'done', detail: `All wheels for JetPack ${jetpacks.join(' and ')} are here.`, ...rest };
}

export function findWeights({ nodes, models, openJobs }: Situation): StepFinding {
  const model = chooseModel({ nodes, models });
  const fetch = ['model', 'fetch', '--to', 'weights', '--accept-license'];
  const show = { label: 'Show models', target: { page: 'models' } as const };
  const job = openJobs.find(({ kind }) => kind === 'model-job');
  if (job) return { state: 'running', detail: `${job.title}: ${job.subject.name}.`, action: show, command: fetch };
  if (!model) {
    const [published] = PUBLISHED_WEIGHTS;
    const detail = `${published.file}, ${formatBytes(published.sizeBytes)}: read and accept its license on its page first.`;
    return { state: 'open', detail, action: { label: 'Add weights', target: { page: 'models' } }, command: fetch };
  }
  const command = ['model', 'add', model.path, '--accept-license'];
  const open = { label: 'Show model', target: { page: 'model', modelId: model.id } as const };
  if (!model.isPresent) {
    const remedy = 'Put it back, or add it where it is now.';
    return { state: 'blocked', detail: `Nothing is at ${model.path} now, where “${model.name}” was.`, remedy, action: show, command };
  }
  if (model.family === 'sd3-medium' && model.license === null) {
    const remedy = 'Read the license, then add the model once more and confirm it.';
    return { state: 'open', detail: `No accepted license of “${model.name}” is on record.`, remedy, action: show, command };
  }
  const license = model.license ? `, license accepted ${formatInstant(model.license.acceptedAtMs).slice(0, 10)}` : '';
  const detail = `“${model.name}”, ${formatBytes(model.sizeBytes)}${license}.`;
  return { state: 'done', detail, action: open, command: ['model', 'show', wordFor(model, models)] };
}

export function findRefined({ nodes, models }: Situation): StepFinding {
  const model = chooseModel({ nodes, models });
  if (!model) {
    const detail = 'Only weights with T5-XXL need it: without T5 it is reSD3-m.';
    const command = ['model', 'strip', 'sd3_medium_incl_clips_t5xxlfp16.safetensors', 'reSD3-m.safetensors'];
    return { state: 'open', detail, action: { label: 'Show models', target: { page: 'models' } }, command };
  }
  const action = { label: 'Show model', target: { page: 'model', modelId: model.id } as const };
  const output = model.layout === 'all-in-one' ? 'reSD3-m.safetensors' : 'reSD3-m';
  const command = ['model', 'strip', model.path, output];
  if (hasT5(model)) {
    const detail = `“${model.name}” holds T5-XXL, which each node would have to take and load; Table V is measured with reSD3-m, without it.`;
    return { state: 'open', detail, action: { ...action, label: 'Refine' }, command };
  }
  const how = model.refinedFromSha256 === null ? 'there is nothing to refine' : 'it was refined here';
  return { state: 'done', detail: `“${model.name}” holds no T5-XXL: ${how}.`, action, command };
}

export function findDataset({ testbed, datasets }: Situation): StepFinding {
  const largest = datasets.toSorted((a, b) => b.promptCount - a.promptCount)[0];
  const action = { label: largest ? 'Show datasets' : 'Import prompts', target: { page: 'datasets' } as const };
  const command =
    testbed?.kind === 'virtual' ? ['dataset', 'import', '--sample'] : ['dataset', 'import', 'Flickr8k.token.txt', '--name', 'Flickr8k'];
  if (!largest) return { state: 'open', detail: 'Flickr8k, as in the paper, or other captions; a sample is shipped.', action, command };
  const few = largest.promptCount < LARGEST_RUN ? ` Runs of ${formatCount(LARGEST_RUN)} repeat prompts.` : '';
  return { state: 'done', detail: `“${largest.name}”, ${formatQuantity(largest.promptCount, 'prompt')}.${few}`, action, command };
}

export function testbedWord({ testbed, testbeds }: Pick<Situation, 'testbed' | 'testbeds'>): string {
  return testbed ? wordFor<Testbed>(testbed, testbeds) : 'Lab';
}

/** Options that say what a real node is to have, where it is not on record yet. */
export function desiredWords(situation: Situation): string[] {
  const { testbed, nodes } = situation;
  const isChosen = nodes.length > 0 && nodes.every(({ desired }) => desired.worker !== 'simulated' && desired.modelId !== null);
  if (testbed?.kind === 'virtual' || isChosen) return [];
  return ['--worker', 'resd3-m', '--model', modelWord(situation)];
}

function isJetson({ soc, l4tVersion }: NodeFacts): boolean {
  return l4tVersion !== null || soc?.startsWith('tegra') === true;
}
