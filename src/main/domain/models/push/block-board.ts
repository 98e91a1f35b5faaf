// Which node has which blocks of one file, and which block this machine sends to whom next. Pure but for its listeners; time comes in.
//
// Nodes that hand blocks on (relaying ones) are given different blocks each and get the rest from one another, so that every block leaves
// this machine once. A node that gets nothing for a while is sent what it misses, whatever others do.

/** Real ms that a relaying node waits for its peers before this machine sends the block itself. */
const PATIENCE_MS = 15_000;

interface NodeBlocks {
  held: Set<number>;
  /** Verified by its agent: peers may fetch it there. */
  served: Set<number>;
  isRelaying: boolean;
  /** On their way there from this machine. */
  sending: Set<number>;
  /** Since when it gets nothing although peers hold what it misses; null while that is not so. */
  waitingSinceMs: number | null;
  /** Peers failed, or were waited for in vain, since they last gave something. */
  isImpatient: boolean;
}

export class BlockBoard {
  readonly #nodes = new Map<string, NodeBlocks>();
  readonly #listeners = new Set<() => void>();

  constructor(readonly blockCount: number) {}

  /** A node starts, holding what was found there. */
  join(nodeId: string, node: { found: Iterable<number>; isRelaying: boolean }): void {
    this.#nodes.set(nodeId, {
      held: new Set(node.found),
      served: new Set(),
      isRelaying: node.isRelaying,
      sending: new Set(),
      waitingSinceMs: null,
      isImpatient: false,
    });
    this.#announce();
  }

  /** A node ends or is lost: no one waits for what was on its way there. */
  leave(nodeId: string): void {
    this.#nodes.delete(nodeId);
    this.#announce();
  }

  /** Whether the node's agent hands blocks on. */
  setRelaying(nodeId: string, isRelaying: boolean): void {
    const node = this.#nodes.get(nodeId);
    if (!node || node.isRelaying === isRelaying) return;
    node.isRelaying = isRelaying;
    if (!isRelaying) node.served.clear();
    this.#announce();
  }

  /** The node has a block: this machine wrote it there. */
  noteWritten(nodeId: string, index: number): void {
    this.#hold(nodeId, index);
    this.#announce();
  }

  /** The node's agent has verified these blocks. Returns those that came from peers. */
  noteServed(nodeId: string, indexes: readonly number[]): number[] {
    const node = this.#nodes.get(nodeId);
    if (!node) return [];
    const fresh = indexes.filter((index) => index < this.blockCount && !node.served.has(index));
    const fromPeers = fresh.filter((index) => !node.held.has(index));
    for (const index of fresh) {
      node.served.add(index);
      this.#hold(nodeId, index);
    }
    if (fromPeers.length > 0) node.isImpatient = false;
    if (fresh.length > 0) this.#announce();
    return fromPeers;
  }

  /** The next block to send to a node, which then counts as being sent; null when there is none now. */
  next(nodeId: string, nowMs: number): number | null {
    const node = this.#nodes.get(nodeId);
    if (!node) return null;
    const missing = this.missing(nodeId).filter((index) => !node.sending.has(index));
    const index = node.isRelaying ? this.#nextForRelaying(node, missing, nowMs) : (missing[0] ?? null);
    if (index !== null) node.sending.add(index);
    return index;
  }

  /**
   * The next blocks to send to a node in one piece, as `next`; `max` of them, one after the other. A node that hands blocks on gets one, so that
   * others may be given the one behind it.
   */
  nextRun(nodeId: string, nowMs: number, max: number): { index: number; count: number } | null {
    const index = this.next(nodeId, nowMs);
    const node = this.#nodes.get(nodeId);
    if (index === null || !node) return null;
    let end = index + 1;
    while (!node.isRelaying && end < this.blockCount && end - index < max && !node.held.has(end) && !node.sending.has(end)) {
      node.sending.add(end++);
    }
    return { index, count: end - index };
  }

  /** The node's agent could not have a block from its peers: until it has one, this machine sends what it misses. */
  noteProblem(nodeId: string): void {
    const node = this.#nodes.get(nodeId);
    if (!node || node.isImpatient) return;
    node.isImpatient = true;
    this.#announce();
  }

  missing(nodeId: string): number[] {
    const node = this.#nodes.get(nodeId);
    if (!node) return [];
    return Array.from({ length: this.blockCount }, (_, index) => index).filter((index) => !node.held.has(index));
  }

  holds(nodeId: string, index: number): boolean {
    return this.#nodes.get(nodeId)?.held.has(index) ?? false;
  }

  isComplete(nodeId: string): boolean {
    return this.#nodes.get(nodeId)?.held.size === this.blockCount;
  }

  /** Whether no node that is here misses a block. */
  areAllComplete(): boolean {
    return [...this.#nodes.keys()].every((nodeId) => this.isComplete(nodeId));
  }

  /** Blocks that the node holds and its agent has not verified. */
  unserved(nodeId: string): number[] {
    const node = this.#nodes.get(nodeId);
    return node ? [...node.held].filter((index) => !node.served.has(index)) : [];
  }

  /** Other nodes whose agents serve the block. */
  serversOf(index: number, exceptNodeId: string): string[] {
    return [...this.#nodes].flatMap(([id, node]) => (id !== exceptNodeId && node.served.has(index) ? [id] : []));
  }

  /** Calls the listener after each change until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #nextForRelaying(node: NodeBlocks, missing: readonly number[], nowMs: number): number | null {
    const others = [...this.#nodes.values()].filter((other) => other !== node && other.isRelaying);
    const isOnItsWay = (index: number): boolean => others.some((other) => other.sending.has(index));
    const isAtPeer = (index: number): boolean => others.some((other) => other.held.has(index));
    const fresh = missing.find((index) => !isOnItsWay(index) && !isAtPeer(index));
    if (fresh !== undefined) return fresh;
    const late = missing.find(isAtPeer);
    if (late === undefined) return null;
    node.waitingSinceMs ??= nowMs;
    if (!node.isImpatient && nowMs - node.waitingSinceMs < PATIENCE_MS) return null;
    node.isImpatient = true;
    return late;
  }

  #hold(nodeId: string, index: number): void {
    const node = this.#nodes.get(nodeId);
    if (!node) return;
    node.held.add(index);
    node.sending.delete(index);
    node.waitingSinceMs = null;
  }

  #announce(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
