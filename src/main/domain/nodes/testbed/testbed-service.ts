// Testbeds: what they consist of, and the virtual ones from creation to removal.
import type {
  AddNodeByAliasInput,
  AddNodeInput,
  AddNodeListInput,
  CreateVirtualTestbedInput,
  NodeListInput,
  SetNodeLoginInput,
} from '../../../../shared/api/inputs.js';
import { addNodeByAliasInput, addNodeInput, addNodeListInput, nodeListInput, setNodeLoginInput } from '../../../../shared/api/inputs.js';
import { AppError, notThere } from '../../../../shared/errors.js';
import type { NodeListEntry } from '../../../../shared/node-list.js';
import {
  DEFAULT_SSH_SETTINGS,
  describeUnaware,
  type AnsweringNodes,
  type NodeLive,
  type NodeRemoval,
  type SshHost,
  type SshRoute,
  type Testbed,
  type TestbedNode,
} from '../../../../shared/testbed.js';
import type { ChangeTopic } from '../../../foundation/live/change-topic.js';
import { watchSnapshots } from '../../../foundation/live/watch-snapshots.js';
import { newId } from '../../../foundation/new-id.js';
import type { TestbedIdentities } from '../../../adapters/secrets/testbed-identities.js';
import type { OpenSshConfig } from '../../../adapters/ssh/openssh-config.js';
import type { TestbedRepository } from '../../../adapters/storage/testbed-repository.js';
import { chooseLogin } from '../access/choose-login.js';
import { countAnswering } from './count-answering.js';
import { checkListedKeys } from './check-listed-keys.js';
import { validateNodeList } from './validate-node-list.js';
import { parseNodeList } from './parse-node-list.js';
import { planVirtualTestbed } from './plan-virtual-testbed.js';
import type { NodeLiveSource } from './node-live-source.js';
import { TakenEndpoints } from './taken-endpoints.js';
import type { VirtualNodes } from './virtual-nodes.js';

export interface TestbedServiceOptions {
  testbeds: TestbedRepository;
  virtualNodes: VirtualNodes;
  identities: TestbedIdentities;
  live: NodeLiveSource;
  /** Resolves when the testbed's agents let in only its present nodes, with the ids of the nodes whose agents do not know yet. */
  untilRosterTaken: (testbedId: string, signal: AbortSignal) => Promise<string[]>;
  sshConfig: OpenSshConfig;
  /** Announced after every change of a testbed or node. */
  changes: ChangeTopic;
  /** Called when a node is gone, so that its secrets go too. */
  forgetSecrets: (nodeId: string) => void;
  /** What is using the testbed now, in words that follow "while": `run "x" is not finished`. Null when nothing does. */
  describeUse: (testbedId: string) => string | null;
  recordEvent: (event: { kind: string; subjectId: string; message: string }) => void;
  nowMs: () => number;
}

/** Real milliseconds that a removal waits for the other nodes to hear of it. */
const ROSTER_LIMIT_MS = 3_000;

/** A testbed while nodes are added to it. */
interface GrowingTestbed {
  id: string;
  name: string;
  taken: TakenEndpoints;
}

export class TestbedService {
  readonly #options: TestbedServiceOptions;

  constructor(options: TestbedServiceOptions) {
    this.#options = options;
  }

  list(): Testbed[] {
    return this.#options.testbeds.listTestbeds();
  }

  /** Throws `not-found`, also for one in the bin. */
  get(id: string): Testbed {
    const testbed = this.#options.testbeds.getTestbed(id);
    if (testbed) return testbed;
    const { name } = this.getAny(id);
    throw new AppError('not-found', `Testbed "${name}" is in the bin.`, 'Restore it from the bin first.');
  }

  /** In the bin or not: for what only reads what is on record. Throws `not-found`. */
  getAny(id: string): Testbed {
    const testbed = this.#options.testbeds.findTestbed(id);
    if (!testbed) throw notThere('testbed', id);
    return testbed;
  }

  /** Of all testbeds, now. */
  answering(): AnsweringNodes {
    return countAnswering(this.list(), this.#options.live);
  }

  async createVirtual(input: CreateVirtualTestbedInput): Promise<Testbed> {
    if (process.platform === 'win32') {
      throw new AppError(
        'unsupported',
        'Virtual nodes need a POSIX shell, which Windows does not have.',
        'Run the program under WSL, or add real nodes.',
      );
    }
    const testbed = await this.#options.virtualNodes.create(planVirtualTestbed(input, newId, this.#options.nowMs()));
    this.#changed(
      'testbed-created',
      testbed.id,
      `Created virtual testbed "${testbed.name}" with ${testbed.nodes.length} node${testbed.nodes.length === 1 ? '' : 's'}.`,
    );
    return testbed;
  }

  create(input: { name: string }): Testbed {
    const testbed: Testbed = {
      id: newId('testbed'),
      name: input.name,
      kind: 'real',
      timeScale: 1,
      createdAtMs: this.#options.nowMs(),
      nodes: [],
    };
    this.#options.testbeds.insertTestbed(testbed);
    this.#changed('testbed-created', testbed.id, `Created testbed "${testbed.name}".`);
    return testbed;
  }

  addNode(input: AddNodeInput): TestbedNode {
    const node = this.#insertNodeByAddress(this.#openToNodes(input.testbedId), input);
    this.#options.changes.announce();
    return node;
  }

  /** Resolved by OpenSSH's client as of now. Throws `unsupported` without one, or for a way to it that this program can't go. */
  async addNodeByAlias(input: AddNodeByAliasInput): Promise<TestbedNode> {
    const { testbedId, name, alias, auth, keyFile, agentPort, user, port } = addNodeByAliasInput.parse(input);
    this.get(testbedId);
    const { host: found, hops } = await this.#options.sshConfig.resolve(alias, {
      ...(user === undefined ? {} : { user }),
      ...(port === undefined ? {} : { port }),
    });
    const { host, port: foundPort, user: foundUser, ...settings } = found;
    const sshRoute = { ...settings, alias, hops, areRulesRead: true };
    const node = this.#insertNode(this.#openToNodes(testbedId), name ?? alias, {
      host,
      port: foundPort,
      user: foundUser,
      agentPort,
      sshRoute,
      ...chooseLogin({ auth, keyFile, sshRoute }),
    });
    this.#options.changes.announce();
    return node;
  }

  /** Hosts of ~/.ssh/config, wildcards left out. */
  listSshAliases(): Promise<string[]> {
    return this.#options.sshConfig.listAliases();
  }

  /** Changes how a node is logged in to; its secrets stay. Throws `invalid-input` where the way does not fit the node. */
  setNodeLogin(input: SetNodeLoginInput): TestbedNode {
    const { id, auth, keyFile } = setNodeLoginInput.parse(input);
    const node = this.#node(id);
    this.#refuseWhileUsed(node.testbedId, `The login of node "${node.name}" can't be changed`);
    if (node.kind === 'virtual') {
      throw new AppError(
        'invalid-input',
        `Node "${node.name}" is virtual: it knows the control center's key alone.`,
        'Choose a node reached over SSH.',
      );
    }
    const changed = this.#options.testbeds.updateNode(id, chooseLogin({ auth, keyFile, sshRoute: node.sshRoute })) ?? node;
    this.#changed('node-login-changed', id, `Changed how node "${node.name}" is logged in to.`);
    return changed;
  }

  /** What each line of a pasted list is; adds nothing. */
  previewNodeList(input: NodeListInput): NodeListEntry[] {
    const { testbedId, text, defaultUser } = nodeListInput.parse(input);
    return checkListedKeys(validateNodeList(parseNodeList(text), this.get(testbedId).nodes, defaultUser));
  }

  /**
   * Adds the chosen lines, all or none. Throws `invalid-input` for a line that can't be added, and what OpenSSH says of a host on the way that
   * can't be used.
   */
  async addNodeList(input: AddNodeListInput): Promise<TestbedNode[]> {
    const { testbedId, auth, lines } = addNodeListInput.parse(input);
    const entries = this.previewNodeList(input);
    const chosen = lines ? entries.filter(({ line }) => lines.includes(line)) : entries.filter(({ verdict }) => verdict === 'ready');
    const wrong = chosen.find(({ verdict }) => verdict !== 'ready');
    if (wrong)
      throw new AppError(
        'invalid-input',
        `Line ${wrong.line} can't be added: ${wrong.remark ?? 'it is not a valid host'}`,
        'Correct the line.',
      );
    if (chosen.length === 0) throw new AppError('invalid-input', 'No line of the list can be added.', 'Look at the verdict of each line.');
    const hops = new Map<string, SshHost[]>();
    for (const { node } of chosen) {
      const jump = node?.proxyJump ?? null;
      if (node && jump !== null && !hops.has(jump)) hops.set(jump, await this.#options.sshConfig.resolveHops(jump, node.host));
    }
    const growing = this.#openToNodes(testbedId);
    const added = this.#options.testbeds.inOneTransaction(() =>
      chosen.flatMap(({ node }) => {
        if (!node) return [];
        const { name, keyFile, proxyJump, ...access } = node;
        const login = keyFile === null ? { auth } : { keyFile };
        const way =
          proxyJump === null ? null : { ...DEFAULT_SSH_SETTINGS, alias: node.host, hops: hops.get(proxyJump) ?? [], areRulesRead: true };
        return this.#insertNodeByAddress(growing, { testbedId, ...access, ...(name === null ? {} : { name }), ...login }, way);
      }),
    );
    this.#options.changes.announce();
    return added;
  }

  /** The testbed, if it takes nodes, and what is taken in it. */
  #openToNodes(testbedId: string): GrowingTestbed {
    const testbed = this.get(testbedId);
    if (testbed.kind === 'virtual') {
      throw new AppError(
        'invalid-input',
        `Testbed "${testbed.name}" is virtual and takes no nodes by SSH.`,
        'Create a testbed for real nodes and add it there.',
      );
    }
    return { id: testbed.id, name: testbed.name, taken: new TakenEndpoints(testbed.nodes) };
  }

  #insertNodeByAddress(testbed: GrowingTestbed, input: AddNodeInput, sshRoute: SshRoute | null = null): TestbedNode {
    const { name, host, port, user, auth, keyFile, agentPort } = addNodeInput.parse(input);
    const login = chooseLogin({ auth, keyFile, sshRoute });
    return this.#insertNode(testbed, name, { host, port, user, agentPort, sshRoute, ...login });
  }

  /** The caller announces the change: many may come together. */
  #insertNode(
    { id: testbedId, name: testbedName, taken }: GrowingTestbed,
    name: string | undefined,
    access: Pick<TestbedNode, 'host' | 'port' | 'user' | 'auth' | 'keyFile' | 'agentPort' | 'sshRoute'>,
  ): TestbedNode {
    taken.refuseSameAddress(access);
    const ordinal = taken.nextOrdinal;
    const node: TestbedNode = {
      id: newId('node'),
      testbedId,
      ordinal,
      name: taken.freeName(name ?? `node-${ordinal + 1}`),
      kind: 'ssh',
      ...access,
      virtual: null,
      provisionState: 'new',
      agentVersion: null,
      calibration: null,
      worker: null,
      facts: null,
      createdAtMs: this.#options.nowMs(),
    };
    this.#options.testbeds.insertNode(node);
    taken.add(node);
    const at = `${node.user}@${node.host}, port ${node.port}`;
    const message = `Added node "${node.name}" (${at}) to testbed "${testbedName}".`;
    this.#options.recordEvent({ kind: 'node-added', subjectId: node.id, message });
    return node;
  }

  /** Has the other nodes refuse it, as far as they can be reached within seconds. Throws `conflict` while a run uses the testbed. */
  async removeNode(nodeId: string): Promise<NodeRemoval> {
    const node = this.#node(nodeId);
    this.#refuseWhileUsed(node.testbedId, `Node "${node.name}" can't be removed`);
    this.#options.testbeds.deleteNode(nodeId);
    this.#options.forgetSecrets(nodeId);
    if (node.kind === 'virtual') await this.#options.virtualNodes.delete([node]);
    this.#changed('node-removed', node.id, `Removed node "${node.name}".`);
    const unaware = new Set(await this.#options.untilRosterTaken(node.testbedId, AbortSignal.timeout(ROSTER_LIMIT_MS)));
    const unawareNames = this.get(node.testbedId).nodes.flatMap(({ id, name }) => (unaware.has(id) ? [name] : []));
    if (unawareNames.length > 0) {
      const message = describeUnaware(node.name, unawareNames);
      this.#options.recordEvent({ kind: 'node-removal-untold', subjectId: node.id, message });
    }
    return { unawareNames };
  }

  /** Throws `conflict` while it is in use. */
  requireRemovable(id: string): void {
    this.#refuseWhileUsed(id, `Testbed "${this.getAny(id).name}" can't be moved to the bin`);
  }

  /** Once it is in the bin: stops its virtual nodes. Their folders and the secrets of its nodes stay; connections end with the change that is announced. */
  async putAway(id: string): Promise<void> {
    await this.#options.virtualNodes.powerOffAll(this.getAny(id).nodes);
  }

  /** Once it is out of the bin again: has its virtual nodes boot. */
  async bringBack(id: string): Promise<void> {
    await this.#options.virtualNodes.powerOnAll(this.get(id).nodes);
  }

  /** Measures what its virtual nodes have on disk in bytes, also once it is gone. */
  sizer(id: string): () => Promise<number> {
    const { nodes } = this.getAny(id);
    return () => this.#options.virtualNodes.sizeOnDisk(nodes);
  }

  /**
   * For good: stops its virtual nodes and deletes their folders, and forgets the secrets of its nodes. Runs and their images stay. Throws `conflict`
   * while a run uses it.
   */
  async remove(id: string): Promise<void> {
    const testbed = this.getAny(id);
    this.#refuseWhileUsed(id, `Testbed "${testbed.name}" can't be removed`);
    // The rows first: what a crash leaves on disk after that is cleared away at the next start.
    this.#options.testbeds.deleteTestbed(id);
    for (const node of testbed.nodes) this.#options.forgetSecrets(node.id);
    this.#options.identities.remove(id);
    await this.#options.virtualNodes.delete(testbed.nodes.filter((node) => node.kind === 'virtual'));
    this.#changed('testbed-removed', id, `Removed testbed "${testbed.name}".`);
  }

  /** Live state of all its nodes, newest value only, a few times a second. */
  watch(id: string, signal: AbortSignal): AsyncIterable<NodeLive[]> {
    this.get(id);
    const { live } = this.#options;
    return watchSnapshots(
      { read: () => live.snapshot(id), subscribe: (listener) => live.onChange(id, listener), minIntervalMs: 250, maxIntervalMs: 1000 },
      signal,
    );
  }

  #node(nodeId: string): TestbedNode {
    const node = this.#options.testbeds.getNode(nodeId);
    if (!node) throw new AppError('not-found', `There is no node “${nodeId}”.`, 'List the testbeds to see their nodes.');
    return node;
  }

  #refuseWhileUsed(testbedId: string, consequence: string): void {
    const use = this.#options.describeUse(testbedId);
    if (use) throw new AppError('conflict', `${consequence} while ${use}.`, 'Wait until it has ended, or stop it first.');
  }

  #changed(kind: string, subjectId: string, message: string): void {
    this.#options.recordEvent({ kind, subjectId, message });
    this.#options.changes.announce();
  }
}
