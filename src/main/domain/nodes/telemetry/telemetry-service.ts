// Live telemetry of nodes: sampled only while someone looks, one connection a node however many look.
import { AppError } from '../../../../shared/errors.js';
import { powerOf } from '../../../../shared/node-power.js';
import {
  HARDWARE_AGE_LIMIT_MS,
  hottestOf,
  type NodeHardware,
  type NodeTelemetry,
  TELEMETRY_INTERVAL_MS,
} from '../../../../shared/telemetry.js';
import type { TestbedNode } from '../../../../shared/testbed.js';
import { watchSnapshots } from '../../../foundation/live/watch-snapshots.js';
import type { NodeConnector } from '../access/node-connector.js';
import { NodeSampler } from './node-sampler.js';

export interface TelemetryServiceOptions {
  getNode: (nodeId: string) => TestbedNode | null;
  connector: Pick<NodeConnector, 'connect'>;
  nowMs: () => number;
}

export class TelemetryService {
  readonly #options: TelemetryServiceOptions;
  readonly #samplers = new Map<string, { sampler: NodeSampler; access: string }>();

  constructor(options: TelemetryServiceOptions) {
    this.#options = options;
  }

  /** What a node's hardware does, newest last; sampled over SSH while someone watches. Throws `not-found`; what fails later is in the value. */
  async *watch(nodeId: string, signal: AbortSignal): AsyncGenerator<NodeTelemetry> {
    const sampler = this.#samplerOf(nodeId);
    const release = sampler.watch();
    try {
      yield* watchSnapshots(
        {
          read: () => sampler.snapshot(),
          subscribe: (listener) => sampler.topic.subscribe(listener),
          minIntervalMs: TELEMETRY_INTERVAL_MS / 4,
        },
        signal,
      );
    } finally {
      release();
    }
  }

  /** The newest sample of each of these nodes that is sampled now, as by a run that measures power. Starts nothing, so that a look costs no node. */
  latest(nodeIds: readonly string[]): NodeHardware[] {
    return nodeIds.flatMap((nodeId) => {
      const telemetry = this.#samplers.get(nodeId)?.sampler.snapshot();
      const sample = telemetry?.samples.at(-1);
      if (!telemetry || !sample || this.#options.nowMs() - sample.atMs > HARDWARE_AGE_LIMIT_MS) return [];
      const { atMs, gpuPercent, memoryUsedBytes } = sample;
      const watts = powerOf(telemetry, sample)?.watts ?? null;
      const celsius = hottestOf(sample)?.celsius ?? null;
      return [{ nodeId, atMs, watts, celsius, gpuPercent, memoryUsedBytes, isOfHost: telemetry.isOfHost }];
    });
  }

  /** Ends the connections to nodes that no one is to watch any more. */
  async forget(nodeIds: readonly string[]): Promise<void> {
    const samplers = nodeIds.flatMap((nodeId) => this.#samplers.get(nodeId)?.sampler ?? []);
    for (const nodeId of nodeIds) this.#samplers.delete(nodeId);
    await Promise.all(samplers.map((sampler) => sampler.close()));
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    await Promise.all([...this.#samplers.values()].map(({ sampler }) => sampler.close()));
  }

  /** A node whose address or login has changed starts again. */
  #samplerOf(nodeId: string): NodeSampler {
    const { getNode, connector, nowMs } = this.#options;
    const node = getNode(nodeId);
    if (!node) throw new AppError('not-found', `There is no node “${nodeId}”.`, 'List the testbeds to see their nodes.');
    const access = JSON.stringify([node.host, node.port, node.user, node.auth, node.keyFile]);
    const known = this.#samplers.get(nodeId);
    if (known?.access === access) return known.sampler;
    void known?.sampler.close();
    const sampler = new NodeSampler({ node, nowMs, connect: (to, signal) => connector.connect(to, { acceptNew: false, signal }) });
    this.#samplers.set(nodeId, { sampler, access });
    return sampler;
  }
}
