// Names and addresses that are taken in a testbed, kept in step while nodes are added: a list of a thousand hosts is added one by one, and
// each must not look at all others.
import { AppError } from '../../../../shared/errors.js';
import type { TestbedNode } from '../../../../shared/testbed.js';

type NodeEndpoint = Pick<TestbedNode, 'name' | 'host' | 'port' | 'agentPort' | 'ordinal'>;

export class TakenEndpoints {
  readonly #names = new Set<string>();
  readonly #byHost = new Map<string, NodeEndpoint[]>();
  #nextOrdinal = 0;

  constructor(nodes: readonly NodeEndpoint[]) {
    for (const node of nodes) this.add(node);
  }

  get nextOrdinal(): number {
    return this.#nextOrdinal;
  }

  add(node: NodeEndpoint): void {
    this.#names.add(node.name);
    const host = node.host.toLowerCase();
    const there = this.#byHost.get(host);
    if (there) there.push(node);
    else this.#byHost.set(host, [node]);
    this.#nextOrdinal = Math.max(this.#nextOrdinal, node.ordinal + 1);
  }

  /** Throws `conflict` where a node of the testbed has the SSH port or the agent port of the host already. */
  refuseSameAddress({ host, port, agentPort }: Pick<TestbedNode, 'host' | 'port' | 'agentPort'>): void {
    for (const other of this.#byHost.get(host.toLowerCase()) ?? []) {
      if (other.port === port) {
        throw new AppError(
          'conflict',
          `${host}, port ${port}, is already node "${other.name}" of this testbed.`,
          'Name another host or port.',
        );
      }
      if (other.agentPort === agentPort) {
        throw new AppError(
          'conflict',
          `Node "${other.name}" on ${host} already has the agent port ${agentPort}.`,
          'Choose another agent port.',
        );
      }
    }
  }

  /** The name, with a number behind it when a node of the testbed already has it. */
  freeName(name: string): string {
    let candidate = name;
    for (let number = 2; this.#names.has(candidate); number++) candidate = `${name} (${number})`;
    return candidate;
  }
}
