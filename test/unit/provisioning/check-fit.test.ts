import { expect, test } from 'vitest';
import { checkFit } from '../../../src/main/domain/nodes/provisioning/check-fit.js';
import { parseFacts } from '../../../src/main/domain/nodes/facts/parse-facts.js';
import { runtimePlatformOf } from '../../../src/main/domain/nodes/provisioning/runtime-platform.js';
import type { ModelPart } from '../../../src/shared/model.js';
import type { NodeFacts } from '../../../src/shared/testbed.js';

const NOTHING_REPORTED = parseFacts('', 0);
const GB = 1e9;
const part = (name: ModelPart['name'], sizeBytes: number): ModelPart => ({ name, tensorCount: 1, sizeBytes, dtypes: ['F16'] });
const REFINED = [part('transformer', 4.17 * GB), part('vae', 0.17 * GB), part('clip-l', 0.25 * GB), part('clip-g', 1.39 * GB)];
const WHOLE = [...REFINED, part('t5', 9.79 * GB)];
const modelOf = (parts: ModelPart[], change: object = {}) => ({
  name: 'sd3m',
  family: 'sd3-medium' as const,
  parts,
  sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  ...change,
});
const fit = (change: Partial<NodeFacts>, model: Parameters<typeof checkFit>[0]['model'] = null) =>
  checkFit({
    facts: {
      ...NOTHING_REPORTED,
      architecture: 'aarch64',
      kernel: 'Linux 5.15',
      diskFreeBytes: 40e9,
      memoryAvailableBytes: 20e9,
      ...change,
    },
    model,
  });

test.each([
  ['an architecture without Node.js', { architecture: 'armv7l' }, null, 'armv7l'],
  ['a disk with too little room', { diskFreeBytes: 499e6 }, null, '499 MB free, and 500 MB are needed'],
  [
    'too little memory for the weights',
    { memoryAvailableBytes: 6e9 },
    modelOf(REFINED),
    '6.0 GB of memory available, and 6.2 GB are needed',
  ],
  ['a clock far behind', { clockOffsetMs: -30 * 86_400_000, clockErrorMs: 5 }, null, '30 days behind'],
])('%s blocks, with a remedy', (_, change, model, words) => {
  const finding = fit(change, model);
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

const JETSON = { soc: 'tegra234', torchCuda: 'works' } as const;

test('a model with T5-XXL is refused where all of the memory is not enough for it, with the figures and what helps', () => {
  const finding = fit({ ...JETSON, memoryTotalBytes: 16.4e9, memoryAvailableBytes: 16e9 }, modelOf(WHOLE));
  expect(finding).toMatchObject({ verdict: 'blocked' });
  expect(finding.why).toMatch(
    /about 18\.8 GB .*15\.8 GB of weights in float16 and 3\.00 GB to work with, by Hugging Face.*16\.4 GB in all, which its GPU shares/,
  );
  expect(finding.remedy).toContain('model strip');
});

test('a model with T5-XXL that fits is said to, with what was reckoned with', () => {
  const finding = fit({ ...JETSON, memoryTotalBytes: 65.9e9, memoryAvailableBytes: 60e9 }, modelOf(WHOLE));
  expect(finding).toMatchObject({ verdict: 'nothing', why: expect.stringContaining('needs about 18.8 GB') as string });
});

test('what was measured on the node counts before what is computed', () => {
  const finding = fit({ ...JETSON, memoryTotalBytes: 30e9, memoryAvailableBytes: 28e9 }, modelOf(WHOLE, { measuredBytes: 31e9 }));
  expect(finding.why).toMatch(/about 31\.0 GB of memory there \(measured on this node\)/);
});

test('on a processor the weights take four bytes each', () => {
  const finding = fit({ torchCuda: 'cpu-only', memoryTotalBytes: 32e9, memoryAvailableBytes: 30e9 }, modelOf(WHOLE));
  expect(finding.why).toContain('31.5 GB of weights in float32, for the processor');
});

test('a model that the worker has in memory already is not counted against what is free', () => {
  const tight = { ...JETSON, memoryTotalBytes: 32e9, memoryAvailableBytes: 9e9 };
  expect(fit(tight, modelOf(WHOLE)).verdict).toBe('blocked');
  expect(fit(tight, modelOf(WHOLE, { isLoaded: true })).verdict).toBe('nothing');
});

test('the refined model only gets a word where its working memory is short', () => {
  const finding = fit({ ...JETSON, memoryTotalBytes: 8e9, memoryAvailableBytes: 7e9 }, modelOf(REFINED));
  expect(finding).toMatchObject({ verdict: 'nothing', why: expect.stringContaining('the node has 8.00 GB in all') as string });
});
