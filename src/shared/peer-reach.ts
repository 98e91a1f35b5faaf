// Whether the nodes of a testbed reach each other's agents, as they tried it: each knocked at the port of the others. What was not tried is
// never "reached", and says why.
import { formatQuantity } from './format.js';

/**
 * `refused`, `silent` (no answer at all), `no-route`: what the connection attempt ended with; `no-name`: the host's name has no address there;
 * `failed`: the tool that tried does not report how.
 */
export type PeerAnswer = 'reached' | 'refused' | 'silent' | 'no-route' | 'no-name' | 'failed' | 'not-tried';

export interface TriedNode {
  nodeId: string;
  nodeName: string;
  /** Where the others look for its agent. */
  host: string;
  port: number;
}

export interface PeerTry {
  /** Id of a node; null for this computer. */
  fromId: string | null;
  toId: string;
  answer: PeerAnswer;
  /** Why it was not tried; null where it was. */
  why: string | null;
}

export interface PeerReach {
  nodes: TriedNode[];
  tries: PeerTry[];
  /** How many others each node tried, where they were too many for all; null where it was all. */
  sampledPeers: number | null;
}

export interface PeerProblem {
  text: string;
  remedy: string;
}

export interface DescribedPeerReach {
  summary: string;
  problems: PeerProblem[];
  /** One sentence for each reason. */
  notTried: string[];
}

export const PEER_ANSWER_TITLES: Record<PeerAnswer, string> = {
  reached: 'Reached',
  refused: 'Refused',
  silent: 'No answer',
  'no-route': 'No route',
  'no-name': 'Name not known',
  failed: 'Not reached',
  'not-tried': 'Not tried',
};

const ANSWERS_TO: Record<Exclude<PeerAnswer, 'reached' | 'not-tried'>, string> = {
  refused: 'refuses connections of',
  silent: 'does not answer',
  'no-route': 'has no route from',
  'no-name': 'has a name that is not known to',
  failed: 'was not reached by',
};

export const THIS_COMPUTER = 'this computer';

/** Pure. Problems in the order of the nodes that are not reached. */
export function describePeerReach(reach: PeerReach): DescribedPeerReach {
  const tried = reach.tries.filter(({ answer }) => answer !== 'not-tried');
  const reached = tried.filter(({ answer }) => answer === 'reached');
  return {
    summary: summarize(reach, tried.length, reached.length),
    problems: reach.nodes.flatMap((node) => problemsOf(reach, node)),
    notTried: describeNotTried(reach),
  };
}

function summarize({ nodes, tries, sampledPeers }: PeerReach, tried: number, reached: number): string {
  const sample =
    sampledPeers === null ? '' : ` A sample: each of the ${nodes.length} nodes tried ${formatQuantity(sampledPeers, 'other')}, not all.`;
  if (tried === 0) return `Whether the nodes reach each other could not be tried.${sample}`;
  const missing = tries.length - tried;
  const left = missing === 0 ? '' : ` ${formatQuantity(missing, 'connection')} could not be tried.`;
  const open =
    reached === tried
      ? `The nodes reach each other: ${formatQuantity(tried, 'connection')} to agents’ ports tried, all of them open.`
      : `${reached} of ${formatQuantity(tried, 'connection')} to agents’ ports are open.`;
  return `${open}${left}${sample}`;
}

function problemsOf({ nodes, tries }: PeerReach, { nodeId, nodeName, host, port }: TriedNode): PeerProblem[] {
  const here = tries.filter(({ toId }) => toId === nodeId);
  const isReachedFromElsewhere = here.some(({ answer }) => answer === 'reached');
  return (Object.keys(ANSWERS_TO) as (keyof typeof ANSWERS_TO)[]).flatMap((answer) => {
    const from = here.filter((one) => one.answer === answer).map(({ fromId }) => nameOf(nodes, fromId));
    if (from.length === 0) return [];
    const text = `${nodeName} (${host}, port ${port}) ${ANSWERS_TO[answer]} ${listed(from)}.`;
    return [{ text, remedy: remedyOf(answer, { nodeName, host, port, isReachedFromElsewhere }) }];
  });
}

function remedyOf(
  answer: keyof typeof ANSWERS_TO,
  { nodeName, host, port, isReachedFromElsewhere }: { nodeName: string; host: string; port: number; isReachedFromElsewhere: boolean },
): string {
  const address = `remove ${nodeName} and add it again by an address at which all the others see it`;
  switch (answer) {
    case 'no-name':
      return `Put ${host} into /etc/hosts there, or ${address}.`;
    case 'no-route':
      return `They are in different networks, or a firewall between them rejects it: ${address}, or have the network let TCP port ${port} through.`;
    case 'refused':
    case 'silent':
    case 'failed':
      return isReachedFromElsewhere
        ? `Others reach it, so its port is open: look for a firewall or an isolated port of the switch between these, or ${address}.`
        : `Let the port through a firewall on ${nodeName} (sudo ufw allow ${port}/tcp), or ${address}.`;
  }
}

function describeNotTried({ nodes, tries }: PeerReach): string[] {
  const reasons = new Map<string, { from: Set<string>; to: Set<string>; count: number }>();
  for (const { fromId, toId, answer, why } of tries) {
    if (answer !== 'not-tried') continue;
    const known = reasons.get(why ?? '') ?? { from: new Set(), to: new Set(), count: 0 };
    known.from.add(nameOf(nodes, fromId));
    known.to.add(nameOf(nodes, toId));
    known.count++;
    reasons.set(why ?? '', known);
  }
  return [...reasons].map(([why, { from, to, count }]) => {
    const whose = to.size === 1 ? `to ${listed([...to])}` : from.size === 1 ? `from ${listed([...from])}` : 'between nodes';
    return `${formatQuantity(count, 'connection')} ${whose} not tried: ${why}`;
  });
}

export function nameOf(nodes: readonly TriedNode[], id: string | null): string {
  return id === null ? THIS_COMPUTER : (nodes.find(({ nodeId }) => nodeId === id)?.nodeName ?? id);
}

const MAX_LISTED = 6;

function listed(names: readonly string[]): string {
  if (names.length > MAX_LISTED) return `${names.slice(0, MAX_LISTED - 1).join(', ')} and ${names.length - MAX_LISTED + 1} others`;
  const last = names.at(-1) ?? '';
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last;
}
