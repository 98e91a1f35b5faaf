// A data folder with runs that have ended, each with its tasks and an image of its own, as a program leaves it.
import { ImageStore } from '../../src/main/adapters/images/image-store.js';
import { openStorage } from '../../src/main/adapters/storage/open-storage.js';
import type { AcceptedResult } from '../../src/main/domain/runs/run-store.js';
import type { SchedulerName } from '../../src/shared/run.js';
import { makePng } from './make-picture.js';
import { buildResult, buildRun, buildSpec, buildTask, buildTestbed } from './storage-fixtures.js';

export interface EndedRun {
  name: string;
  scheduler: SchedulerName;
  taskCount: number;
  /** Of a task by its number from 0; that of the fixtures where absent. */
  promptOf?: (ordinal: number) => string;
  /** Different pictures that the tasks take turns with; one where absent. */
  pictures?: number;
  /** Makes it invalid. */
  reason?: string;
  isSimulated?: boolean;
  /** Model ms of the last result. */
  totalMs?: number;
}

/** Runs of the testbed Lab, the first the oldest, one minute apart up to now. Their ids are `run-1` and so on. */
export async function fillHistory(dataDir: string, ended: readonly EndedRun[]): Promise<void> {
  const storage = openStorage({ dataDir, nowMs: Date.now });
  storage.testbeds.insertTestbed(buildTestbed());
  const images = new ImageStore({ dataDir, isReferenced: () => true });
  for (const [index, run] of ended.entries()) {
    const id = `run-${index + 1}`;
    const startedAtMs = Date.now() - (ended.length - index) * 60_000;
    const { name, scheduler, taskCount } = run;
    const spec = buildSpec({ name, scheduler, taskCount, seed: index + 1 });
    const isSimulated = run.isSimulated ?? true;
    const tasks = Array.from({ length: taskCount }, (_, ordinal) =>
      buildTask(ordinal, {
        id: `${id}-task-${ordinal}`,
        ...(run.promptOf && { prompt: run.promptOf(ordinal) }),
      }),
    );
    storage.runs.insertRun(buildRun({ id, spec, isSimulated, createdAtMs: startedAtMs, startedAtMs }), tasks);
    const pictures: AcceptedResult['image'][] = [];
    for (let shade = 0; shade < (run.pictures ?? 1); shade++) {
      pictures.push({ ...(await images.storeImage(makePng(64, 64, { shade: (index + shade * 40) % 256 }))), isSimulated });
    }
    const sends = tasks.map((task) => ({ taskId: task.id, baseStationId: 'node-1', atMs: 1 }));
    const epochs = storage.runs.markSent(id, sends);
    const totalMs = run.totalMs ?? 13_810 + index * 100;
    storage.runs.acceptResults(
      tasks.map((task, ordinal) => {
        const image = pictures[ordinal % pictures.length];
        return buildResult(task.id, epochs.get(task.id) ?? 1, { ...(image && { image }), computedSteps: 10, acceptedMs: totalMs });
      }),
    );
    if (run.reason !== undefined) storage.runs.addInvalidReason(id, run.reason);
    storage.runs.updateRun(id, { state: 'succeeded', startedAtMs, finishedAtMs: startedAtMs + 30_000 });
  }
  storage.close();
}
