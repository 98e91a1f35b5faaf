import { createRandom, deriveSeed } from '../../random/random.js';
import type { AgentConfig } from '../../shared/agent-config.js';
import type { ScaledClock } from '../scaled-clock.js';

export interface Link {
  /** Whether its transfers take simulated time, as those of virtual nodes. */
  readonly isSimulated: boolean;
  /** Waits as long as the transfer of `sizeBits` takes beyond the real network; not at all on real nodes. */
  transfer(sizeBits: number, task: { seed: number }, label: 'upload' | 'download'): Promise<void>;
}

/** The link of a virtual node: size / rate, spread by the task's seed; null (a real node) adds nothing. */
export function createLink(settings: AgentConfig['simulatedLink'], clock: ScaledClock): Link {
  return {
    isSimulated: settings !== null,
    async transfer(sizeBits, task, label) {
      if (!settings) return;
      const startMs = clock.nowMs();
      const spread = 1 + settings.jitterFraction * (2 * createRandom(deriveSeed(task.seed, label)).nextFloat() - 1);
      await clock.waitUntil(startMs + (sizeBits / (settings.rateMbps * 1e6)) * 1000 * spread);
    },
  };
}
