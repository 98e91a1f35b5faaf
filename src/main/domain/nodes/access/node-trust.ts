// Host keys as the user meets them: the open questions, the answers, and a look at a node's key without logging in.
import { AppError } from '../../../../shared/errors.js';
import type { HostKeyProbe, HostKeyQuestion } from '../../../../shared/provisioning.js';
import type { HostKeyAnswerOutcome } from './host-keys.js';
import type { TestbedRepository } from '../../../adapters/storage/testbed-repository.js';
import type { HostKeys } from './host-keys.js';
import type { NodeConnector } from './node-connector.js';

export interface NodeTrustOptions {
  hostKeys: HostKeys;
  testbeds: TestbedRepository;
  connector: NodeConnector;
}

export class NodeTrust {
  readonly #options: NodeTrustOptions;

  constructor(options: NodeTrustOptions) {
    this.#options = options;
  }

  /** Trusts a key the user saw. Throws `conflict` when the node last showed another one. */
  answer(input: { nodeId: string; fingerprint: string; replace: boolean }): HostKeyAnswerOutcome {
    return this.#options.hostKeys.answer(input);
  }

  listQuestions(testbedId: string): HostKeyQuestion[] {
    return this.#options.hostKeys.listQuestions(testbedId);
  }

  /** Looks at a node's key without logging in to the node (only to hosts on the way). Throws why the node was not reached. */
  async probe(nodeId: string, signal: AbortSignal): Promise<HostKeyProbe> {
    const { testbeds, connector } = this.#options;
    const node = testbeds.getNode(nodeId);
    if (!node) throw new AppError('not-found', `There is no node “${nodeId}”.`, 'List the testbeds to see their nodes.');
    const outcome = await connector.probe(node, signal);
    switch (outcome.kind) {
      case 'shown': {
        const { keyType, fingerprint } = outcome.hostKey;
        return { keyType, fingerprint, question: null };
      }
      case 'host-key-question': {
        const { question } = outcome;
        return { keyType: question.keyType, fingerprint: question.fingerprint, question };
      }
      default:
        throw outcome.error;
    }
  }
}
