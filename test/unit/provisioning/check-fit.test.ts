import { expect, test } from 'vitest';
import { checkFit } from '../../../src/main/domain/nodes/provisioning/check-fit.js';
import { parseFacts } from '../../../src/main/domain/nodes/facts/parse-facts.js';
import { runtimePlatformOf } from '../../../src/main/domain/nodes/provisioning/runtime-platform.js';
import type { NodeFacts } from '../../../src/shared/testbed.js';

const NOTHING_REPORTED = parseFacts('', 0);
const fit = (change: Partial<NodeFacts>, modelBytes: number | null = null) =>
  checkFit({
    facts: {
      ...NOTHING_REPORTED,
      architecture: 'aarch64',
      kernel: 'Linux 5.15',
      diskFreeBytes: 40e9,
      memoryAvailableBytes: 20e9,
      ...change,
    },
    modelBytes,
  });

test.each([
  ['an architecture without Node.js', { architecture: 'armv7l' }, null, 'armv7l'],
  ['a disk with too little room', { diskFreeBytes: 499e6 }, null, '499 MB free, and 500 MB are needed'],
  ['too little memory for the weights', { memoryAvailableBytes: 6e9 }, 5.97e9, '6.0 GB of memory available, and 6.2 GB are needed'],
  ['a clock far behind', { clockOffsetMs: -30 * 86_400_000, clockErrorMs: 5 }, null, '30 days behind'],
])('%s blocks, with a remedy', (_, change, modelBytes, words) => {
  const finding = fit(change, modelBytes);
  expect(finding).toMatchObject({ verdict: 'blocked', why: expect.stringContaining(words) as string });
  expect(finding.remedy).not.toBeNull();
});

test('a node with a Node.js that fits may be of any architecture, and needs less room', () => {
  expect(fit({ architecture: 'riscv64', nodeVersion: 'v24.1.0', diskFreeBytes: 200e6 }).verdict).toBe('nothing');
});

test('what a node does not report stops nothing, and is not called enough', () => {
  const finding = fit({ architecture: null, nodeVersion: 'v24.1.0', diskFreeBytes: null, memoryAvailableBytes: null, clockOffsetMs: null });

  expect(finding).toMatchObject({ verdict: 'nothing', why: expect.stringContaining('not compared: its architecture, the free') as string });
  expect(finding.why).not.toContain('enough');
});

test('a clock that is an hour ahead stops nothing, and is said with its remedy', () => {
  expect(fit({ clockOffsetMs: 3_600_000, clockErrorMs: 5 })).toMatchObject({
    verdict: 'nothing',
    why: expect.stringMatching(/enough\. .*clock is 60 minutes ahead: set it, by “Set clocks”.* npm run cli -- provision/) as string,
  });
  expect(fit({ clockOffsetMs: 800, clockErrorMs: 5 }).why).toMatch(/clock is 800 ms ahead\.$/);
});

test('the Node.js of a device is reported by its architecture and its system', () => {
  expect(runtimePlatformOf({ architecture: 'aarch64', kernel: 'Linux 5.15.148-tegra' })).toBe('linux-arm64');
  expect(runtimePlatformOf({ architecture: 'x86_64', kernel: 'Linux 6.1' })).toBe('linux-x64');
  expect(runtimePlatformOf({ architecture: 'arm64', kernel: 'Darwin 24.1' })).toBeNull();
});
