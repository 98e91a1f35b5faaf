// One image outside any run, to prove that this node works. It waits its turn in the queue like everything else.
import { randomUUID } from 'node:crypto';

import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';

import { type GenerationTimings, type Image, type ProbeRequest, TaskSchema } from '../shared/rpc/gen/agent_pb.js';
import type { EdgeServer, Execution } from './edge-server/edge-server.js';
import { leaseOfTask } from '../shared/task-life/lease.js';
import { outcomeOfExecution } from './edge-server/execution-outcome.js';
import type { ResultStore } from './results/result-store.js';

/** Side of the probe's image, as in the paper's workload. */
const PROBE_SIDE_PX = 512;

export class Probe {
  readonly #nodeId: string;
  readonly #edgeServer: EdgeServer;
  readonly #results: ResultStore;
  /** The last probe's image stays to be fetched until the next one. */
  #keptSha256: string | null = null;

  constructor(options: { nodeId: string; edgeServer: EdgeServer; results: ResultStore }) {
    this.#nodeId = options.nodeId;
    this.#edgeServer = options.edgeServer;
    this.#results = options.results;
  }

  /** Makes the image; throws a ConnectError when the worker fails or the signal ends the wait. */
  async make(
    request: Pick<ProbeRequest, 'prompt' | 'seed' | 'qualitySteps'>,
    signal: AbortSignal,
  ): Promise<{ image: Image; computeMs: number; timings: GenerationTimings | undefined }> {
    const { prompt, seed, qualitySteps } = request;
    const id = `probe-${randomUUID()}`;
    const baseStationId = this.#nodeId;
    const task = create(TaskSchema, { id, prompt, seed, qualitySteps, widthPx: PROBE_SIDE_PX, heightPx: PROBE_SIDE_PX, baseStationId });
    const lease = leaseOfTask(task);
    const execution = await new Promise<Execution>((resolve, reject) => {
      signal.addEventListener(
        'abort',
        () => {
          this.#edgeServer.withdraw([lease], { keepRunning: false });
          reject(new ConnectError('the probe was canceled', Code.Canceled));
        },
        { once: true },
      );
      const answer = this.#edgeServer.admit(task, { expectedBacklogMs: -1, slackMs: 0, onEnd: resolve });
      if (answer !== 'accepted') reject(new ConnectError('the queue is full', Code.ResourceExhausted));
    });
    this.#edgeServer.taken(lease);
    const { image, errorMessage, timings } = outcomeOfExecution(execution, this.#nodeId, 0);
    if (!image || !execution.image) throw new ConnectError(errorMessage, Code.Internal);
    await this.#results.putImage(image.sha256, execution.image.bytes);
    const previous = this.#keptSha256;
    this.#keptSha256 = image.sha256;
    if (previous) await this.#results.releaseImage(previous);
    return { image, computeMs: execution.computeMs, timings };
  }
}
