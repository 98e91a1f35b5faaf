// How long nodes have not been heard of: by their last word, or where they have not spoken since the program was started, since the first look
// that found them silent.
import type { NodeLive } from '../../../shared/testbed.js';

export class LostNodes {
  readonly #silentSinceMs = new Map<string, number>();

  /** Real ms; null for a node that is connected. */
  lostFor(
    { nodeId, isConnected, lastCheckInAgeSec }: Pick<NodeLive, 'nodeId' | 'isConnected' | 'lastCheckInAgeSec'>,
    nowMs: number,
  ): number | null {
    if (isConnected) {
      this.#silentSinceMs.delete(nodeId);
      return null;
    }
    const sinceMs = lastCheckInAgeSec === null ? nowMs : nowMs - lastCheckInAgeSec * 1000;
    const known = this.#silentSinceMs.get(nodeId) ?? sinceMs;
    this.#silentSinceMs.set(nodeId, Math.min(known, sinceMs));
    return nowMs - Math.min(known, sinceMs);
  }
}
