import { expect, test } from 'vitest';
import { nodeWorkerSchema } from '../../../src/shared/node-worker-schema.js';
import { describeVariant } from '../../../src/shared/model-variant.js';
import { measuredBytes, shortOfMemory } from '../../../src/shared/model-need.js';
import type { MemoryComparison } from '../../../src/shared/model-memory.js';
import { parseFacts } from '../../../src/main/domain/nodes/facts/parse-facts.js';
import { warnAboutNodes, warnAboutVariants } from '../../../src/main/domain/runs/warn-about-nodes.js';
import { buildNode } from '../../support/storage-fixtures.js';

const part = (name: 't5' | 'transformer', sizeBytes: number) => ({ name, tensorCount: 1, sizeBytes, dtypes: ['F16'] });
const whole = {
  id: 'm1',
  name: 'sd3m',
  family: 'sd3-medium' as const,
  sizeBytes: 15.76e9,
  parts: [part('transformer', 5.97e9), part('t5', 9.79e9)],
};
const facts = (memoryTotalBytes: number) => ({
  ...parseFacts('', 0),
  soc: 'tegra234',
  torchCuda: 'works' as const,
  memoryTotalBytes,
  memoryAvailableBytes: memoryTotalBytes - 1e9,
});
const worker = (encoders: string[], modelSha256: string) =>
  nodeWorkerSchema.parse({
    ...{ device: 'cuda', deviceName: 'Orin', dtype: 'float16', t5Tokens: 0, guidanceScale: 5, shift: 3 },
    ...{ pythonVersion: '3.10', torchVersion: '2.8', diffusersVersion: '0.36', allocator: 'plain' },
    ...{ modelSha256, encoders },
  });

test('a variant has a name for the paper’s two models, whatever the file is called', () => {
  expect(describeVariant(whole)).toBe('SD3 medium with T5-XXL');
  expect(describeVariant({ ...whole, parts: [part('transformer', 1)] })).toBe('reSD3-m');
});

test('a worker of a record from before T5 was an option had the two CLIPs', () => {
  const { encoders: _encoders, ...old } = worker([], 'a');
  expect(nodeWorkerSchema.parse(old).encoders).toEqual(['clip-l', 'clip-g']);
});

test('a push names the nodes that are short of memory, and neither virtual nor unknown ones', () => {
  const nodes = [
    buildNode({ id: 'n1', name: 'nx', kind: 'ssh', virtual: null, facts: facts(16.4e9) }),
    buildNode({ id: 'n2', name: 'agx', kind: 'ssh', virtual: null, facts: facts(65e9) }),
    buildNode({ id: 'n3', name: 'new', kind: 'ssh', virtual: null, facts: null }),
  ];
  expect(shortOfMemory(whole, nodes, [])).toMatchObject([{ nodeId: 'n1', verdict: 'too-little' }]);
});

test('the newest measurement of a model on a node is the one that counts', () => {
  const compared = (measuredAtMs: number, takenBytes: number): MemoryComparison =>
    ({
      nodeId: 'n1',
      measuredAtMs,
      original: { modelId: 'm1', takenBytes },
      refined: { modelId: 'm2', takenBytes: 1 },
    }) as MemoryComparison;
  expect(measuredBytes([compared(1, 10), compared(3, 30), compared(2, 20)], 'n1', 'm1')).toBe(30);
  expect(measuredBytes([compared(1, 10)], 'n2', 'm1')).toBeNull();
});

test('before a run nodes with unlike models are named, each with its encoders', () => {
  const nodes = [
    { name: 'orin-1', worker: worker(['clip-l', 'clip-g', 't5'], 'a'.repeat(64)) },
    { name: 'orin-2', worker: worker(['clip-l', 'clip-g'], 'b'.repeat(64)) },
  ];
  expect(warnAboutVariants(nodes)).toEqual([
    expect.stringMatching(/orin-1 \(CLIP-L, CLIP-G and T5-XXL, model a{12}\); orin-2 \(CLIP-L and CLIP-G, model b{12}\)/),
  ]);
  expect(warnAboutVariants([nodes[0]!, nodes[0]!])).toEqual([]);
});

test('before a run a node whose memory can’t hold its model is named with the figures', () => {
  const node = buildNode({
    id: 'n1',
    name: 'nx',
    kind: 'ssh',
    virtual: null,
    facts: facts(16.4e9),
    worker: worker(['t5'], 'a'.repeat(64)),
  });
  const warnings = warnAboutNodes([node], () => ({ model: whole, measuredBytes: null }));
  expect(warnings.some((warning) => /^nx: The model “sd3m” needs about 18\.8 GB/.test(warning))).toBe(true);
});
