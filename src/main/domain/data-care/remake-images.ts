// Makes lost images again: the same prompt, seed and steps, on the node that made the image where it still is. The figures of the run stay
// as they were. The same bytes put the image itself back; other bytes are kept beside it and marked as made again.
import { setTimeout as delay } from 'node:timers/promises';
import type { RemadeImage } from '../../../shared/data-care.js';
import { AppError } from '../../../shared/errors.js';
import type { Testbed, TestbedNode } from '../../../shared/testbed.js';
import type { DamagedImages } from '../images/damaged-images.js';
import { newId } from '../../foundation/new-id.js';
import type { ImageMaking, ImageRepository } from '../../adapters/storage/image-repository.js';
import type { ImageSink } from '../runs/outcome-intake.js';
import { RunExecutor } from '../runs/run-executor.js';
import type { NodeConnections } from '../runs/run-nodes.js';
import type { AcceptedResult, NewTask, StoredRun } from '../runs/run-store.js';
import type { DataWorkOptions } from './data-worker-messages.js';
import { RemadeRunStore } from './remade-run-store.js';

export interface RemakeOptions {
  images: Pick<ImageRepository, 'howMade' | 'saveRemade' | 'forgetRemade'>;
  sink: ImageSink;
  connections: NodeConnections;
  damaged: DamagedImages;
  listTestbeds(): Testbed[];
  /** What is using a testbed now; null when nothing does. */
  describeUse(testbedId: string): string | null;
  nowMs(): number;
}

interface Assignment {
  making: ImageMaking;
  node: TestbedNode;
}

/** Real ms between two looks at whether it is done, cancelled, or in the way of a run. */
const LOOK_EVERY_MS = 100;
const ATTEMPTS = 2;

export class ImageRemaker {
  constructor(private readonly options: RemakeOptions) {}

  /** One result an image, in no particular order. Throws `cancelled`; what was made by then stays made. */
  async remake(sha256s: readonly string[], work: DataWorkOptions): Promise<RemadeImage[]> {
    const results: RemadeImage[] = [];
    const byTestbed = new Map<Testbed, Assignment[]>();
    for (const sha256 of sha256s) {
      const origin = this.#findOrigin(sha256);
      if ('problem' in origin) results.push({ sha256, result: 'failed', detail: origin.problem });
      else byTestbed.set(origin.testbed, [...(byTestbed.get(origin.testbed) ?? []), origin]);
    }
    const report = (): void => work.onProgress({ phase: 'Making images again', done: results.length, total: sha256s.length });
    report();
    for (const [testbed, assignments] of byTestbed) {
      await this.#makeOn(testbed, assignments, work.signal, (result) => {
        results.push(result);
        report();
      });
    }
    return results;
  }

  /** Why an image can't be made again now; null where it can. */
  obstacleOf(sha256: string): string | null {
    const origin = this.#findOrigin(sha256);
    return 'problem' in origin ? origin.problem : null;
  }

  #findOrigin(sha256: string): (Assignment & { testbed: Testbed }) | { problem: string } {
    const making = this.options.images.howMade(sha256);
    if (!making) return { problem: 'No task has this image.' };
    if (making.isFromPicture) return { problem: 'It was made of an input picture, which is not done again: start the run again.' };
    const testbeds = this.options.listTestbeds();
    const own = testbeds.find(({ id }) => id === making.testbedId);
    // A simulated picture follows from prompt, seed and steps alone: any virtual node draws the same.
    const candidates = own ? [own] : making.isSimulated ? testbeds.filter(({ kind }) => kind === 'virtual') : [];
    for (const testbed of candidates) {
      const standing = testbed.nodes.filter(({ id }) => this.options.connections.connectedClient(id) !== null);
      const node = standing.find(({ id }) => id === making.nodeId) ?? standing[0];
      if (!node) continue;
      const use = this.options.describeUse(testbed.id);
      return use === null ? { making, node, testbed } : { problem: `Testbed “${testbed.name}” is in use: ${use}.` };
    }
    return { problem: own ? `No node of testbed “${own.name}” answers.` : 'The testbed that made it is gone.' };
  }

  async #makeOn(
    testbed: Testbed,
    assignments: readonly Assignment[],
    signal: AbortSignal,
    report: (result: RemadeImage) => void,
  ): Promise<void> {
    const tasks = assignments.map(({ making, node }, ordinal): NewTask => {
      const { prompt, seed, qualitySteps } = making;
      const work = { qualitySteps, computedSteps: qualitySteps, picture: null };
      return { id: newId('task'), ordinal, promptId: 0, prompt, seed, ...work, arrivalMs: 0, baseStationId: node.id };
    });
    const byTask = new Map(tasks.map(({ id }, index) => [id, assignments[index]]));
    const run = describeRun(testbed, tasks.length, this.options.nowMs());
    const settle = (taskId: string, say: (assignment: Assignment) => RemadeImage): void => {
      const assignment = byTask.get(taskId);
      if (assignment && byTask.delete(taskId)) report(say(assignment));
    };
    const store = new RemadeRunStore(
      run.id,
      tasks,
      (result) => settle(result.taskId, (assignment) => this.#keep(assignment, result, testbed)),
      (taskId, message) => settle(taskId, ({ making }) => ({ sha256: making.sha256, result: 'failed', detail: message })),
    );
    let hasEnded = false;
    const executor = new RunExecutor({
      run,
      store,
      images: this.options.sink,
      connections: this.options.connections,
      peers: testbed.nodes.map(({ id, name, host, agentPort }) => ({ nodeId: id, name, host, port: agentPort ?? 0 })),
      nowMs: () => this.options.nowMs(),
      changed: () => undefined,
      ended: () => (hasEnded = true),
      record: () => undefined,
    });
    await executor.start();
    let obstacle: string | null = null;
    while (!hasEnded && !signal.aborted && obstacle === null) {
      await delay(LOOK_EVERY_MS);
      obstacle = this.options.describeUse(testbed.id);
    }
    if (!hasEnded) await executor.stopping.stopNow();
    await executor.close();
    if (signal.aborted) throw new AppError('cancelled', 'Making the images again was canceled', 'Those that were made stay.');
    for (const taskId of [...byTask.keys()]) {
      const detail = obstacle === null ? 'No node brought it.' : `Stopped: ${obstacle}.`;
      settle(taskId, ({ making }) => ({ sha256: making.sha256, result: 'failed', detail }));
    }
  }

  #keep({ making }: Assignment, { image, edgeServerId }: AcceptedResult, testbed: Testbed): RemadeImage {
    const { images, damaged, nowMs } = this.options;
    const { sha256 } = making;
    const nodeName = testbed.nodes.find(({ id }) => id === edgeServerId)?.name ?? edgeServerId;
    if (image.sha256 === sha256) {
      images.forgetRemade(sha256);
      damaged.clear(sha256);
      return { sha256, result: 'same', detail: `${nodeName} made the same bytes again.` };
    }
    if (image.isSimulated !== making.isSimulated) {
      const detail = making.isSimulated
        ? 'The node runs a model now; the lost image was simulated.'
        : 'The node only simulates images now.';
      return { sha256, result: 'failed', detail };
    }
    images.saveRemade({
      originalSha256: sha256,
      sha256: image.sha256,
      sizeBytes: image.sizeBytes,
      mediaType: image.mediaType === 'image/jpeg' ? 'image/jpeg' : 'image/png',
      nodeName,
      madeAtMs: nowMs(),
    });
    return {
      sha256,
      result: 'different',
      detail: `${nodeName} made another image; it is kept beside the lost one and marked as made again.`,
    };
  }
}

/** The specification that the executor goes by; it is stored nowhere. */
function describeRun(testbed: Testbed, taskCount: number, nowMs: number): StoredRun {
  return {
    id: newId('remake'),
    spec: {
      name: 'Images made again',
      testbedId: testbed.id,
      datasetId: '',
      taskCount,
      seed: 0,
      qualitySteps: { min: 1, max: 1 },
      arrivals: { kind: 'all-at-once' },
      scheduler: 'local-only',
      allowRepeatedPrompts: true,
      maxAttempts: ATTEMPTS,
    },
    specSha256: '',
    state: 'queued',
    timeScale: testbed.timeScale,
    isSimulated: testbed.kind === 'virtual',
    programVersion: '',
    createdAtMs: nowMs,
    startedAtMs: null,
    finishedAtMs: null,
    clockStoppedAtMs: null,
    clockStoppedMs: 0,
    nodesSnapshot: [],
    lowerBoundMs: null,
    lowerBoundRule: null,
    invalidReasons: [],
    hostDelay: null,
    axis: 'run',
    series: null,
  };
}

/** What came of it, in words. */
export function describeRemade(results: readonly RemadeImage[]): string {
  const count = (result: RemadeImage['result']): number => results.filter((each) => each.result === result).length;
  const failed = results.filter(({ result }) => result === 'failed');
  const reasons = [...new Set(failed.map(({ detail }) => detail))].slice(0, 3).join(' ');
  const different = count('different') > 0 ? `, ${count('different')} as another image that is marked` : '';
  return `${count('same')} of ${results.length} images are as they were${different}${failed.length > 0 ? `; ${failed.length} could not be made: ${reasons}` : ''}.`;
}
