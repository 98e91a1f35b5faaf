// Tells one node's agent where the blocks of a file are and hears what it has verified, for as long as any node still lacks a block.
import { setTimeout as delay } from 'node:timers/promises';
import { BLOCK_BYTES } from '../../../../shared/model-layout.js';
import type { AgentClient } from '../../../adapters/agents/agent-client.js';
import type { BlockBoard } from './block-board.js';
import type { LocalFile } from './local-file.js';

/** Real ms between two words to an agent. */
const INTERVAL_MS = 100;
/** Real ms until an agent that did not answer is asked again. */
const RETRY_MS = 3_000;
/** Real ms for the first answer: without one, the node is sent every block by this machine. */
const FIRST_ANSWER_MS = 3_000;

export interface RelayOptions {
  nodeId: string;
  /** Called when there is something to say. */
  connect: () => Promise<Pick<AgentClient, 'shareBlocks'>>;
  board: BlockBoard;
  local: LocalFile;
  modelSha256: string;
  file: { path: string; sha256: string; sizeBytes: number };
  /** Agents of all nodes of the push, this one included. */
  peers: () => { nodeId: string; host: string; port: number }[];
  /** Whether no other node is pushed to: then no one hands anything on. */
  isAlone: () => boolean;
  /** Hears of blocks that came from peers. */
  relayed: (indexes: readonly number[]) => void;
}

export class Relay {
  readonly #options: RelayOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** Asks whether the agent hands blocks on, waits a little for the answer, and continues by itself. Once. */
  async start(): Promise<void> {
    const { signal } = this.#stopping;
    if (this.#options.isAlone()) this.#setRelaying(false);
    else await this.#shareFirst().catch(() => this.#setRelaying(false));
    this.#running = this.#run(signal);
  }

  /** Whether blocks have to be known by their hashes. */
  get isSharing(): boolean {
    return !this.#options.isAlone();
  }

  /** Resolves when every node of the board has every block, or after `stop`. Never throws. */
  get ended(): Promise<void> {
    return this.#running;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #shareFirst(): Promise<void> {
    await this.#options.connect();
    await this.#share(AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(FIRST_ANSWER_MS)]));
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { board } = this.#options;
    while (!signal.aborted && !board.areAllComplete()) {
      if (this.#options.isAlone()) {
        await delay(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
        continue;
      }
      const isAnswering = await this.#share(signal).then(
        () => true,
        () => false,
      );
      if (signal.aborted) return;
      this.#setRelaying(isAnswering);
      await delay(isAnswering ? INTERVAL_MS : RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #share(signal: AbortSignal): Promise<void> {
    const { nodeId, connect, board, local, modelSha256, file, relayed } = this.#options;
    const peers = this.#options.peers();
    const peerIndexes = new Map(peers.map((peer, peerIndex) => [peer.nodeId, peerIndex]));
    const here = board.unserved(nodeId).map((index) => ({ index, holders: [] as number[] }));
    const elsewhere = board.missing(nodeId).flatMap((index) => {
      const holders = board.serversOf(index, nodeId).flatMap((id) => peerIndexes.get(id) ?? []);
      return holders.length > 0 ? [{ index, holders }] : [];
    });
    const blocks = await Promise.all(
      [...here, ...elsewhere].map(async (block) => ({ ...block, sha256: new Uint8Array(await local.blockSha256(block.index)) })),
    );
    const request = {
      modelSha256,
      path: file.path,
      fileSha256: file.sha256,
      sizeBytes: BigInt(file.sizeBytes),
      blockBytes: BLOCK_BYTES,
      blocks,
      peers,
    };
    const { heldIndexes, problem } = await (await connect()).shareBlocks(request, signal);
    this.#setRelaying(true);
    relayed(board.noteServed(nodeId, heldIndexes));
    if (problem !== '') board.noteProblem(nodeId);
  }

  #setRelaying(isRelaying: boolean): void {
    this.#options.board.setRelaying(this.#options.nodeId, isRelaying);
  }
}
