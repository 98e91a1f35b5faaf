import { describe, expect, it } from 'vitest';
import { formatPace, imagesPerMinute, paceCurve } from '../../../../src/renderer/views/overview/pace.js';
import { listChips, layOutNodes } from '../../../../src/renderer/views/overview/lab-rows.js';
import { sparkPath } from '../../../../src/renderer/components/spark-path.js';
import type { RunFlow } from '../../../../src/shared/run.js';
import { buildNode, buildTestbed } from '../../../support/storage-fixtures.js';

const flow = (perMinute: number[], coveredMs = 60_000): RunFlow => ({ links: [], results: [], running: [], out: [], perMinute, coveredMs });

describe('images per minute', () => {
  it('are those of the last minute, or of as much of it as was seen', () => {
    expect(imagesPerMinute({ flow: flow([4, 16]) })).toBe(16);
    expect(imagesPerMinute({ flow: flow([4], 30_000) })).toBe(8);
  });

  it('are not known before ten seconds, or without a run that executes', () => {
    expect(imagesPerMinute({ flow: flow([4], 9_000) })).toBeNull();
    expect(imagesPerMinute({})).toBeNull();
    expect(formatPace(null)).toBe('–');
  });

  it('are a curve of whole minutes: the oldest may be a part of one', () => {
    expect(paceCurve({ flow: flow([1, 4, 6]) })).toEqual([4, 6]);
  });
});

describe('a little curve', () => {
  const box = { widthPx: 100, heightPx: 20 };
  it('goes from 0 below to the largest value above', () => {
    expect(sparkPath([0, 10, 5], box)).toBe('M0 20L50 0L100 10');
  });
  it('keeps gaps as gaps, and draws a value alone as a dot', () => {
    expect(sparkPath([5, null, 10], box)).toBe('M0 10L0 10M100 0L100 0');
  });
  it('is empty without values, and lies below where all are zero', () => {
    expect(sparkPath([], box)).toBe('');
    expect(sparkPath([0, 0], box)).toBe('M0 20L100 20');
  });
});

describe('the nodes of the lab', () => {
  it('show the hardware of real nodes, and not that of the machine under virtual ones', () => {
    const testbed = buildTestbed({ nodes: [buildNode({ id: 'a', provisionState: 'ready' })] });
    const hardware = { nodeId: 'a', atMs: 1, watts: 38.2, celsius: 61, gpuPercent: 96, memoryUsedBytes: 1, isOfHost: false };
    expect(listChips(testbed, [], [hardware])[0]?.readings).toEqual(['38 W', '61 °C']);
    expect(listChips(testbed, [], [{ ...hardware, isOfHost: true }])[0]?.readings).toEqual([]);
  });

  it('are counted by state where they are many, with problems by name', () => {
    const nodes = Array.from({ length: 50 }, (_, ordinal) =>
      buildNode({ id: `n${ordinal}`, name: `n${ordinal}`, ordinal, provisionState: ordinal === 7 ? 'failed' : 'new' }),
    );
    const { chips, counts } = layOutNodes(listChips(buildTestbed({ nodes }), [], []));
    expect(chips.map(({ name }) => name)).toEqual(['n7']);
    expect(counts).toEqual([
      { health: 'failed', count: 1 },
      { health: 'new', count: 49 },
    ]);
  });
});
