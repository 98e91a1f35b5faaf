// Opens SSH sessions to nodes with the right key, through the hosts on the way, every host key judged by the record.
import { AppError } from '../../../../shared/errors.js';
import { DEFAULT_HOST_KEY_RULES, type TestbedNode } from '../../../../shared/testbed.js';
import type { HostKey } from '../../../adapters/ssh/host-key.js';
import type { SshFailure, SshOutcome } from '../../../adapters/ssh/ssh-connection.js';
import type { SshLogin } from '../../../adapters/ssh/ssh-logins.js';
import { connectThrough, type ResolvedSshStop, type SshStop } from '../../../adapters/ssh/ssh-route.js';
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
import { type LoginSources, loginsOfHost, loginsOfNode } from './node-logins.js';

export interface NodeConnectorOptions extends LoginSources {
  hostKeys: HostKeys;
}

interface ConnectOptions {
  /** Trusts keys that nobody knows, on first use; otherwise it is as ~/.ssh/config says. */
  acceptNew: boolean;
  signal: AbortSignal;
}

interface TravelOptions {
  newKeys: NewKeyPolicy;
  /** To the node too; otherwise the way ends when its host key was verified, and no secret of the node is asked for. */
  logsIn: boolean;
  signal: AbortSignal;
}

/** One host of the way to a node: a hop or the node itself. */
interface Stop extends VerifiedPlace {
  user: string;
  logins: () => Promise<SshLogin[]>;
}

/** The last host key that was judged on a way, and what was said of it. */
interface Judged {
  hostKey: HostKey;
  verdict: HostKeyVerdict;
}

export class NodeConnector {
  readonly #options: NodeConnectorOptions;

  constructor(options: NodeConnectorOptions) {
    this.#options = options;
  }

  /** Who said that the node's host key may be trusted, in words; null when it is not on record. */
  hostKeySource(node: TestbedNode): string | null {
    return this.#options.hostKeys.recordOf(placeOfNode(node))?.source ?? null;
  }

  /** The caller closes the connection. Nothing about the user is sent to a host before its key is found good. */
  async connect(node: TestbedNode, { acceptNew, signal }: ConnectOptions): Promise<ConnectOutcome> {
    const { outcome, judged } = await this.#travel(node, { newKeys: acceptNew ? 'accept' : 'as-configured', logsIn: true, signal });
    return outcome.kind === 'connected' ? outcome : toNotConnected(outcome, judged);
  }

  /**
   * The host key that the node shows, without logging in to it and without a secret of it (the hops on the way are logged in to). A question
   * may be about a hop.
   */
  async probe(node: TestbedNode, signal: AbortSignal, newKeys: NewKeyPolicy = 'ask'): Promise<ProbeOutcome> {
    const { outcome, judged } = await this.#travel(node, { newKeys, logsIn: false, signal });
    if (outcome.kind === 'connected') throw new Error('A probe logged in to the node');
    const isShown = outcome.kind === 'host-key-refused' && judged?.verdict.kind === 'trusted';
    return isShown ? { kind: 'shown', hostKey: judged.hostKey } : toNotConnected(outcome, judged);
  }

  /**
   * Everything that the way to the node needs, for a process that may neither ask for secrets nor judge host keys: every key on the way was
   * judged a moment ago, and only that one is good. Holds secrets.
   */
  async resolve(node: TestbedNode, signal: AbortSignal): Promise<RouteOutcome> {
    const outcome = await this.probe(node, signal, 'as-configured');
    if (outcome.kind !== 'shown') return outcome;
    return preparing(async () => {
      const hops = await Promise.all(this.#hopsOf(node).map((hop) => this.#resolveStop(hop)));
      return { kind: 'resolved', route: [...hops, await this.#resolveStop(this.#stopOfNode(node))] };
    });
  }

  async #resolveStop(stop: Stop): Promise<ResolvedSshStop> {
    const { host, port, user } = stop;
    const recorded = this.#options.hostKeys.recordOf(stop);
    if (!recorded) throw new Error('A host key was found good and is not on record');
    return { host, port, user, logins: await stop.logins(), hostKey: { keyType: recorded.keyType, keyBase64: recorded.keyBase64 } };
  }

  async #travel(
    node: TestbedNode,
    { newKeys, logsIn, signal }: TravelOptions,
  ): Promise<{ outcome: SshOutcome | Unprepared; judged: Judged | null }> {
    let judged: Judged | null = null;
    const toSshStop = (stop: Stop, isNode: boolean): SshStop => ({
      host: stop.host,
      port: stop.port,
      prepare: async () => {
        const isEnd = isNode && !logsIn;
        const logins = isEnd ? [] : await stop.logins();
        const judge = await this.#options.hostKeys.judgeOf(node.id, stop, newKeys);
        return {
          user: stop.user,
          logins,
          recordedKeyTypes: judge.recordedKeyTypes,
          acceptsHostKey: (hostKey) => {
            const verdict = judge.judge(hostKey);
            judged = { hostKey, verdict };
            return verdict.kind === 'trusted' && !isEnd;
          },
        };
      },
    });
    const stops = [...this.#hopsOf(node).map((hop) => toSshStop(hop, false)), toSshStop(this.#stopOfNode(node), true)];
    const outcome = await preparing(() => connectThrough(stops, { signal }));
    return { outcome, judged };
  }

  #stopOfNode(node: TestbedNode): Stop {
    return { ...placeOfNode(node), user: node.user, logins: () => loginsOfNode(node, this.#options) };
  }

  #hopsOf(node: TestbedNode): Stop[] {
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

function toNotConnected(failure: SshFailure | Unprepared, judged: Judged | null): NotConnected {
  switch (failure.kind) {
    case 'host-key-refused':
      if (!judged || judged.verdict.kind === 'trusted') throw new Error('A host key was refused that was found good');
      return judged.verdict;
    case 'unprepared':
    case 'login-unusable':
      return { kind: 'unprepared', error: failure.error };
    default:
      return { kind: failure.kind, error: failure.error };
  }
}

function placeOfNode({ host, port, sshRoute }: TestbedNode): VerifiedPlace {
  return { host, port, hostKeyAlias: sshRoute?.hostKeyAlias ?? null, hostKeyRules: sshRoute?.hostKeyRules ?? DEFAULT_HOST_KEY_RULES };
}
