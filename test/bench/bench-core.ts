// A whole program on a temporary data folder: virtual nodes, provisioning and runs as a user has them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCore } from '../../src/main/composition/core.js';
import type { Core } from '../../src/main/composition/core.js';
import { type RunSpecInput, startRunInput } from '../../src/shared/api/inputs.js';
import type { RunSummary, TaskRecord } from '../../src/shared/run.js';
import type { TimeModel } from '../../src/shared/testbed.js';

export interface BenchTestbed {
  core: Core;
  /** Runs a batch to its end. */
  run(change: Partial<RunSpecInput> & { taskCount: number }): Promise<{ summary: RunSummary; tasks: TaskRecord[] }>;
}

/** Opens five provisioned virtual nodes, hands them to `measure`, and takes everything down again. */
export async function withTestbed<T>(
  options: { timeScale: number; timeModel: TimeModel },
  measure: (testbed: BenchTestbed) => Promise<T>,
): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'dedgeai-bench-'));
  const core = await createCore({ dataDir, shell: 'cli', access: 'exclusive', activity: 'nodes' });
  try {
    const { services } = core;
    const testbed = await services.testbeds.createVirtual({
      name: 'Bench',
      nodeCount: 5,
      speedFactors: [1],
      linkMbps: 1000,
      jitterFraction: 0,
      ...options,
    });
    const provisioning = services.provisioning.start({ testbedId: testbed.id });
    let state: string = provisioning.state;
    for await (const snapshot of services.provisioning.watch(provisioning.id, new AbortController().signal)) state = snapshot.state;
    if (state !== 'succeeded') throw new Error(`Provisioning ${state}`);
    await core.services.readiness.untilConnected(testbed.id);
    const dataset = await services.datasets.import({ source: { kind: 'sample' } });
    return await measure({
      core,
      async run(change) {
        const own = { testbedId: testbed.id, datasetId: dataset.id, allowRepeatedPrompts: true, allowOverload: true };
        const started = await services.runs.start(startRunInput.parse({ ...own, ...change }));
        for await (const live of services.runs.watch(started.id, new AbortController().signal)) {
          if (live.run.state === 'paused') throw new Error(live.recentFailures[0]?.message ?? 'The run was held');
        }
        const summary = services.runs.get(started.id);
        const page = { state: null, nodeId: null, search: '', sortBy: 'ordinal' as const, descending: false, limit: 1000 };
        return { summary, tasks: services.runs.tasks({ runId: started.id, offset: 0, ...page }).items };
      },
    });
  } finally {
    await core.close();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The value below which the given share of the values lies (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? NaN;
}
