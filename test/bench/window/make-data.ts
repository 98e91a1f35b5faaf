// A data folder as a lab has it after a year, written by the program's own repositories because running it would take that year: ended runs,
// tasks and attempts, image files, and nodes. Five virtual nodes are provisioned, so that a run can be live over it.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { imageFilePath } from '../../../src/main/adapters/images/image-paths.js';
import { openStorage, type Storage } from '../../../src/main/adapters/storage/open-storage.js';
import { createCore } from '../../../src/main/composition/core.js';
import type { AcceptedResult, NewTask } from '../../../src/main/domain/runs/run-store.js';
import type { SchedulerName } from '../../../src/shared/run.js';
import { makePng } from '../../support/make-picture.js';
import { buildTiming } from '../../support/run-fixtures.js';
import { buildNode, buildResult, buildRun, buildSpec, buildTask, buildTestbed } from '../../support/storage-fixtures.js';
import { captionOf } from '../captions.js';

export interface WindowDataSize {
  runs: number;
  tasksPerRun: number;
  images: number;
  nodes: number;
}

const LIVE_TESTBED = 'Live';
/** Tasks of a run that is live. */
export const LIVE_TASKS = 1000;
const LIVE_NODES = 5;
/** Slow enough for one machine that runs the nodes, the program and the browser. */
const LIVE_TIME_SCALE = 20;
/** Of each run; every tenth has all nodes of the rack. */
const FEW_NODES = 5;
const BETWEEN_RUNS_MS = 6 * 3_600_000;
const SCHEDULERS: readonly SchedulerName[] = ['round-robin', 'random', 'local-only', 'shortest-expected-completion'];
const SERVICE_MS = 13_810;

/** Makes the folder where it is not there yet; what was cut off is made again. */
export async function makeWindowData(dataDir: string, size: WindowDataSize): Promise<void> {
  if (existsSync(dataDir)) return;
  const partDir = `${dataDir}.part`;
  rmSync(partDir, { recursive: true, force: true });
  mkdirSync(partDir, { recursive: true });
  const startMs = Date.now() - size.runs * BETWEEN_RUNS_MS;
  let nowMs = startMs;
  const storage = openStorage({ dataDir: partDir, nowMs: () => nowMs });
  addRack(storage, size.nodes - LIVE_NODES);
  const succeedRest = prepareSucceedRest(storage, size.nodes - LIVE_NODES);
  for (let number = 0; number < size.runs; number++) {
    nowMs = startMs + number * BETWEEN_RUNS_MS;
    const imagesBefore = Math.floor((size.images * number) / size.runs);
    const withImage = Math.min(size.tasksPerRun, Math.floor((size.images * (number + 1)) / size.runs) - imagesBefore);
    addRun(storage, partDir, { ...size, number, nowMs, imagesBefore, withImage }, succeedRest);
  }
  storage.close();
  await addLiveTestbed(partDir);
  renameSync(partDir, dataDir);
}

/** Takes away what a measurement added. */
export function removeRunsSince(dataDir: string, atMs: number): void {
  const storage = openStorage({ dataDir, nowMs: Date.now });
  for (const { id, createdAtMs } of storage.runs.listRuns()) if (createdAtMs >= atMs) storage.runs.deleteRun(id);
  storage.close();
}

function addRack(storage: Storage, nodes: number): void {
  const rack = Array.from({ length: nodes }, (_, ordinal) =>
    // Addresses of documentation: nothing answers there, and nodes that were never provisioned are not asked.
    buildNode({
      ...{ id: `node-${ordinal + 1}`, ordinal, name: `ES ${ordinal + 1}`, kind: 'ssh' },
      ...{ host: `192.0.2.${ordinal + 1}`, port: 22, virtual: null, auth: 'program-key' },
    }),
  );
  storage.testbeds.insertTestbed(buildTestbed({ name: 'Rack', kind: 'real', timeScale: 1, nodes: rack }));
}

interface PlannedRun extends WindowDataSize {
  number: number;
  nowMs: number;
  imagesBefore: number;
  withImage: number;
}

function addRun(storage: Storage, dataDir: string, run: PlannedRun, succeedRest: (runId: string) => void): void {
  const id = `run-${run.number + 1}`;
  const scheduler = SCHEDULERS[run.number % SCHEDULERS.length] ?? 'random';
  const nodes = run.number % 10 === 0 ? run.nodes - LIVE_NODES : Math.min(FEW_NODES, run.nodes - LIVE_NODES);
  const nodesSnapshot = Array.from({ length: nodes }, (_, ordinal) => {
    return { ...buildTiming(ordinal + 1), ordinal, linkMbps: null, agentVersion: '0.1.0', facts: null, worker: null };
  });
  const spec = buildSpec({ name: `${scheduler} night ${run.number + 1}`, taskCount: run.tasksPerRun, scheduler, seed: run.number });
  const tasks: NewTask[] = Array.from({ length: run.tasksPerRun }, (_, ordinal) =>
    buildTask(ordinal, {
      id: `${id}-task-${ordinal}`,
      prompt: captionOf(run.number, ordinal),
      baseStationId: `node-${1 + (ordinal % nodes)}`,
    }),
  );
  const life = { createdAtMs: run.nowMs, startedAtMs: run.nowMs };
  storage.database.transaction(() => {
    storage.runs.insertRun(buildRun({ id, spec, timeScale: 1, isSimulated: false, nodesSnapshot, ...life }), tasks);
    const pictured = tasks.slice(0, run.withImage);
    const epochs = storage.runs.markSent(
      id,
      pictured.map(({ id: taskId, baseStationId }) => ({ taskId, baseStationId, atMs: 1 })),
    );
    storage.runs.acceptResults(
      pictured.map((task, index) =>
        buildResult(task.id, epochs.get(task.id) ?? 1, {
          edgeServerId: task.baseStationId,
          image: writePicture(dataDir, run.imagesBefore + index),
          computedSteps: 10,
          acceptedMs: SERVICE_MS + index,
        }),
      ),
    );
    succeedRest(id);
    storage.runs.updateRun(id, { state: 'succeeded', finishedAtMs: run.nowMs + 3_600_000 });
  });
}

/** Of the tasks without an image, which a repository would take one by one for minutes. */
function prepareSucceedRest(storage: Storage, nodes: number): (runId: string) => void {
  const succeed = storage.database.prepare<{ runId: string; nodes: number }>(
    `UPDATE tasks SET state = 'succeeded', edge_server_id = 'node-' || (1 + ordinal % @nodes), upload_ms = 1, waiting_ms = ordinal * 3.7,
       compute_ms = 13800, download_ms = 3, resend_ms = 0, control_ms = 4 + ordinal % 7, service_ms = 13808 + ordinal * 3.7 + ordinal % 7,
       compute_start_ms = ordinal * 3.7, compute_end_ms = ordinal * 3.7 + 13800, accepted_ms = ordinal * 3.7 + 13810, attempt_count = 1,
       lease_epoch = 1 WHERE run_id = @runId AND state = 'pending'`,
  );
  return (runId) => succeed.run({ runId, nodes: Math.min(FEW_NODES, nodes) });
}

/** Small pictures, each another file: their sides and shade tell them apart. They are not synced: what is lost is made again. */
function writePicture(dataDir: string, number: number): AcceptedResult['image'] {
  const [widthPx, heightPx] = [48 + (Math.floor(number / 256) % 20), 48 + Math.floor(number / (256 * 20))];
  const bytes = makePng(widthPx, heightPx, { shade: number % 256 });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const path = imageFilePath(dataDir, sha256, 'image/png');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, bytes, { mode: 0o600 });
  return { sha256, sizeBytes: bytes.length, widthPx, heightPx, mediaType: 'image/png', isSimulated: false };
}

/** Also has the program write down the figures of the runs, as it does when they end. */
async function addLiveTestbed(dataDir: string): Promise<void> {
  const core = await createCore({ dataDir, shell: 'cli', access: 'exclusive', activity: 'nodes' });
  try {
    const { services } = core;
    const testbed = await services.testbeds.createVirtual({
      ...{ name: LIVE_TESTBED, nodeCount: LIVE_NODES, speedFactors: [1], linkMbps: 1000, jitterFraction: 0 },
      ...{ timeScale: LIVE_TIME_SCALE, timeModel: { fixedSec: 3.3, secPerStep: 1 } },
    });
    const provisioning = services.provisioning.start({ testbedId: testbed.id });
    let state: string = provisioning.state;
    for await (const snapshot of services.provisioning.watch(provisioning.id, new AbortController().signal)) state = snapshot.state;
    if (state !== 'succeeded') throw new Error(`The provisioning of the virtual nodes ${state}`);
    const path = join(dataDir, 'captions.txt');
    writeFileSync(path, Array.from({ length: LIVE_TASKS }, (_, ordinal) => captionOf(0, ordinal)).join('\n'));
    await services.datasets.import({ source: { kind: 'path', path }, name: 'Live captions' });
    services.runs.list();
  } finally {
    await core.close();
  }
}
