// The facts of nodes as the window and the terminal ask for them: the history, and a reading now.
import type { FactsReading } from '../../../../shared/facts-reading.js';
import { AppError, toErrorShape } from '../../../../shared/errors.js';
import type { NodeFacts, TestbedNode } from '../../../../shared/testbed.js';
import type { ChangeTopic } from '../../../foundation/live/change-topic.js';
import { printable } from '../../../adapters/ssh/ssh-errors.js';
import type { SshConnection } from '../../../adapters/ssh/ssh-connection.js';
import type { ExecOptions } from '../../../adapters/ssh/ssh-exec.js';
import type { FactsHistoryRepository } from '../../../adapters/storage/facts-history-repository.js';
import type { TestbedRepository } from '../../../adapters/storage/testbed-repository.js';
import { readFacts } from './read-facts.js';
import type { NodeConnector } from '../access/node-connector.js';

export interface FactsServiceOptions {
  testbeds: TestbedRepository;
  factsHistory: FactsHistoryRepository;
  connector: Pick<NodeConnector, 'connect'>;
  /** Announced when a node's facts have changed. */
  changes: ChangeTopic;
  /** What is using the testbed now, in words that follow "while"; null when nothing does. */
  describeUse: (testbedId: string) => string | null;
  recordEvent: (event: { kind: string; subjectId: string; message: string }) => void;
  nowMs: () => number;
}

/** Real ms that the start of a run waits for the facts of its nodes. */
const REFRESH_TIMEOUT_MS = 5_000;

export class FactsService {
  readonly #options: FactsServiceOptions;

  constructor(options: FactsServiceOptions) {
    this.#options = options;
  }

  /** Every reading that is kept of a node, newest first. Throws `not-found`. */
  history(nodeId: string): FactsReading[] {
    return this.#options.factsHistory.list(this.#node(nodeId).id);
  }

  /** Reads a node's facts now over SSH and keeps them. Throws why the node was not reached, and `conflict` while a run uses the node. */
  async read(nodeId: string, signal: AbortSignal): Promise<NodeFacts> {
    const { testbeds, factsHistory, changes, describeUse } = this.#options;
    const node = this.#node(nodeId);
    const use = describeUse(node.testbedId);
    // Loading torch for the probe takes time and memory of the node: it would be measured with the tasks.
    if (use) throw new AppError('conflict', `The facts of node "${node.name}" can't be read while ${use}.`, 'Wait until it has ended.');
    const facts = await this.#readFrom(node, true, signal);
    // A node that was removed meanwhile has no row to write to, and no history.
    if (!testbeds.updateNode(nodeId, { facts })) this.#node(nodeId);
    factsHistory.append({ nodeId, moment: 'asked', provisioningRunId: null, facts });
    changes.announce();
    return facts;
  }

  /**
   * Reads the facts of a testbed's real nodes again, as far as they answer in time, so that a run starts with the power modes and clocks of
   * now. Torch is not loaded for it: what was known of it stays. Does nothing while something uses the testbed. Never throws.
   */
  async refresh(testbedId: string): Promise<void> {
    const { testbeds, changes, describeUse } = this.#options;
    const nodes = testbeds.getTestbed(testbedId)?.nodes.filter((node) => node.facts !== null && node.virtual === null) ?? [];
    if (nodes.length === 0 || describeUse(testbedId) !== null) return;
    const signal = AbortSignal.timeout(REFRESH_TIMEOUT_MS);
    await Promise.all(nodes.map((node) => this.#refreshOne(node, signal)));
    changes.announce();
  }

  async #refreshOne(node: TestbedNode, signal: AbortSignal): Promise<void> {
    const { testbeds, recordEvent } = this.#options;
    try {
      const facts = await this.#readFrom(node, false, signal);
      testbeds.updateNode(node.id, { facts: node.facts ? { ...facts, ...pickProbed(node.facts) } : facts });
    } catch (thrown) {
      const message = `The facts of node "${node.name}" could not be read before a run: ${toErrorShape(thrown).message}`;
      recordEvent({ kind: 'facts-not-read', subjectId: node.id, message });
    }
  }

  async #readFrom(node: TestbedNode, probesTorch: boolean, signal: AbortSignal): Promise<NodeFacts> {
    const outcome = await this.#options.connector.connect(node, { acceptNew: false, signal });
    if (outcome.kind !== 'connected') throw outcome.error;
    const { connection } = outcome;
    try {
      return await readFacts({
        run: (command, options) => runOn(connection, node, command, { ...options, signal }),
        virtual: node.virtual,
        probesTorch,
        nowMs: this.#options.nowMs,
      });
    } finally {
      connection.close();
    }
  }

  #node(nodeId: string): TestbedNode {
    const node = this.#options.testbeds.getNode(nodeId);
    if (!node) throw new AppError('not-found', `There is no node “${nodeId}”.`, 'List the testbeds to see their nodes.');
    return node;
  }
}

/** What only the probe of torch reports. */
function pickProbed({ gpuName, torchVersion, torchCuda, torchProblem }: NodeFacts): Partial<NodeFacts> {
  return { gpuName, torchVersion, torchCuda, torchProblem };
}

async function runOn(connection: SshConnection, node: TestbedNode, command: string, options: ExecOptions): Promise<string> {
  const { code, stdout, stderr } = await connection.exec(command, options);
  if (code === 0) return stdout;
  const said = printable(stderr.trim().split('\n').at(-1) ?? '');
  throw new AppError(
    'ssh-command-failed',
    `Node "${node.name}" could not report its facts${said ? ` (${said})` : ''}.`,
    `Check that the account ${node.user} has a shell there.`,
  );
}
