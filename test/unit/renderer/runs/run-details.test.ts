import { describe, expect, it } from 'vitest';
import { toCliCommand } from '../../../../src/shared/run-command-line.js';
import { toDelaySeries } from '../../../../src/renderer/views/runs/run-chart-data.js';
import { findStragglers } from '../../../../src/renderer/views/runs/run-node-rows.js';
import { taskColumns, toTaskOrder } from '../../../../src/renderer/views/runs/task-columns.js';
import type { RunSpec } from '../../../../src/shared/run.js';
import { buildRunSummary } from '../../../support/run-fixtures.js';
import { buildNodeLive } from './node-live.js';

const spec = (change: Partial<RunSpec> = {}): RunSpec => ({ ...buildRunSummary().spec, ...change });

describe('toCliCommand', () => {
  it('says the service and its strength where it is image-to-image', () => {
    expect(toCliCommand({ ...spec(), strength: 0.5 })).toContain(' --service image-to-image --strength 0.5 ');
    expect(toCliCommand(spec())).not.toContain('--service');
  });

  it('names every setting of the run', () => {
    expect(toCliCommand(spec())).toBe(
      'npm run cli -- run start --testbed testbed-1 --dataset dataset-1 --count 100 --name Batch --seed 1 --steps 10-19 ' +
        '--arrivals at-once --scheduler shortest-expected-completion --attempts 3',
    );
  });

  it('leaves no word of a name to the shell', () => {
    expect(toCliCommand(spec({ name: "Tom's $(rm -rf /)" }))).toContain(`--name 'Tom'\\''s $(rm -rf /)' `);
  });

  it('writes arrivals and fixed steps as the command line reads them', () => {
    const command = toCliCommand(
      spec({ arrivals: { kind: 'slot-uniform', slotSec: 2.5, maxPerSlot: 7 }, qualitySteps: { min: 15, max: 15 } }),
    );
    expect(command).toContain('--steps 15 --arrivals slots:7:2.5 ');
  });

  it('allows repeated prompts only where the run did', () => {
    expect(toCliCommand(spec())).not.toContain('--repeat-prompts');
    expect(toCliCommand(spec({ allowRepeatedPrompts: true }))).toContain(' --repeat-prompts');
  });
});

describe('findStragglers', () => {
  const busy = (nodeId: string, tasks: number) =>
    buildNodeLive(nodeId, { backlogSec: tasks * 18, queueLength: Math.max(0, tasks - 1), runningTaskId: tasks > 0 ? 't' : null });

  it('finds the node that the others will wait for', () => {
    expect([...findStragglers([busy('a', 4), busy('b', 5), busy('c', 12)])]).toEqual(['c']);
  });

  it('lets long queues differ by a few tasks', () => {
    expect(findStragglers([busy('a', 100), busy('b', 104), busy('c', 110)]).size).toBe(0);
  });

  it('lets short queues differ by a task', () => {
    expect(findStragglers([busy('a', 0), busy('b', 0), busy('c', 2)]).size).toBe(0);
  });

  it('does not judge by nodes that do not answer', () => {
    const away = { ...busy('c', 12), isConnected: false };
    expect(findStragglers([busy('a', 4), busy('b', 5), away]).size).toBe(0);
  });
});

describe('the charts of a run', () => {
  it('stack the parts of the delay in seconds, a gap where a node executed nothing', () => {
    const mean = { uploadMs: 10, waitingMs: 2000, computeMs: 18_000, downloadMs: 20, resendMs: 0, controlMs: 5, serviceMs: 20_035 };
    const series = toDelaySeries([
      { nodeId: 'a', nodeName: 'A', executed: 3, mean },
      { nodeId: 'b', nodeName: 'B', executed: 0, mean: null },
    ]);
    expect(series.map(({ name }) => name)).toEqual(['Upload', 'Waiting', 'Compute', 'Download', 'Re-sending', 'Control']);
    expect(series[2]?.values).toEqual([18, null]);
  });
});

describe('the task table', () => {
  it('asks the core for the order that the head shows', () => {
    expect(toTaskOrder({ columnId: 'service', isDescending: true })).toEqual({ sortBy: 'service', descending: true });
  });

  it('falls back to the order of the run', () => {
    expect(toTaskOrder(null)).toEqual({ sortBy: 'ordinal', descending: false });
    expect(toTaskOrder({ columnId: 'prompt', isDescending: true })).toEqual({ sortBy: 'ordinal', descending: false });
  });

  it('offers sorting only where the core can sort', () => {
    const sortable = taskColumns(String).filter((column) => column.isSortable !== false);
    for (const { id } of sortable) expect(toTaskOrder({ columnId: id, isDescending: false }).sortBy).toBe(id);
  });
});
