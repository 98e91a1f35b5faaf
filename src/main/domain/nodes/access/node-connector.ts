// Opens SSH sessions to nodes with the right key, through the hosts on the way, every host key judged by the record.
import type { Duplex } from 'node:stream';
import { AppError } from '../../../../shared/errors.js';
import type { TestbedNode } from '../../../../shared/testbed.js';
import type { HostKey } from '../../../adapters/ssh/host-key.js';
import type { HostKeyPlace } from '../../../adapters/ssh/judge-by-known-hosts.js';
import type { SshConnection } from '../../../adapters/ssh/ssh-connection.js';
import type { SshLogin } from '../../../adapters/ssh/ssh-logins.js';
import type { ResolvedSshRoute, SshStop } from '../../../adapters/ssh/ssh-route.js';
import type { HostKeys } from './host-keys.js';
import { type LoginSources, loginsOfHost, loginsOfNode } from './node-logins.js';

export interface NodeConnectorOptions extends LoginSources {
  hostKeys: HostKeys;
}

interface ConnectOptions {
  /** Trusts keys that nobody knows, on first use. */
  acceptNew: boolean;
  signal: AbortSignal;
}

/** One host of the way to a node: a hop or the node itself. */
interface Stop extends HostKeyPlace {
  user: string;
  logins: () => Promise<SshLogin[]>;
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

  /** The caller closes the connection. Throws as `connectSsh`; nothing about the user is sent before the host key is found good. */
  connect(node: TestbedNode, options: ConnectOptions): Promise<SshConnection> {
    return this.#travel(node, options, (key, verify) => verify(key));
  }

  /**
   * The host key that the node shows, without logging in to it (the hops on the way are logged in to). Throws as `connect`; after
   * `host-key-unknown` and `host-key-changed`, of the node or a hop, the question is open.
   */
  async probe(node: TestbedNode, signal: AbortSignal): Promise<HostKey> {
    let shown: HostKey | null = null;
    const enough = new AppError('cancelled', 'The host key was read.');
    const travelling = this.#travel(node, { acceptNew: false, signal }, (key, verify) => {
      verify(key);
      shown = key;
      throw enough;
    });
    await travelling.catch((thrown: unknown) => {
      if (thrown !== enough) throw thrown;
    });
    if (!shown) throw new Error('SSH session without a host key');
    return shown;
  }

  /**
   * Everything that the way to the node needs, for a process that may neither ask for secrets nor judge host keys: every key on the way was
   * judged a moment ago, and only that one is good. Holds secrets. Throws as `probe`.
   */
  async resolve(node: TestbedNode, signal: AbortSignal): Promise<ResolvedSshRoute> {
    await this.probe(node, signal);
    const hops = await Promise.all(this.#hopsOf(node).map((hop) => this.#resolveStop(hop)));
    return [...hops, await this.#resolveStop(this.#stopOfNode(node))];
  }

  async #resolveStop(stop: Stop): Promise<SshStop> {
    const { host, port, user } = stop;
    const recorded = this.#options.hostKeys.recordOf(stop);
    if (!recorded) throw new Error('A host key was found good and is not on record');
    return { host, port, user, logins: await stop.logins(), hostKey: { keyType: recorded.keyType, keyBase64: recorded.keyBase64 } };
  }

  async #travel(
    node: TestbedNode,
    options: ConnectOptions,
    judgeNode: (key: HostKey, verify: (key: HostKey) => void) => void,
  ): Promise<SshConnection> {
    const opened: SshConnection[] = [];
    const closeAll = (): void => {
      for (const connection of opened.reverse()) connection.close();
    };
    try {
      let line: Duplex | null = null;
      for (const hop of this.#hopsOf(node)) {
        const connection: SshConnection = await this.#connectStop(node.id, hop, line, options, (key, verify) => verify(key));
        opened.push(connection);
        line = await connection.openLine(hop.next.host, hop.next.port);
      }
      const connection = await this.#connectStop(node.id, this.#stopOfNode(node), line, options, judgeNode);
      opened.push(connection);
      return { ...connection, close: closeAll };
    } catch (thrown) {
      closeAll();
      throw thrown;
    }
  }

  async #connectStop(
    nodeId: string,
    stop: Stop,
    line: Duplex | null,
    { acceptNew, signal }: ConnectOptions,
    judge: (key: HostKey, verify: (key: HostKey) => void) => void,
  ): Promise<SshConnection> {
    const logins = await stop.logins();
    const record = await this.#options.hostKeys.judgeOf(nodeId, stop, acceptNew);
    const { connectSsh } = await import('../../../adapters/ssh/ssh-connection.js');
    return connectSsh({
      host: stop.host,
      port: stop.port,
      user: stop.user,
      logins,
      recordedKeyTypes: record.recordedKeyTypes,
      verifyHostKey: (key) => judge(key, (shown) => record.verify(shown)),
      signal,
      ...(line ? { line } : {}),
    });
  }

  #stopOfNode(node: TestbedNode): Stop {
    return { ...placeOfNode(node), user: node.user, logins: () => loginsOfNode(node, this.#options) };
  }

  /** Each with the host that it opens a line to. */
  #hopsOf(node: TestbedNode): (Stop & { next: { host: string; port: number } })[] {
    const hops = node.sshRoute?.hops ?? [];
    return hops.map((hop, index) => {
      const { host, port, hostKeyAlias, user } = hop;
      return {
        host,
        port,
        hostKeyAlias,
        user,
        logins: () => loginsOfHost(hop.identityFiles, this.#options),
        next: hops[index + 1] ?? node,
      };
    });
  }
}

function placeOfNode(node: TestbedNode): HostKeyPlace {
  return { host: node.host, port: node.port, hostKeyAlias: node.sshRoute?.hostKeyAlias ?? null };
}
