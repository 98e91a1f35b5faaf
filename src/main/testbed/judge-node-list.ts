// What would become of each line of a pasted list. Pure; nothing is added.
import { addNodeInput } from '../../shared/api/inputs.js';
import type { NodeListCandidate, NodeListEntry } from '../../shared/node-list.js';
import type { TestbedNode } from '../../shared/testbed.js';
import type { ListLine, NamedHost } from './list-line.js';

const SSH_PORT = 22;
const FIRST_AGENT_PORT = 7411;
const addressSchema = addNodeInput.pick({ name: true, host: true, port: true, user: true, keyFile: true, agentPort: true });

type Taken = Pick<TestbedNode, 'name' | 'host' | 'port' | 'agentPort'>;

/** `nodes` are in the testbed already; `defaultUser` is for lines that name none. */
export function judgeNodeList(lines: readonly ListLine[], nodes: readonly Taken[], defaultUser: string | null): NodeListEntry[] {
  const taken = nodes.map(({ name, host, port, agentPort }) => ({ name, host, port, agentPort, in: 'of this testbed' }));
  return lines.map(({ line, text, found, remark, isWrong }): NodeListEntry => {
    const entry = { line, text, remark, node: null };
    if (!found) return { ...entry, verdict: isWrong ? 'invalid' : 'ignored' };
    const user = found.user ?? defaultUser;
    if (user === null) return { ...entry, verdict: 'invalid', remark: 'It names no user, and there is none for all lines.' };
    const node = toCandidate(found, user, taken);
    const problem = findProblem(node);
    if (problem) return { ...entry, verdict: 'invalid', remark: problem };
    const same = taken.find((other) => isSameHost(other, node) && other.port === node.port);
    if (same) return { ...entry, node, verdict: 'duplicate', remark: `It is ${same.name ?? 'a line'} ${same.in} already.` };
    taken.push({ ...node, name: node.name ?? node.host, in: `in line ${line}` });
    return { ...entry, node, verdict: 'ready' };
  });
}

function toCandidate(found: NamedHost, user: string, taken: readonly Omit<Taken, 'name'>[]): NodeListCandidate {
  const usedPorts = new Set(taken.filter((other) => isSameHost(other, found)).map((other) => other.agentPort));
  let agentPort = FIRST_AGENT_PORT;
  while (usedPorts.has(agentPort)) agentPort++;
  const { name, host, keyFile } = found;
  return { name: name === '' ? null : name, host, port: found.port ?? SSH_PORT, user, keyFile, agentPort };
}

function findProblem({ name, ...rest }: NodeListCandidate): string | null {
  const checked = addressSchema.safeParse({ ...rest, ...(name === null ? {} : { name }) });
  const issue = checked.error?.issues[0];
  return issue ? `${issue.path.map(String).join('.')}: ${issue.message}.` : null;
}

function isSameHost(one: Pick<Taken, 'host'>, other: Pick<Taken, 'host'>): boolean {
  return one.host.toLowerCase() === other.host.toLowerCase();
}
