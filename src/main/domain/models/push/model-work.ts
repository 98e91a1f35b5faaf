// What all nodes of one push share: the files here, open once, and for each the board that says which node has which block.
import { stat } from 'node:fs/promises';
import type { ModelFile } from '../../../../shared/model.js';
import { blockCount } from '../../../../shared/model-layout.js';
import type { AgentClient } from '../../../adapters/agents/agent-client.js';
import { BlockBoard } from './block-board.js';
import { LocalFile } from './local-file.js';
import { localPath } from './local-path.js';
import type { PushedModel, PushTarget, PushWork } from './push-worker-messages.js';
import { Relay } from './relay.js';

interface SharedWork {
  local: LocalFile;
  board: BlockBoard;
}

export class ModelWork {
  readonly #files = new Map<string, Promise<SharedWork>>();
  readonly #targets = new Map<string, PushTarget>();
  readonly #clients = new Map<string, Promise<AgentClient>>();
  readonly #relays: Relay[] = [];

  readonly model: PushedModel;
  readonly reserveBytes: number;
  readonly openSshPath: string | null;

  constructor({ model, reserveBytes, openSshPath }: PushWork) {
    this.model = model;
    this.reserveBytes = reserveBytes;
    this.openSshPath = openSshPath;
  }

  addTarget(target: PushTarget): void {
    this.#targets.set(target.nodeId, target);
  }

  /** Whether the model's files are where the record says. */
  isHere(): Promise<boolean> {
    return stat(this.model.path).then(
      () => true,
      () => false,
    );
  }

  /** The file here and its board, the same for every node. Throws as `LocalFile.open`. */
  open(file: ModelFile): Promise<SharedWork> {
    let shared = this.#files.get(file.path);
    if (!shared) {
      const opening = LocalFile.open(localPath(this.model, file.path), file);
      shared = opening.then((local) => ({ local, board: new BlockBoard(blockCount(file.sizeBytes)) }));
      this.#files.set(file.path, shared);
      shared.catch(() => this.#files.delete(file.path));
    }
    return shared;
  }

  /** The relay of one file on one node; null for a node without an agent. */
  relay(target: PushTarget, file: ModelFile, { local, board }: SharedWork, relayed: (indexes: readonly number[]) => void): Relay | null {
    const { nodeId, agent } = target;
    if (!agent) return null;
    const connect = (): Promise<AgentClient> => {
      let client = this.#clients.get(nodeId);
      if (!client) {
        // Half of what this program is made of, and no node that is alone needs it.
        client = import('../../../adapters/agents/agent-client.js').then(({ connectAgent }) => connectAgent({ nodeId, ...agent }));
        this.#clients.set(nodeId, client);
      }
      return client;
    };
    const relay = new Relay({
      nodeId,
      connect,
      board,
      local,
      modelSha256: this.model.sha256,
      file,
      isAlone: () => this.#targets.size < 2,
      peers: () =>
        [...this.#targets.values()].flatMap((other) =>
          other.agent ? [{ nodeId: other.nodeId, host: other.agent.host, port: other.agent.port }] : [],
        ),
      relayed,
    });
    this.#relays.push(relay);
    return relay;
  }

  /** Waits until no one needs a block of another node, and closes everything. */
  async close(): Promise<void> {
    await Promise.all(this.#relays.map((relay) => relay.ended));
    for (const client of this.#clients.values()) (await client).close();
    for (const opening of this.#files.values()) await opening.then(({ local }) => local.close()).catch(() => undefined);
  }
}
