// What the steps of one node's provisioning share: the node as it is now, the connection, and where output goes.
import { AppError } from '../../../../shared/errors.js';
import type { DesiredState, PlannedClock, ProvisionStepName, StepFinding } from '../../../../shared/provisioning.js';
import type { FactsMoment } from '../../../../shared/facts-reading.js';
import type { NodeFacts, Testbed, TestbedNode } from '../../../../shared/testbed.js';
import type { ClientIdentity } from '../../../adapters/agents/agent-client.js';
import type { CertificateWithKey } from '../../../adapters/agents/certificate-authority.js';
import type { Log } from '../../../adapters/log/log.js';
import type { TrustSource } from '../../../adapters/agents/keep-trust.js';
import type { ModelPusher } from '../../models/push/model-pusher.js';
import type { SshConnection } from '../../../adapters/ssh/ssh-connection.js';
import type { ExecOptions, ExecResult } from '../../../adapters/ssh/ssh-exec.js';
import { isDiskFull } from '../../../adapters/ssh/disk-full.js';
import { printable } from '../../../adapters/ssh/ssh-errors.js';
import type { StoredModel } from '../../../adapters/storage/model-repository.js';
import type { NodePatch } from '../../../adapters/storage/testbed-repository.js';
import type { AgentBundle } from './agent-bundle.js';
import type { ConnectOutcome } from '../access/connect-outcome.js';
import type { NodeConnector } from '../access/node-connector.js';
import type { NodeRuntimes } from './node-runtimes.js';
import { INSTALL_DIR } from './agent-config-for.js';
import { OutputLines } from './output-lines.js';

/** What provisioning needs of the program. */
export interface ProvisioningTools {
  log?: Log;
  connector: NodeConnector;
  identities: {
    authority(testbedId: string): Promise<CertificateWithKey>;
    authorityForIssuing(testbedId: string): Promise<CertificateWithKey>;
    controlCenter(testbedId: string): Promise<ClientIdentity>;
    renewNodeCertificate(testbedId: string, nodeId: string, shown: Uint8Array): ReturnType<TrustSource['renew']>;
  };
  /** Ids of the nodes that a testbed has now. */
  listNodeIds(testbedId: string): string[];
  loadBundle: () => Promise<AgentBundle>;
  runtimes: NodeRuntimes;
  /** Folder of the templates of systemd units. */
  unitTemplatesDir: string;
  models: {
    /** A model of the store; null when there is none of that id. */
    find(modelId: string): StoredModel | null;
    /** What it took of the node's memory, where that was measured. */
    measuredBytes?: (modelId: string, nodeId: string) => number | null;
    push: ModelPusher['push'];
  };
  worker: {
    /** The shipped files of the image worker. */
    filesDir: string;
    /** Settings and tokenizers for models of one file, in the layout of diffusers, where the user put some; need not be there. */
    settingsDir: string;
    /** Python packages for nodes that lack them; need not be there. */
    wheelsDir: string;
  };
  secrets: {
    /** What `sudo` on the node asks for; null when it is not known. Goes to the node by standard input alone. */
    sudoPassword(nodeId: string): Promise<string | null> | string | null;
  };
  nowMs: () => number;
}

export interface NodeSessionOptions {
  testbed: Testbed;
  node: TestbedNode;
  desired: DesiredState;
  tools: ProvisioningTools;
  acceptNewHostKeys: boolean;
  /** Whether an apply sets a clock that is far off. False when absent. */
  setsClock?: boolean;
  /** Whether this program gets the right to keep the clock, or loses it; as it is when absent. */
  keepsClock?: boolean | undefined;
  signal: AbortSignal;
  /** One clean line for the window. */
  log: (line: string) => void;
  /** How far the running step is, in bytes; no one hears of it where absent. */
  stepProgress?: (doneBytes: number, totalBytes: number) => void;
  /** Stores a change of the node's row. */
  saveNode: (patch: NodePatch) => void;
  /** Adds a reading to the history of the node's facts. */
  keepFacts: (moment: FactsMoment, facts: NodeFacts) => void;
}

export class NodeSession {
  readonly testbed: Testbed;
  readonly desired: DesiredState;
  /** While a plan is made: what the steps before found. Empty in an apply. */
  readonly findings = new Map<ProvisionStepName, StepFinding>();
  readonly tools: ProvisioningTools;
  readonly acceptNewHostKeys: boolean;
  readonly setsClock: boolean;
  readonly keepsClock: boolean | undefined;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly stepProgress: (doneBytes: number, totalBytes: number) => void;
  readonly keepFacts: (moment: FactsMoment, facts: NodeFacts) => void;
  readonly #saveNode: (patch: NodePatch) => void;
  #node: TestbedNode;
  #facts: NodeFacts | null = null;
  #clock: PlannedClock | null = null;
  #connection: SshConnection | null = null;

  constructor(options: NodeSessionOptions) {
    this.testbed = options.testbed;
    this.desired = options.desired;
    this.tools = options.tools;
    this.acceptNewHostKeys = options.acceptNewHostKeys;
    this.setsClock = options.setsClock ?? false;
    this.keepsClock = options.keepsClock;
    this.signal = options.signal;
    this.log = options.log;
    this.stepProgress = options.stepProgress ?? (() => undefined);
    this.keepFacts = options.keepFacts;
    this.#saveNode = options.saveNode;
    this.#node = options.node;
  }

  get node(): TestbedNode {
    return this.#node;
  }

  get connection(): SshConnection {
    if (!this.#connection) throw new Error('A provisioning step ran before the connection stood');
    return this.#connection;
  }

  /** As read in this session, or, where an apply continues from a later step, as they were read last. */
  get facts(): NodeFacts {
    const facts = this.#facts ?? this.#node.facts;
    if (!facts) throw new Error('A provisioning step ran before the facts were read');
    return facts;
  }

  /** Those that were read in this session; null before they were. */
  get notedFacts(): NodeFacts | null {
    return this.#facts;
  }

  /** As the preflight found it; null before. */
  get clock(): PlannedClock | null {
    return this.#clock;
  }

  noteClock(clock: PlannedClock): void {
    this.#clock = clock;
  }

  noteFacts(facts: NodeFacts): void {
    this.#facts = facts;
  }

  updateNode(patch: NodePatch): void {
    this.#node = { ...this.#node, ...patch };
    this.#saveNode(patch);
  }

  async open(): Promise<ConnectOutcome> {
    const outcome = await this.tools.connector.connect(this.#node, { acceptNew: this.acceptNewHostKeys, signal: this.signal });
    if (outcome.kind === 'connected') this.#connection = outcome.connection;
    return outcome;
  }

  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  /** Runs a command and returns its standard output; what it says on standard error is shown. Throws `ssh-command-failed`, or `no-space`. */
  async run(what: string, command: string, options: ExecOptions = {}): Promise<string> {
    const result = await this.attempt(command, options);
    if (result.code === 0) return result.stdout;
    throw await this.commandError(what, result);
  }

  /** As `run`, with the exit status left to the caller. */
  async attempt(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    const lines = new OutputLines(this.log);
    const result = await this.connection.exec(command, {
      signal: this.signal,
      ...options,
      onOutput: (chunk, stream) => {
        if (stream === 'stderr') lines.write(chunk);
      },
    });
    lines.end();
    return result;
  }

  /** What a script that failed is thrown as. Where the disk is found full, that is why. */
  async commandError(what: string, result: ExecResult): Promise<AppError> {
    const said = printable(result.stderr.trim().split('\n').at(-1) ?? '');
    if (await isDiskFull(this.connection, [INSTALL_DIR, '.'])) {
      return new AppError(
        'no-space',
        `Node "${this.node.name}" has no space left to ${what}.`,
        "Free space in the node's home folder, then retry.",
      );
    }
    const how = result.code === null ? 'was ended by a signal' : `ended with status ${result.code}`;
    return new AppError(
      'ssh-command-failed',
      `Node "${this.node.name}" could not ${what}: the command ${how}${said ? ` (${said})` : ''}.`,
      'The output of the node has more. Put it right there, then retry.',
    );
  }
}
