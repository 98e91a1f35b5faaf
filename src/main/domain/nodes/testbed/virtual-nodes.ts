// Virtual nodes as the database knows them and the processes behind them, kept in step: ports and host keys follow every boot.
import { AppError } from '../../../../shared/errors.js';
import type { Testbed, TestbedNode } from '../../../../shared/testbed.js';
import type { ChangeTopic } from '../../../foundation/live/change-topic.js';
import type { HostKeyRepository } from '../../../adapters/storage/host-key-repository.js';
import type { TestbedRepository } from '../../../adapters/storage/testbed-repository.js';
import { type BootedNode, type CreateVirtualNodeHost, VIRTUAL_NODE_HOST, type VirtualNodeHost } from './virtual-node-messages.js';

export interface VirtualNodesOptions {
  /** Whether nodes are to be up while this program runs. */
  areUp: boolean;
  createHost: CreateVirtualNodeHost;
  testbeds: TestbedRepository;
  hostKeys: HostKeyRepository;
  /** Announced after a boot has changed a node's row. */
  changes: ChangeTopic;
  nowMs: () => number;
  onProblem: (message: string) => void;
}

export class VirtualNodes {
  readonly #options: VirtualNodesOptions;
  readonly #host: VirtualNodeHost;

  constructor(options: VirtualNodesOptions) {
    this.#options = options;
    this.#host = options.createHost({ onNodeBooted: (booted) => this.#onBooted(booted), onProblem: options.onProblem });
  }

  /** Process id of the process that holds the nodes; null while there is none. */
  get hostPid(): number | null {
    return this.#host.pid;
  }

  /** Boots every virtual node again that is not in the bin. A node that fails is reported to `onProblem`; the others come up. */
  async startAll(): Promise<void> {
    const nodes = this.#options.testbeds.listTestbeds().flatMap((testbed) => testbed.nodes.filter(isVirtual));
    const inBin = this.#options.testbeds.listNodesInBin();
    await this.#host.deleteStrayFolders(new Set([...nodes, ...inBin].map((node) => node.id)));
    await this.#boot(nodes);
  }

  /** Boots those of the nodes that are virtual, as far as nodes are up at all. */
  async powerOnAll(nodes: readonly TestbedNode[]): Promise<void> {
    if (this.#options.areUp) await this.#boot(nodes.filter(isVirtual));
  }

  /** Switches those off that are virtual; their folders stay. */
  async powerOffAll(nodes: readonly TestbedNode[]): Promise<void> {
    await Promise.all(nodes.filter(isVirtual).map((node) => this.powerOff(node.id)));
  }

  /** Of the folders of those that are virtual, bytes. */
  async sizeOnDisk(nodes: readonly TestbedNode[]): Promise<number> {
    let bytes = 0;
    for (const node of nodes.filter(isVirtual)) bytes += await this.#host.sizeOnDisk(node.id);
    return bytes;
  }

  async #boot(nodes: readonly TestbedNode[]): Promise<void> {
    const outcomes = await Promise.allSettled(nodes.map((node) => this.powerOn(node)));
    outcomes.forEach((outcome, index) => {
      if (outcome.status === 'rejected' && !isCanceled(outcome.reason))
        this.#options.onProblem(`Virtual node ${nodes[index]?.name} did not boot: ${String(outcome.reason)}`);
    });
  }

  /** Boots the nodes of a testbed that is not stored yet and stores it with their ports and keys. On failure nothing is left. */
  async create(testbed: Testbed): Promise<Testbed> {
    try {
      const booted = await Promise.all(testbed.nodes.map((node) => this.#host.powerOn(node.id, null)));
      const nodes = testbed.nodes.map((node, index) => ({ ...node, port: booted[index]?.sshPort ?? node.port }));
      this.#options.testbeds.insertTestbed({ ...testbed, nodes });
      for (const node of booted) this.#trust(node, VIRTUAL_NODE_HOST);
      return { ...testbed, nodes };
    } catch (error) {
      this.#options.testbeds.deleteTestbed(testbed.id);
      await this.delete(testbed.nodes);
      throw error;
    }
  }

  powerOn(node: TestbedNode): Promise<BootedNode> {
    return this.#host.powerOn(node.id, node.port);
  }

  /** As pulling the plug. */
  powerOff(nodeId: string): Promise<void> {
    return this.#host.powerOff(nodeId);
  }

  /** Switches nodes off and deletes their folders and recorded keys. */
  async delete(nodes: readonly TestbedNode[]): Promise<void> {
    for (const node of nodes) if (node.port > 0) this.#options.hostKeys.remove(node.host, node.port);
    const outcomes = await Promise.allSettled(nodes.map((node) => this.#host.deleteNode(node.id)));
    for (const outcome of outcomes) {
      // What stays on disk is deleted at the next start.
      if (outcome.status === 'rejected') this.#options.onProblem(`A virtual node's folder is not deleted yet: ${String(outcome.reason)}`);
    }
  }

  close(): Promise<void> {
    return this.#host.close();
  }

  #onBooted(booted: BootedNode): void {
    const node = this.#options.testbeds.getNode(booted.nodeId);
    if (!node) return;
    if (node.port !== booted.sshPort) this.#options.hostKeys.remove(node.host, node.port);
    this.#options.testbeds.updateNode(node.id, {
      port: booted.sshPort,
      ...(booted.agentPort === null ? {} : { agentPort: booted.agentPort }),
    });
    this.#trust(booted, node.host);
    this.#options.changes.announce();
  }

  /** The program made the key itself, so there is no one to ask. */
  #trust(booted: BootedNode, host: string): void {
    this.#options.hostKeys.replace({
      host,
      port: booted.sshPort,
      ...booted.hostKey,
      nodeId: booted.nodeId,
      source: 'created by this program',
      atMs: this.#options.nowMs(),
    });
  }
}

function isVirtual({ kind }: TestbedNode): boolean {
  return kind === 'virtual';
}

function isCanceled(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.code === 'cancelled';
}
