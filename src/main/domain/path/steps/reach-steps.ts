// From nothing to a login on every node: testbed, nodes, host keys, login.
import { formatQuantity } from '../../../../shared/format.js';
import { wordFor } from '../../../../shared/command-line.js';
import type { PathTarget } from '../../../../shared/lab-path.js';
import type { Testbed } from '../../../../shared/testbed.js';
import { lastContact } from '../last-contact.js';
import { listNames, type NodeLook, overNodes } from '../over-nodes.js';
import type { NodeSituation, Situation, StepFinding } from '../situation.js';

/** Nodes of the paper's testbed. */
const PAPER_NODES = 5;

export function findTestbed({ testbed, testbeds }: Situation): StepFinding {
  const target: PathTarget = { page: 'testbeds' };
  const command = ['testbed', 'create-virtual', '--nodes', '5', '--name', 'Lab'];
  if (!testbed) {
    const detail = 'Virtual nodes on this computer show all of it in minutes, simulated; real ones are reached over SSH.';
    return { state: 'open', detail, action: { label: 'Set up a testbed', target }, command };
  }
  const others = testbeds.length > 1 ? ` ${formatQuantity(testbeds.length - 1, 'other testbed')} beside it.` : '';
  const what = testbed.kind === 'virtual' ? 'simulated nodes on this computer' : 'real nodes';
  return {
    state: 'done',
    detail: `“${testbed.name}”: ${what}.${others}`,
    action: { label: 'Show testbeds', target },
    command: ['testbed', 'list'],
  };
}

export function findNodes({ testbed, testbeds, nodes }: Situation): StepFinding {
  const command = ['node', 'add', testbed ? wordFor(testbed, testbeds) : 'Lab', '--paste', 'lab.txt'];
  if (!testbed || nodes.length === 0) {
    const detail = 'Give their addresses: pasted as a list, from ~/.ssh/config, or one by one.';
    return { state: 'open', detail, action: { label: 'Add nodes', target: nodesOf(testbed) }, command };
  }
  const paper = nodes.length === PAPER_NODES ? ', as in the paper' : '';
  const names = listNames(nodes.map(({ node }) => node.name));
  return {
    state: 'done',
    detail: `${formatQuantity(nodes.length, 'node')}${paper}: ${names}.`,
    action: { label: 'Show nodes', target: nodesOf(testbed) },
    command,
  };
}

export function findHostKeys(situation: Situation): StepFinding {
  const { testbed, nodes } = situation;
  const asked = nodes.find(({ question }) => question) ?? nodes.find((node) => lookAtKey(node).state !== 'done') ?? nodes[0];
  const fingerprint = asked?.question && asked.question.recordedFingerprint === null ? asked.question.fingerprint : 'SHA256:...';
  const command = ['node', 'trust', nodeWord(situation, asked), '--fingerprint', fingerprint];
  const action = { label: 'Compare host keys', target: planOf(testbed) };
  if (nodes.length === 0) {
    return { state: 'open', detail: 'Each node’s key is compared with what the node itself prints, once.', action, command };
  }
  const found = overNodes(nodes, lookAtKey, 'Every node showed the key on record.');
  return { ...found, action: found.state === 'done' ? { label: 'Show nodes', target: nodesOf(testbed) } : action, command };
}

function lookAtKey(situation: NodeSituation): NodeLook {
  const { node, question, hostKeyAtMs } = situation;
  const contact = lastContact(situation);
  if (question?.recordedFingerprint != null) {
    return {
      state: 'blocked',
      text: `${node.name} shows the host key ${question.fingerprint}, and another one is on record.`,
      remedy: 'Was it flashed again? Then replace the key (node trust --replace); else find out what answers there.',
    };
  }
  if (question) {
    return { state: 'open', text: `${node.name} shows ${question.fingerprint}: compare it with what the node itself prints.` };
  }
  if (contact?.outcome === 'host-key') {
    return { state: 'blocked', text: contact.message ?? 'its host key is not trusted.', remedy: contact.remedy, atMs: contact.atMs };
  }
  if (hostKeyAtMs === null) return { state: 'unseen', text: 'not looked at yet.' };
  return { state: 'done', text: '', atMs: contact?.outcome === 'in' ? Math.max(contact.atMs, hostKeyAtMs) : hostKeyAtMs };
}

export function findLogin(situation: Situation): StepFinding {
  const { testbed, nodes } = situation;
  const asked = nodes.find((node) => lookAtLogin(node).state !== 'done') ?? nodes[0];
  const word = nodeWord(situation, asked);
  const isRefused = asked !== undefined && lastContact(asked)?.outcome === 'refused';
  const command = isRefused ? ['node', 'authorize', word] : ['node', 'facts', word, '--read'];
  const action = { label: isRefused ? 'Change the login' : 'Show nodes', target: nodesOf(testbed) };
  if (nodes.length === 0) {
    return { state: 'open', detail: 'The program’s key goes onto each node once; passwords are not kept for that.', action, command };
  }
  return { ...overNodes(nodes, lookAtLogin, 'Every node let the program in.'), action, command };
}

function lookAtLogin(situation: NodeSituation): NodeLook {
  const contact = lastContact(situation);
  if (contact?.outcome === 'in') return { state: 'done', text: '', atMs: contact.atMs };
  if (contact?.outcome === 'refused') {
    return { state: 'blocked', text: contact.message ?? 'it was not reached.', remedy: contact.remedy, atMs: contact.atMs };
  }
  return { state: 'unseen', text: 'not tried yet.' };
}

/** What commands find the node by; a stand-in where there is none. */
export function nodeWord({ testbeds }: Situation, asked: NodeSituation | undefined): string {
  if (!asked) return 'orin-1';
  return wordFor(
    asked.node,
    testbeds.flatMap(({ nodes }) => nodes),
  );
}

export function nodesOf(testbed: Testbed | null): PathTarget {
  return testbed ? { page: 'testbed', testbedId: testbed.id, tab: 'nodes' } : { page: 'testbeds' };
}

export function planOf(testbed: Testbed | null): PathTarget {
  return testbed ? { page: 'testbed', testbedId: testbed.id, tab: 'plan' } : { page: 'testbeds' };
}
