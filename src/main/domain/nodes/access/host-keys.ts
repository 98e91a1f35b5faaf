// Who says that a host key may be trusted: this program's record, OpenSSH's files (only read), the user, or no one yet.
import { AppError } from '../../../../shared/errors.js';
import { formatInstant } from '../../../../shared/format.js';
import type { HostKeyQuestion } from '../../../../shared/provisioning.js';
import { DEFAULT_HOST_KEY_RULES, type HostKeyRules, type TestbedNode } from '../../../../shared/testbed.js';
import type { HostKey } from '../../../adapters/ssh/host-key.js';
import { type HostKeyEndpoint, verifyByKnownHosts, recordedKeyTypes } from '../../../adapters/ssh/verify-by-known-hosts.js';
import { readKnownHosts } from '../../../adapters/ssh/known-hosts-files.js';
import { type KnownHosts, locationOf } from '../../../adapters/ssh/known-hosts.js';
import { readRevokedKeys, type RevokedKeys } from '../../../adapters/ssh/revoked-keys.js';
import type { HostKeyRepository, RecordedHostKey } from '../../../adapters/storage/host-key-repository.js';
import type { TestbedRepository } from '../../../adapters/storage/testbed-repository.js';
import type { HostKeyVerdict, NewKeyPolicy } from './connect-outcome.js';
import { changedError, notListedError, revokedError, unknownError } from './host-key-errors.js';

export interface HostKeysOptions {
  hostKeys: HostKeyRepository;
  testbeds: TestbedRepository;
  /** OpenSSH's usual files, in the order they are asked. */
  knownHostsPaths: readonly string[];
  nowMs: () => number;
}

/** An address on the way to a node, and how its key is verified. */
export interface VerifiedPlace extends HostKeyEndpoint {
  /** OpenSSH's defaults when absent. */
  hostKeyRules?: HostKeyRules;
}

/** What a key is compared with. */
interface Known {
  files: KnownHosts;
  paths: readonly string[];
  revoked: RevokedKeys;
}

/** Verifies the key of one address on the way to a node. */
export interface HostKeyVerifier {
  /** Types of the keys on record, to be asked for first. */
  recordedKeyTypes: string[];
  /** A question is kept until it is answered or the node shows another key. */
  verify(key: HostKey): HostKeyVerdict;
}

/** What stays as it was after a key has been trusted. */
export interface HostKeyAnswerOutcome {
  /** `file:line` in one of OpenSSH's files that continues to hold another key of this host; null when there is none. */
  remainingIn: string | null;
}

interface OpenQuestion {
  question: HostKeyQuestion;
  endpoint: HostKeyEndpoint;
  key: HostKey;
  /** Line of a file that holds another key of this host and will continue to; null when there is none. */
  fileLine: string | null;
}

const TRUSTED: HostKeyVerdict = { kind: 'trusted' };

export class HostKeys {
  readonly #options: HostKeysOptions;
  /** The key that was shown last on the way to each node and that no one has accepted yet. */
  readonly #open = new Map<string, OpenQuestion>();

  constructor(options: HostKeysOptions) {
    this.#options = options;
  }

  /** The key on this program's record; null when there is none. */
  recordOf(endpoint: HostKeyEndpoint): RecordedHostKey | null {
    return this.#options.hostKeys.find(endpoint.hostKeyAlias ?? endpoint.host, endpoint.port);
  }

  /** Reads the files once for a connection to come. Throws `io` when one can't be read. */
  async verifierOf(nodeId: string, endpoint: VerifiedPlace, newKeys: NewKeyPolicy): Promise<HostKeyVerifier> {
    const { knownHostsFiles, revokedKeysFiles } = endpoint.hostKeyRules ?? DEFAULT_HOST_KEY_RULES;
    const paths = knownHostsFiles ?? this.#options.knownHostsPaths;
    const files = await readKnownHosts(paths);
    const known: Known = { files, paths, revoked: await readRevokedKeys(revokedKeysFiles) };
    const recordedType = this.recordOf(endpoint)?.keyType;
    return {
      recordedKeyTypes: [...(recordedType ? [recordedType] : []), ...recordedKeyTypes(files, endpoint)],
      verify: (key) => this.#verify(nodeId, endpoint, key, newKeys, known),
    };
  }

  answer(input: { nodeId: string; fingerprint: string; replace: boolean }): HostKeyAnswerOutcome {
    const node = this.#options.testbeds.getNode(input.nodeId);
    if (!node) throw new AppError('not-found', `There is no node “${input.nodeId}”.`, 'List the testbeds to see their nodes.');
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
    const isFirst = open.question.recordedFingerprint === null;
    if (!isFirst && !input.replace) throw changedError(open.question);
    this.#record(node.id, open.endpoint, open.key, isFirst ? 'on first use, accepted by the user' : 'as replaced by the user');
    return { remainingIn: open.fileLine };
  }

  listQuestions(testbedId: string): HostKeyQuestion[] {
    const nodes: TestbedNode[] = this.#options.testbeds.getTestbed(testbedId)?.nodes ?? [];
    return nodes.flatMap((node) => this.#open.get(node.id)?.question ?? []);
  }

  #verify(nodeId: string, endpoint: VerifiedPlace, key: HostKey, newKeys: NewKeyPolicy, known: Known): HostKeyVerdict {
    this.#open.delete(nodeId);
    const { unknownKey } = endpoint.hostKeyRules ?? DEFAULT_HOST_KEY_RULES;
    const verdict = verifyByKnownHosts(known.files, endpoint, key);
    const revokedIn = known.revoked.fileOf(key) ?? (verdict.kind === 'revoked' ? locationOf(verdict.entry) : null);
    if (revokedIn !== null) return { kind: 'host-key-revoked', error: revokedError(endpoint, key, revokedIn) };
    if (unknownKey === 'refuse' && verdict.kind !== 'known') {
      const otherIn = verdict.kind === 'changed' ? locationOf(verdict.entry) : null;
      return { kind: 'host-key-not-listed', error: notListedError(endpoint, key, { otherIn, paths: known.paths }) };
    }
    const recorded = this.recordOf(endpoint);
    if (recorded?.keyBase64 === key.keyBase64) return TRUSTED;
    if (!recorded && verdict.kind === 'known') return this.#record(nodeId, endpoint, key, `as found in ${locationOf(verdict.entry)}`);
    if (!recorded && verdict.kind === 'unknown') {
      if (newKeys === 'accept') return this.#record(nodeId, endpoint, key, 'on first use, accepted without asking');
      if (newKeys === 'as-configured' && unknownKey === 'accept') {
        return this.#record(nodeId, endpoint, key, 'on first use, accepted as StrictHostKeyChecking says');
      }
    }
    const fileLine = verdict.kind === 'changed' ? locationOf(verdict.entry) : null;
    const question: HostKeyQuestion = {
      nodeId,
      host: endpoint.hostKeyAlias ?? endpoint.host,
      port: endpoint.port,
      keyType: key.keyType,
      fingerprint: key.fingerprint,
      recordedFingerprint: recorded?.fingerprint ?? (verdict.kind === 'changed' ? verdict.entry.key.fingerprint : null),
      recordedIn: describeRecord(recorded, fileLine),
    };
    this.#open.set(nodeId, { question, endpoint, key, fileLine });
    const isNew = question.recordedFingerprint === null;
    const error = isNew ? unknownError(question, known.files.malformedLineCount) : changedError(question);
    return { kind: 'host-key-question', question, error };
  }

  #record(nodeId: string, endpoint: HostKeyEndpoint, key: HostKey, source: string): HostKeyVerdict {
    const host = endpoint.hostKeyAlias ?? endpoint.host;
    this.#options.hostKeys.replace({ host, port: endpoint.port, ...key, nodeId, source, atMs: this.#options.nowMs() });
    this.#open.delete(nodeId);
    return TRUSTED;
  }
}

/** Where another key is. Says in advance which line stays after a replacement. */
function describeRecord(recorded: RecordedHostKey | null, fileLine: string | null): string | null {
  const stays = fileLine === null ? null : `${fileLine} (this program only reads that file: the line stays when you replace the key here)`;
  if (!recorded) return stays;
  const own = `this program's database, recorded ${recorded.source}, ${formatInstant(recorded.atMs)}`;
  return stays === null ? own : `${own}; another key also in ${stays}`;
}
