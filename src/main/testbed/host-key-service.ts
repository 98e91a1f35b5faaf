// Who says that a node's host key may be trusted: the record, the user, or nobody yet.
import { AppError } from '../../shared/errors.js';
import type { HostKeyQuestion } from '../../shared/provisioning.js';
import type { TestbedNode } from '../../shared/testbed.js';
import type { HostKeyService } from '../services.js';
import type { HostKey } from '../ssh/host-key.js';
import type { HostKeyRepository } from '../storage/host-key-repository.js';
import type { TestbedRepository } from '../storage/testbed-repository.js';

export interface HostKeyServiceOptions {
  hostKeys: HostKeyRepository;
  testbeds: TestbedRepository;
  nowMs: () => number;
}

type NodeAddress = Pick<TestbedNode, 'id' | 'name' | 'host' | 'port'>;

export class HostKeyServiceImpl implements HostKeyService {
  readonly #options: HostKeyServiceOptions;
  /** The key that each node showed last and that nobody has accepted yet. */
  readonly #open = new Map<string, { question: HostKeyQuestion; key: HostKey }>();

  constructor(options: HostKeyServiceOptions) {
    this.#options = options;
  }

  /** The open question about a node; null when there is none. */
  questionOf(nodeId: string): HostKeyQuestion | null {
    return this.#open.get(nodeId)?.question ?? null;
  }

  recordedKeyType(node: NodeAddress): string | null {
    return this.#options.hostKeys.find(node.host, node.port)?.keyType ?? null;
  }

  /** Returns when the key may be trusted. Throws `host-key-unknown` or `host-key-changed`, and keeps the question for the user. */
  judge(node: NodeAddress, key: HostKey, acceptNew: boolean): void {
    const recorded = this.#options.hostKeys.find(node.host, node.port);
    if (recorded?.keyBase64 === key.keyBase64) {
      this.#open.delete(node.id);
      return;
    }
    if (!recorded && acceptNew) {
      this.#record(node, key, 'on first use, accepted without asking');
      return;
    }
    const recordedIn = recorded ? `this program's database, recorded ${recorded.source}, ${new Date(recorded.atMs).toISOString()}` : null;
    const question: HostKeyQuestion = {
      nodeId: node.id,
      host: node.host,
      port: node.port,
      keyType: key.keyType,
      fingerprint: key.fingerprint,
      recordedFingerprint: recorded?.fingerprint ?? null,
      recordedIn,
    };
    this.#open.set(node.id, { question, key });
    throw recorded ? changedError(question) : unknownError(question);
  }

  answer(input: { nodeId: string; fingerprint: string; replace: boolean }): void {
    const node = this.#options.testbeds.getNode(input.nodeId);
    if (!node) throw new AppError('not-found', `There is no node "${input.nodeId}".`, 'List the testbeds to see their nodes.');
    const open = this.#open.get(input.nodeId);
    if (!open) {
      throw new AppError(
        'conflict',
        `No host key of node "${node.name}" waits for an answer.`,
        'Provision the node again, so that it shows its key.',
      );
    }
    if (open.key.fingerprint !== input.fingerprint) {
      throw new AppError(
        'conflict',
        `Node "${node.name}" showed the key ${open.key.fingerprint} last, not ${input.fingerprint}.`,
        'Compare the fingerprint with the one on the node itself before you accept it.',
      );
    }
    if (open.question.recordedFingerprint !== null && !input.replace) throw changedError(open.question);
    this.#record(
      node,
      open.key,
      open.question.recordedFingerprint === null ? 'on first use, accepted by the user' : 'as replaced by the user',
    );
  }

  listQuestions(testbedId: string): HostKeyQuestion[] {
    const nodes = this.#options.testbeds.getTestbed(testbedId)?.nodes ?? [];
    return nodes.flatMap((node) => this.#open.get(node.id)?.question ?? []);
  }

  #record(node: NodeAddress, key: HostKey, source: string): void {
    this.#options.hostKeys.replace({ host: node.host, port: node.port, ...key, nodeId: node.id, source, atMs: this.#options.nowMs() });
    this.#open.delete(node.id);
  }
}

function unknownError(question: HostKeyQuestion): AppError {
  return new AppError(
    'host-key-unknown',
    `The host key of ${question.host}, port ${question.port}, is not known: ${question.keyType} ${question.fingerprint}.`,
    'Compare it with the output of "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub" on the node, then accept it.',
  );
}

function changedError(question: HostKeyQuestion): AppError {
  return new AppError(
    'host-key-changed',
    `The host key of ${question.host}, port ${question.port}, has changed: it shows ${question.fingerprint}, but ` +
      `${question.recordedFingerprint} is on record (${question.recordedIn}).`,
    'Either the node was installed anew or something stands between. Replace the key only when you know why it changed.',
  );
}
