// Which Node.js fits a device.
import type { NodeFacts } from '../../../../shared/testbed.js';

export const RUNTIME_PLATFORMS = ['linux-arm64', 'linux-x64'] as const;
export type RuntimePlatform = (typeof RUNTIME_PLATFORMS)[number];

const BY_ARCHITECTURE: Readonly<Record<string, RuntimePlatform>> = { aarch64: 'linux-arm64', arm64: 'linux-arm64', x86_64: 'linux-x64' };

/** Null where this program has no Node.js for the device. `uname -m` says `arm64` on macOS too, whose kernel is distinguished by its name. */
export function runtimePlatformOf({ architecture, kernel }: Pick<NodeFacts, 'architecture' | 'kernel'>): RuntimePlatform | null {
  if (architecture === null || /darwin|bsd/i.test(kernel ?? '')) return null;
  return BY_ARCHITECTURE[architecture] ?? null;
}
