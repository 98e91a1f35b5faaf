// Blocks of models between the nodes of a testbed. The control center says where blocks are; this node verifies those that were written
// here, fetches those that peers hold, and hands on what it has verified. It keeps no plan of its own: the next word replaces the last.
import { Code, ConnectError } from '@connectrpc/connect';

import type { FileBlock, ShareBlocksRequest } from '../../shared/rpc/gen/agent_pb.js';
import { type AgentLog, describeThrown } from '../log.js';
import type { PeerAddress } from '../peers/peer-client.js';
import type { BlockFetcher } from './fetch-block.js';
import { SharedFile } from './shared-file.js';

/** Blocks fetched at once: each is 8 MiB of memory. */
const MAX_FETCHES = 3;
/** Files open at once: a push works on one file of a model after the other. */
const MAX_FILES = 16;
/** Real milliseconds after the last word about a file until it is closed. */
const IDLE_MS = 120_000;

export interface BlockExchangeOptions {
  /** The agent's folder. */
  baseDir: string;
  fetcher: BlockFetcher;
  log: AgentLog;
  idleMs?: number;
}

interface OpenFile {
  file: SharedFile;
  blocks: Map<number, FileBlock>;
  peers: PeerAddress[];
  /** Blocks that are being verified or fetched. */
  busy: Set<number>;
  fetching: number;
  /** Fetches under way, by the peer's id. */
  load: Map<string, number>;
  problem: string;
  closing: AbortController;
  timer: NodeJS.Timeout;
}

export class BlockExchange {
  readonly #options: BlockExchangeOptions;
  readonly #files = new Map<string, Promise<OpenFile>>();
  #isClosed = false;

  constructor(options: BlockExchangeOptions) {
    this.#options = options;
  }

  /** Takes in what the control center says; the request must have been checked. Returns what is verified here so far. */
  async share(request: ShareBlocksRequest): Promise<{ heldIndexes: number[]; problem: string }> {
    const open = await this.#open(request);
    open.peers = request.peers.map(({ nodeId, host, port }) => ({ nodeId, host, port }));
    open.blocks = new Map(request.blocks.map((block) => [block.index, block]));
    this.#work(open);
    return { heldIndexes: open.file.heldIndexes, problem: open.problem };
  }

  /** The file, if this node holds that block of it. */
  async find(fileSha256: string, index: number): Promise<SharedFile | null> {
    const open = await this.#files.get(fileSha256)?.catch(() => null);
    if (!open?.file.holds(index)) return null;
    open.timer.refresh();
    return open.file;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const fileSha256 of [...this.#files.keys()]) await this.#forget(fileSha256);
    this.#options.fetcher.close();
  }

  #open(request: ShareBlocksRequest): Promise<OpenFile> {
    const { modelSha256, path, fileSha256, sizeBytes } = request;
    const known = this.#files.get(fileSha256);
    if (known) return known.then((open) => (open.timer.refresh(), open));
    if (this.#isClosed || this.#files.size >= MAX_FILES) {
      throw new ConnectError(`more than ${MAX_FILES} files of models at once`, Code.ResourceExhausted);
    }
    const opening = SharedFile.open(this.#options.baseDir, { modelSha256, path, fileSha256, sizeBytes: Number(sizeBytes) }).then(
      (file) => ({
        file,
        blocks: new Map<number, FileBlock>(),
        peers: [],
        busy: new Set<number>(),
        fetching: 0,
        load: new Map<string, number>(),
        problem: '',
        closing: new AbortController(),
        timer: setTimeout(() => void this.#forget(fileSha256), this.#options.idleMs ?? IDLE_MS).unref(),
      }),
    );
    this.#files.set(fileSha256, opening);
    opening.catch(() => this.#files.delete(fileSha256));
    return opening;
  }

  async #forget(fileSha256: string): Promise<void> {
    const opening = this.#files.get(fileSha256);
    this.#files.delete(fileSha256);
    const open = await opening?.catch(() => null);
    if (!open) return;
    clearTimeout(open.timer);
    open.closing.abort();
    await open.file.close().catch((thrown: unknown) => this.#options.log.warn('model file not closed', { reason: describeThrown(thrown) }));
  }

  /** Starts whatever can start now; called again after each block. */
  #work(open: OpenFile): void {
    for (const block of open.blocks.values()) {
      if (open.closing.signal.aborted) return;
      if (open.busy.has(block.index) || open.file.holds(block.index)) continue;
      if (block.holders.length === 0) this.#start(open, block.index, () => this.#verify(open, block));
      else if (open.fetching < MAX_FETCHES) this.#start(open, block.index, () => this.#fetch(open, block));
    }
  }

  #start(open: OpenFile, index: number, act: () => Promise<void>): void {
    open.busy.add(index);
    act()
      .then(() => {
        open.busy.delete(index);
        this.#work(open);
      })
      // What failed waits for the next word of the control center, which may name another holder.
      .catch((thrown: unknown) => {
        open.busy.delete(index);
        if (open.closing.signal.aborted) return;
        open.problem = describeThrown(thrown);
        this.#options.log.warn('block not had', { file: open.file.address.fileSha256, index, reason: open.problem });
      });
  }

  async #verify(open: OpenFile, { index, sha256 }: FileBlock): Promise<void> {
    if (!(await open.file.verify(index, sha256))) throw new Error(`Block ${index} is not what the control center wrote.`);
  }

  async #fetch(open: OpenFile, { index, sha256, holders }: FileBlock): Promise<void> {
    const peer = leastLoaded(open, holders);
    if (!peer) throw new Error(`No one holds block ${index}.`);
    const { fileSha256 } = open.file.address;
    const load = (change: number): unknown => open.load.set(peer.nodeId, (open.load.get(peer.nodeId) ?? 0) + change);
    open.fetching++;
    load(1);
    try {
      const requested = { fileSha256, index, sha256, lengthBytes: open.file.lengthOf(index) };
      const bytes = await this.#options.fetcher.fetch(peer, requested, open.closing.signal);
      await open.file.write(index, bytes);
    } finally {
      open.fetching--;
      load(-1);
    }
  }
}

/** Among equals one by chance, so that nodes do not all ask the same. */
function leastLoaded(open: OpenFile, holders: readonly number[]): PeerAddress | null {
  const peers = holders.flatMap((peerIndex) => open.peers[peerIndex] ?? []);
  const loadOf = (peer: PeerAddress): number => open.load.get(peer.nodeId) ?? 0;
  const smallest = Math.min(...peers.map(loadOf));
  const candidates = peers.filter((peer) => loadOf(peer) === smallest);
  return candidates[Math.floor(Math.random() * candidates.length)] ?? null;
}
