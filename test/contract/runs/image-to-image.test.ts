// Runs of image-to-image from a dataset of pairs to their record: over links that carry the pictures, and over simulated ones that take the time.
import { rm } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { pictureFilePath } from '../../../src/main/adapters/images/image-paths.js';
import { inspectPicture } from '../../../src/main/adapters/images/picture-files.js';
import { buildRunCsv } from '../../../src/main/domain/reports/documents/run-csv.js';
import { computedSteps } from '../../../src/shared/service.js';
import { makePng } from '../../support/make-picture.js';
import { RunHarness, type RunHarnessOptions } from '../../support/run-harness.js';

const TASKS = 6;
const STRENGTH = 0.5;
const PICTURES = Array.from({ length: TASKS }, (_, index) => makePng(96, 64, { shade: index * 40 }));

let harness: RunHarness | null = null;

afterEach(async () => {
  await harness?.dispose();
  harness = null;
});

async function open(options: RunHarnessOptions): Promise<RunHarness> {
  return (harness = await RunHarness.open({ nodeCount: 2, promptCount: TASKS, pictures: PICTURES, ...options }));
}

describe('an image-to-image run', () => {
  it('brings each task its picture, and records the service, the picture and the steps that were computed', async () => {
    const { runs, store, spec, ended } = bind(await open({ hasRealLinks: true }));
    const { id } = await runs.start(spec({ taskCount: TASKS, strength: STRENGTH }));
    const run = await ended(id);
    expect([run.state, run.counts.succeeded]).toEqual(['succeeded', TASKS]);
    const tasks = store.listTasks(id);
    const sizes = new Set(PICTURES.map((bytes) => bytes.length));
    for (const task of tasks) {
      expect(sizes.has(task.picture?.sizeBytes ?? 0)).toBe(true);
      expect(task.computedSteps).toBe(computedSteps(task.qualitySteps, STRENGTH));
      expect(task.computedSteps).toBeLessThan(task.qualitySteps);
    }
    expect(tasks.filter((task) => task.edgeServerId !== task.baseStationId).length).toBeGreaterThan(0);
    const [header, first] = buildRunCsv({ run, nodes: [], tasks, timelines: [], programVersion: '' }).split('\n');
    expect(header).toContain('computed_steps,service,strength,picture_sha256,picture_bytes');
    expect(first).toContain(`,image-to-image,${STRENGTH},${tasks[0]?.picture?.sha256},${tasks[0]?.picture?.sizeBytes},`);
    // The bound is of the steps that are computed: twice as many would not fit into half the time.
    expect(run.metrics.lowerBoundMs).toBe(runs.estimate(spec({ taskCount: TASKS, strength: STRENGTH })).lowerBoundMs);
    expect(run.metrics.lowerBoundMs).toBeLessThan(runs.estimate(spec({ taskCount: TASKS })).lowerBoundMs ?? 0);
  }, 60_000);

  it('fails the tasks whose picture is gone from this computer, by name, and ends', async () => {
    const { runs, store, spec, ended, dataDir } = bind(await open({ hasRealLinks: true }));
    const lost = inspectPicture(PICTURES[0] ?? Buffer.alloc(0));
    if ('problem' in lost) throw new Error(lost.problem);
    await rm(pictureFilePath(dataDir, lost.sha256));
    const { id } = await runs.start(spec({ taskCount: TASKS, strength: STRENGTH }));
    const run = await ended(id);
    expect(run.counts).toMatchObject({ succeeded: TASKS - 1, failed: 1 });
    expect(store.listTasks(id).find((task) => task.state === 'failed')?.errorMessage).toMatch(/input picture .* is not there any more/);
  }, 60_000);

  it('pays for the size of the picture on the links of virtual nodes', async () => {
    const { runs, store, spec, ended } = bind(await open({ linkMbps: 0.1 }));
    const { id } = await runs.start(spec({ taskCount: TASKS, strength: STRENGTH }));
    await ended(id);
    const hopped = store.listTasks(id).filter((task) => task.edgeServerId !== task.baseStationId);
    expect(hopped.length).toBeGreaterThan(0);
    for (const { delays, picture } of hopped) expect(delays?.uploadMs).toBeGreaterThanOrEqual(((picture?.sizeBytes ?? 0) * 8) / 100);
  }, 60_000);

  it('is refused for a dataset of captions alone', async () => {
    const { runs, spec } = bind(await open({ pictures: [] }));
    await expect(runs.start(spec({ taskCount: TASKS, strength: STRENGTH }))).rejects.toThrow('has captions alone');
  }, 60_000);
});

function bind(opened: RunHarness) {
  const { runs, store, dataDir } = opened;
  const spec: RunHarness['spec'] = (change) => opened.spec(change);
  const ended: RunHarness['ended'] = (id) => opened.ended(id);
  return { runs, store, dataDir, spec, ended };
}
