import { describe, expect, it } from 'vitest';
import { checkNodeSpeeds } from '../../../src/scheduling/metrics/node-speeds.js';
import type { NodeTiming, TaskRecord } from '../../../src/shared/run.js';
import { computeSec } from '../../../src/shared/testbed.js';
import { buildTaskRecord, buildTiming } from '../../support/run-fixtures.js';

/** Tasks one after the other, each of which took so many times what the record of the node says. */
function execute(node: NodeTiming, ratios: readonly number[]): TaskRecord[] {
  return ratios.map((ratio, ordinal) => {
    const computeMs = computeSec(node, 10, node.speedFactor) * 1000 * ratio;
    const delays = { uploadMs: 0, waitingMs: 0, computeMs, downloadMs: 0, resendMs: 0, controlMs: 0, serviceMs: computeMs };
    return buildTaskRecord(ordinal, { edgeServerId: node.id, delays, computeStartMs: ordinal * 100_000 });
  });
}

const verify = (node: NodeTiming, ratios: readonly number[]) => checkNodeSpeeds([node], execute(node, ratios));
const times = (count: number, ratio: number): number[] => Array.from({ length: count }, () => ratio);

const simulated = ' (simulated: this machine held it up, or it has other settings)';

describe('the speed of a node', () => {
  it('is no word when the node keeps to its record', () => {
    expect(verify(buildTiming(1), times(20, 1.1))).toEqual({ reasons: [], limitations: [] });
  });

  it('is a reason when the node is five times slower than its record', () => {
    expect(verify(buildTiming(1), times(6, 5)).reasons).toEqual([`ES 1 took 5.0 times as long as its record says${simulated}.`]);
    const measured = buildTiming(1, { timingSource: 'calibration' });
    expect(verify(measured, times(6, 5)).reasons).toEqual(['ES 1 took 5.0 times as long as its record says.']);
  });

  it('is a reason when the node is much faster than its record', () => {
    expect(verify(buildTiming(1), times(6, 0.5)).reasons).toEqual([`ES 1 took 0.5 times as long as its record says${simulated}.`]);
  });

  it('is a reason when it changes five-fold in the last quarter of the run', () => {
    const { reasons } = verify(buildTiming(1), [...times(12, 1), ...times(4, 5)]);
    expect(reasons).toEqual([`ES 1 changed its speed during the run: 5.0 times as slow later as before${simulated}.`]);
  });

  it('is not held against a record that no one measured, a change of it is', () => {
    const node = buildTiming(1, { timingSource: 'assumed' });
    expect(verify(node, times(8, 4)).reasons).toEqual([]);
    expect(verify(node, [...times(4, 4), ...times(4, 1)]).reasons).toEqual([
      'ES 1 changed its speed during the run: 4.0 times as fast later as before.',
    ]);
  });

  it('may spread by as much as the node is set to', () => {
    expect(verify(buildTiming(1, { jitterFraction: 0.5 }), [0.6, 1.4, 0.7, 1.3, 0.5, 1.5, 1, 1]).reasons).toEqual([]);
  });

  it('limits the run by its stragglers, the longest named', () => {
    expect(verify(buildTiming(1), [1, 1, 2.5, 1, 1, 1, 6, 1])).toEqual({
      reasons: [],
      limitations: ['2 tasks took more than 2 times as long as others of its size on its node (longest: task 7 on ES 1, 6.0 times).'],
    });
  });

  it('says nothing of a node that did next to nothing', () => {
    expect(verify(buildTiming(1), [9, 1])).toEqual({ reasons: [], limitations: [] });
  });
});
