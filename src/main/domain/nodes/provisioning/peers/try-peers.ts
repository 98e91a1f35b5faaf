// Each node of a testbed knocks at the agent's port of the others, and so does this computer:
//
//   every node opens its port  ->  all knock side by side  ->  the ports are closed again
//
// Nothing is written on the nodes. Bounded: so many nodes at once, so many knocks at once on each, a limit for all of it.
import { toErrorShape } from '../../../../../shared/errors.js';
import { type PeerAnswer, type PeerReach, type PeerTry, THIS_COMPUTER, type TriedNode } from '../../../../../shared/peer-reach.js';
import type { TestbedNode } from '../../../../../shared/testbed.js';
import type { SshConnection } from '../../../../adapters/ssh/ssh-connection.js';
import { type PortAnswer, tryPort } from '../../../../foundation/try-port.js';
import type { NodeConnector } from '../../access/node-connector.js';
import { DEFAULT_AGENT_PORT } from '../agent-config-for.js';
import { runLimited } from '../run-limited.js';
import { openPeerPort, type PeerPort } from './peer-port.js';
import { knockScript } from './peer-scripts.js';
import { KNOCK_SECONDS, KNOCK_STATUSES, LISTEN_STATUSES } from './peer-tools.js';

/** Others that one node tries: all of them in a lab; in more, those behind it in a ring, so that each is tried equally often. */
export const MAX_PEERS_TRIED = 64;
const NODES_AT_ONCE = 16;
/** Real ms for all of it: 50 nodes of which none answers take about a minute. */
const LIMIT_MS = 180_000;

export interface TryPeersOptions {
  nodes: readonly TestbedNode[];
  connector: Pick<NodeConnector, 'connect'>;
  signal: AbortSignal;
  /** Real ms; `LIMIT_MS` when absent. */
  limitMs?: number;
}

interface Member extends TriedNode {
  node: TestbedNode;
  connection: SshConnection | null;
  opened: PeerPort | null;
  /** Why it takes no part; null where it does. */
  why: string | null;
}

/** Throws only what `signal` was aborted with. */
export async function tryPeers({ nodes, connector, signal, limitMs = LIMIT_MS }: TryPeersOptions): Promise<PeerReach> {
  const limit = AbortSignal.timeout(limitMs);
  const ending = AbortSignal.any([signal, limit]);
  const members = nodes.map((node): Member => ({
    node,
    ...{ nodeId: node.id, nodeName: node.name, host: node.host, port: node.agentPort ?? DEFAULT_AGENT_PORT },
    ...{ connection: null, opened: null, why: null },
  }));
  const tries: PeerTry[] = [];
  try {
    await runLimited(members, NODES_AT_ONCE, (member) => join(member, connector, ending, limitMs));
    await Promise.all([
      runLimited(members, NODES_AT_ONCE, async (to) => void tries.push(await knockFromHere(to, ending))),
      runLimited(members, NODES_AT_ONCE, async (from) => void tries.push(...(await knockFrom(from, peersOf(members, from), ending)))),
    ]);
  } finally {
    await Promise.all(members.map(leave));
  }
  signal.throwIfAborted();
  return {
    nodes: members.map(({ nodeId, nodeName, host, port }) => ({ nodeId, nodeName, host, port })),
    tries,
    sampledPeers: members.length - 1 > MAX_PEERS_TRIED ? MAX_PEERS_TRIED : null,
  };
}

/** Pure: those that a node tries. */
export function peersOf<Node>(nodes: readonly Node[], from: Node): Node[] {
  const index = nodes.indexOf(from);
  return [...nodes.slice(index + 1), ...nodes.slice(0, index)].slice(0, MAX_PEERS_TRIED);
}

async function join(member: Member, connector: Pick<NodeConnector, 'connect'>, signal: AbortSignal, limitMs: number): Promise<void> {
  const { node, nodeName, host, port } = member;
  try {
    const outcome = await connector.connect(node, { acceptNew: false, signal });
    if (outcome.kind !== 'connected') {
      member.why = `${nodeName} was not reached by SSH.`;
      return;
    }
    member.connection = outcome.connection;
    const family = host.includes(':') ? 6 : 4;
    member.opened = await openPeerPort({
      ...{ connection: outcome.connection, nodeName, port, family, signal },
      seconds: Math.ceil(limitMs / 1000),
    });
    member.why = member.opened.why;
  } catch (thrown) {
    member.why = toErrorShape(thrown).message;
  }
}

async function leave({ connection, opened }: Member): Promise<void> {
  await opened?.close();
  connection?.close();
}

const HERE: Record<PortAnswer, PeerAnswer> = { open: 'reached', closed: 'refused', silent: 'silent' };

async function knockFromHere({ nodeId, host, port, why }: Member, signal: AbortSignal): Promise<PeerTry> {
  if (why !== null) return { fromId: null, toId: nodeId, answer: 'not-tried', why };
  const answer = HERE[await tryPort({ host, port, timeoutMs: KNOCK_SECONDS * 1000, signal })];
  if (!signal.aborted) return { fromId: null, toId: nodeId, answer, why: null };
  return { fromId: null, toId: nodeId, answer: 'not-tried', why: `${THIS_COMPUTER} ran out of time.` };
}

/** One command for all of them. What it does not answer was not tried. */
async function knockFrom({ nodeId, nodeName, connection, why }: Member, peers: readonly Member[], signal: AbortSignal): Promise<PeerTry[]> {
  const listening = peers.filter((peer) => peer.why === null);
  let answers = new Map<number, PeerAnswer>();
  let reason = why;
  if (connection && listening.length > 0) {
    try {
      const stdin = Buffer.from(listening.map(({ host, port }, index) => `${index} ${host} ${port}\n`).join(''));
      const { code, stdout } = await connection.exec(knockScript(), { stdin, signal, timeoutMs: LIMIT_MS });
      answers = parseAnswers(stdout);
      reason =
        code === LISTEN_STATUSES.noTool
          ? `${nodeName} has neither perl nor Python, Node.js or bash to try with; once it is provisioned it has Node.js.`
          : `${nodeName} did not answer for it.`;
    } catch (thrown) {
      reason = signal.aborted ? `${nodeName} ran out of time.` : toErrorShape(thrown).message;
    }
  }
  return peers.map((peer) => {
    const answer = peer.why === null ? answers.get(listening.indexOf(peer)) : undefined;
    if (answer !== undefined) return { fromId: nodeId, toId: peer.nodeId, answer, why: null };
    return { fromId: nodeId, toId: peer.nodeId, answer: 'not-tried', why: peer.why ?? reason ?? `${nodeName} was not asked.` };
  });
}

const ANSWERS = new Map(
  Object.entries(KNOCK_STATUSES).map(([answer, status]) => [status as number, answer as keyof typeof KNOCK_STATUSES]),
);

/** Lines `INDEX STATUS`; a status that no tool has is no answer. */
export function parseAnswers(output: string): Map<number, PeerAnswer> {
  const answers = new Map<number, PeerAnswer>();
  for (const line of output.split('\n')) {
    const [, index, status] = /^(\d{1,6}) (\d{1,3})$/.exec(line) ?? [];
    const answer = ANSWERS.get(Number(status));
    if (index !== undefined && answer !== undefined) answers.set(Number(index), answer);
  }
  return answers;
}
