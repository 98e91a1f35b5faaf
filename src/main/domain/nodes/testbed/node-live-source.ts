// Where the live state of nodes comes from: anyone who keeps lines to their agents.
import type { NodeLive } from '../../../../shared/testbed.js';

export interface NodeLiveSource {
  /** Every node of the testbed, connected or not. */
  snapshot(testbedId: string): NodeLive[];
  /** Calls the listener after changes until the returned function is called. */
  onChange(testbedId: string, listener: () => void): () => void;
}
