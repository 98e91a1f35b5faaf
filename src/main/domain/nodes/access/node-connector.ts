// Opens SSH sessions to nodes with the right key, through the hosts on the way, every host key judged by the record.
import { AppError } from '../../../../shared/errors.js';
import { DEFAULT_HOST_KEY_RULES, type TestbedNode } from '../../../../shared/testbed.js';
import type { HostKey } from '../../../adapters/ssh/host-key.js';
import type { SshFailure, SshOutcome } from '../../../adapters/ssh/ssh-connection.js';
import type { RecordedHostKey } from '../../../adapters/storage/host-key-repository.js';
import type { SshLogin } from '../../../adapters/ssh/ssh-logins.js';
import { connectThrough, type ResolvedSshHop, type SshHop } from '../../../adapters/ssh/ssh-route.js';
import type {
  ConnectOutcome,
  HostKeyVerdict,
  NewKeyPolicy,
  NotConnected,
  ProbeOutcome,
  RouteOutcome,
  Unprepared,
} from './connect-outcome.js';
import type { HostKeys, VerifiedPlace } from './host-keys.js';
import type { RouteRenewal } from './route-renewal.js';
import { type LoginSources, loginsOfHost, loginsOfNode } from './node-logins.js';

export interface NodeConnectorOptions extends LoginSources {
  hostKeys: HostKeys;
  /** Sees to it that the rules of the way's host keys are known. */
  routes: Pick<RouteRenewal, 'renew'>;
}

interface ConnectOptions {
  /** Trusts keys that no one knows, on first use; otherwise it is as ~/.ssh/config says. */
  acceptNew: boolean;
  signal: AbortSignal;
  /** Instead of those that the node is logged in to with. */
  logins?: SshLogin[];
}

interface ConnectThroughOptions {
  newKeys: NewKeyPolicy;
  /** To the node too; otherwise the way ends when its host key was verified, and no secret of the node is asked for. */
  logsIn: boolean;
  signal: AbortSignal;
  logins?: SshLogin[] | undefined;
}

/** One host of the way to a node: a hop or the node itself. */
interface Hop extends VerifiedPlace {
  user: string;
  logins: () => Promise<SshLogin[]>;
}

/** The last host key that was judged on a way, and what was said of it. */
interface Verified {
  hostKey: HostKey;
  verdict: HostKeyVerdict;
}

export class NodeConnector {
  readonly #options: NodeConnectorOptions;

  constructor(options: NodeConnectorOptions) {
    this.#options = options;
  }

  /** The node's host key with who said that it may be trusted, and when; null when it is not on record. */
  hostKeyRecord(node: TestbedNode): RecordedHostKey | null {
    return this.#options.hostKeys.recordOf(endpointOfNode(node));
  }

  /** The caller closes the connection. Nothing about the user is sent to a host before its key is found good. */
  async connect(node: TestbedNode, { acceptNew, signal, logins }: ConnectOptions): Promise<ConnectOutcome> {
    const { outcome, verified } = await this.#connectThrough(node, {
      newKeys: acceptNew ? 'accept' : 'as-configured',
      logsIn: true,
      signal,
      logins,
    });
    return outcome.kind === 'connected' ? outcome : toNotConnected(outcome, verified);
  }

  /**
   * The host key that the node shows, without logging in to it and without a secret of it (the hops on the way are logged in to). A question
   * may be about a hop.
   */
  async probe(node: TestbedNode, signal: AbortSignal, newKeys: NewKeyPolicy = 'ask'): Promise<ProbeOutcome> {
    const { outcome, verified } = await this.#connectThrough(node, { newKeys, logsIn: false, signal });
    if (outcome.kind === 'connected') throw new Error('A probe logged in to the node');
    const isShown = outcome.kind === 'host-key-refused' && verified?.verdict.kind === 'trusted';
    return isShown ? { kind: 'shown', hostKey: verified.hostKey } : toNotConnected(outcome, verified);
  }

  /**
   * Everything that the way to the node needs, for a process that may neither ask for secrets nor verify host keys: the one good key of each
   * host on the way comes with it. Where all of them are on record and still good, no one is connected to: whether the hosts show them is seen
   * by the one who connects. `isProbed` connects all the same, which makes a question of a key that has changed. Holds secrets.
   */
  async resolve(node: TestbedNode, signal: AbortSignal, { isProbed = false } = {}): Promise<RouteOutcome> {
    return preparing(async () => {
      // The rules of the way come first: a recorded key counts only as far as they say.
      const current = await this.#options.routes.renew(node);
      if (isProbed || !(await this.#areRecordedKeysGood(current))) {
        const outcome = await this.probe(current, signal, 'as-configured');
        if (outcome.kind !== 'shown') return outcome;
      }
      const hops = await Promise.all(this.#hopsOf(current).map((hop) => this.#resolveHop(hop)));
      return { kind: 'resolved', route: [...hops, await this.#resolveHop(this.#hopOfNode(current))] };
    });
  }

  /** Whether each host has a key on record that would be trusted if it were shown now. */
  async #areRecordedKeysGood(node: TestbedNode): Promise<boolean> {
    for (const hop of [...this.#hopsOf(node), this.#hopOfNode(node)]) {
      const recorded = this.#options.hostKeys.recordOf(hop);
      if (!recorded) return false;
      const verifier = await this.#options.hostKeys.verifierOf(node.id, hop, 'ask');
      if (verifier.verify(recorded).kind !== 'trusted') return false;
    }
    return true;
  }

  async #resolveHop(hop: Hop): Promise<ResolvedSshHop> {
    const { host, port, user } = hop;
    const recorded = this.#options.hostKeys.recordOf(hop);
    if (!recorded) throw new Error('A host key was found good and is not on record');
    return { host, port, user, logins: await hop.logins(), hostKey: { keyType: recorded.keyType, keyBase64: recorded.keyBase64 } };
  }

  async #connectThrough(
    node: TestbedNode,
    { newKeys, logsIn, signal, logins: given }: ConnectThroughOptions,
  ): Promise<{ outcome: SshOutcome | Unprepared; verified: Verified | null }> {
    let verified: Verified | null = null;
    const toSshHop = (hop: Hop, isNode: boolean): SshHop => ({
      host: hop.host,
      port: hop.port,
      prepare: async () => {
        const isEnd = isNode && !logsIn;
        const logins = isEnd ? [] : isNode && given ? given : await hop.logins();
        const verifier = await this.#options.hostKeys.verifierOf(node.id, hop, newKeys);
        return {
          user: hop.user,
          logins,
          recordedKeyTypes: verifier.recordedKeyTypes,
          acceptsHostKey: (hostKey) => {
            const verdict = verifier.verify(hostKey);
            verified = { hostKey, verdict };
            return verdict.kind === 'trusted' && !isEnd;
          },
        };
      },
    });
    const outcome = await preparing(async () => {
      const current = await this.#options.routes.renew(node);
      const hops = [...this.#hopsOf(current).map((hop) => toSshHop(hop, false)), toSshHop(this.#hopOfNode(current), true)];
      return connectThrough(hops, { signal });
    });
    return { outcome, verified };
  }

  #hopOfNode(node: TestbedNode): Hop {
    return { ...endpointOfNode(node), user: node.user, logins: () => loginsOfNode(node, this.#options) };
  }

  #hopsOf(node: TestbedNode): Hop[] {
    return (node.sshRoute?.hops ?? []).map((hop) => {
      const { host, port, hostKeyAlias, hostKeyRules, user } = hop;
      return { host, port, hostKeyAlias, hostKeyRules, user, logins: () => loginsOfHost(hop, this.#options) };
    });
  }
}

/** What is foreseen to stand in the way before anything is sent is an outcome. */
async function preparing<Outcome>(go: () => Promise<Outcome>): Promise<Outcome | Unprepared> {
  try {
    return await go();
  } catch (thrown) {
    if (thrown instanceof AppError) return { kind: 'unprepared', error: thrown };
    throw thrown;
  }
}

function toNotConnected(failure: SshFailure | Unprepared, verified: Verified | null): NotConnected {
  switch (failure.kind) {
    case 'host-key-refused':
      if (!verified || verified.verdict.kind === 'trusted') throw new Error('A host key was refused that was found good');
      return verified.verdict;
    case 'unprepared':
    case 'login-unusable':
      return { kind: 'unprepared', error: failure.error };
    default:
      return { kind: failure.kind, error: failure.error };
  }
}

function endpointOfNode({ host, port, sshRoute }: TestbedNode): VerifiedPlace {
  return { host, port, hostKeyAlias: sshRoute?.hostKeyAlias ?? null, hostKeyRules: sshRoute?.hostKeyRules ?? DEFAULT_HOST_KEY_RULES };
}
