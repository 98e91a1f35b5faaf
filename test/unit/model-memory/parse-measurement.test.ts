import { expect, test } from 'vitest';
import { parseMeasurement } from '../../../src/main/domain/nodes/model-memory/parse-measurement.js';

const GB = 1e9;

function answer(change: { report?: object; image?: object } = {}): string {
  const load = { availableBeforeBytes: 60 * GB, availableAfterBytes: 52 * GB, leastAvailableBytes: 51 * GB, mostResidentBytes: 3 * GB };
  return JSON.stringify({
    report: { device: 'cuda', dtype: 'float16', loadMs: 31_000, memory: { ...load, mostCudaAllocatedBytes: 6 * GB, ...change.report } },
    image: { memory: { leastAvailableBytes: 49 * GB, mostResidentBytes: 4 * GB, mostCudaAllocatedBytes: 7 * GB, ...change.image } },
  });
}

test('what was taken is the fall to the worst moment of loading and generating, what rests is the fall once loaded', () => {
  expect(parseMeasurement(`a warning\n${answer()}\n`, 'orin-1')).toEqual({
    takenBytes: 11 * GB,
    restingBytes: 8 * GB,
    mostResidentBytes: 4 * GB,
    mostCudaBytes: 7 * GB,
    loadMs: 31_000,
    device: 'cuda',
    dtype: 'float16',
  });
});

test('the worst moment may be in the load', () => {
  expect(parseMeasurement(answer({ report: { leastAvailableBytes: 40 * GB } }), 'orin-1').takenBytes).toBe(20 * GB);
});

test('what the system does not report stays unknown', () => {
  const silent = { leastAvailableBytes: null, mostResidentBytes: null, mostCudaAllocatedBytes: null };
  const report = { ...silent, availableBeforeBytes: null, availableAfterBytes: null };
  expect(parseMeasurement(answer({ report, image: silent }), 'orin-1')).toMatchObject({
    takenBytes: null,
    restingBytes: null,
    mostResidentBytes: null,
    mostCudaBytes: null,
  });
});

test('memory that others gave back meanwhile makes no negative figure', () => {
  const report = { availableAfterBytes: 61 * GB, leastAvailableBytes: 61 * GB };
  expect(parseMeasurement(answer({ report, image: { leastAvailableBytes: 61 * GB } }), 'orin-1')).toMatchObject({
    takenBytes: 0,
    restingBytes: 0,
  });
});

test('a failure on the node is reported with its remedy', () => {
  const failure = { kind: 'out-of-memory', message: 'The device has too little memory', remedy: 'Reboot it.' };
  expect(() => parseMeasurement(JSON.stringify({ failure }), 'orin-1')).toThrow(
    expect.objectContaining({
      code: 'agent-failed',
      message: 'Node "orin-1" could not measure the model: The device has too little memory',
      hint: 'Reboot it.',
    }),
  );
});

test.each(['', 'Killed', '{}', '{"report": 1}'])('the answer %j is refused', (output) => {
  expect(() => parseMeasurement(output, 'orin-1')).toThrow(expect.objectContaining({ code: 'agent-failed' }));
});
