// What would become of each line of a pasted list. Pure; nothing is added.
import { addNodeInput } from '../../../../shared/api/inputs.js';
import type { NodeListCandidate, NodeListEntry } from '../../../../shared/node-list.js';
import type { TestbedNode } from '../../../../shared/testbed.js';
import type { ListLine, NamedHost } from './list-line.js';

const SSH_PORT = 22;
const FIRST_AGENT_PORT = 7411;
const NO_USER = 'It names no user: put one before the host (user@host), or give one for all lines.';
const addressSchema = addNodeInput.pick({ name: true, host: true, port: true, user: true, keyFile: true, agentPort: true });

type Taken = Pick<TestbedNode, 'name' | 'host' | 'port' | 'agentPort'>;

interface TakenThere extends Taken {
  /** Where, in words. */
  in: string;
}

/** `nodes` are in the testbed already; `defaultUser` is for lines that name none. */
export function validateNodeList(lines: readonly ListLine[], nodes: readonly Taken[], defaultUser: string | null): NodeListEntry[] {
  const taken = new Map<string, TakenThere[]>();
  const take = (node: TakenThere): void => {
    const there = taken.get(hostKeyOf(node));
    if (there) there.push(node);
    else taken.set(hostKeyOf(node), [node]);
  };
  for (const { name, host, port, agentPort } of nodes) take({ name, host, port, agentPort, in: 'of this testbed' });
  return lines.map(({ line, text, found, remark, isWrong }): NodeListEntry => {
    const entry = { line, text, remark, node: null };
    if (!found) return { ...entry, verdict: isWrong ? 'invalid' : 'ignored' };
    const user = found.user ?? defaultUser;
    if (user === null) return { ...entry, verdict: 'invalid', remark: NO_USER };
    const there = taken.get(hostKeyOf(found)) ?? [];
    const node = toCandidate(found, user, there);
    const problem = findProblem(node);
    if (problem) return { ...entry, verdict: 'invalid', remark: problem };
    const same = there.find((other) => other.port === node.port);
    if (same) return { ...entry, node, verdict: 'duplicate', remark: `It is ${same.name ?? 'a line'} ${same.in} already.` };
    take({ ...node, name: node.name ?? node.host, in: `in line ${line}` });
    return { ...entry, node, verdict: 'ready' };
  });
}

/** `there`: what is taken on the same host. */
function toCandidate(found: NamedHost, user: string, there: readonly Omit<Taken, 'name'>[]): NodeListCandidate {
  const usedPorts = new Set(there.map((other) => other.agentPort));
  let agentPort = FIRST_AGENT_PORT;
  while (usedPorts.has(agentPort)) agentPort++;
  const { name, host, keyFile, proxyJump } = found;
  return { name: name === '' ? null : name, proxyJump, host, port: found.port ?? SSH_PORT, user, keyFile, agentPort };
}

function findProblem({ name, proxyJump: _way, ...rest }: NodeListCandidate): string | null {
  const checked = addressSchema.safeParse({ ...rest, ...(name === null ? {} : { name }) });
  const issue = checked.error?.issues[0];
  return issue ? `${issue.path.map(String).join('.')}: ${issue.message}.` : null;
}

function hostKeyOf({ host }: Pick<Taken, 'host'>): string {
  return host.toLowerCase();
}
