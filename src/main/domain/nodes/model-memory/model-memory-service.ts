// Measures the original and the refined model on the same device, one after the other, over SSH and beside the agent.
import type { CompareMemoryInput } from '../../../../shared/api/memory-inputs.js';
import { AppError, notThere } from '../../../../shared/errors.js';
import type { MemoryComparison, ModelMemory } from '../../../../shared/model-memory.js';
import { hasT5 } from '../../../../shared/model-variant.js';
import type { TestbedNode } from '../../../../shared/testbed.js';
import { lookAtNode } from '../../models/push/look-at-node.js';
import { pushedModelPath } from '../../models/push/pushed-model-path.js';
import { INSTALL_DIR } from '../provisioning/agent-config-for.js';
import type { NodeConnector } from '../access/node-connector.js';
import type { SshConnection } from '../../../adapters/ssh/ssh-connection.js';
import { printable } from '../../../adapters/ssh/ssh-errors.js';
import type { MemoryRepository } from '../../../adapters/storage/memory-repository.js';
import type { StoredModel } from '../../../adapters/storage/model-repository.js';
import { parseMeasurement } from './parse-measurement.js';

export interface ModelMemoryServiceOptions {
  getNode(nodeId: string): TestbedNode | null;
  getModel(modelId: string): StoredModel | null;
  connector: Pick<NodeConnector, 'connect'>;
  comparisons: Pick<MemoryRepository, 'append' | 'list'>;
  /** What is using the testbed now, in words that follow "while"; null when nothing does. */
  describeUse: (testbedId: string) => string | null;
  nowMs(): number;
}

/** Real ms for one model: 16 GB from a slow card, and two steps on a processor. */
const MEASURE_TIMEOUT_MS = 1_800_000;

export class ModelMemoryService {
  readonly #options: ModelMemoryServiceOptions;

  constructor(options: ModelMemoryServiceOptions) {
    this.#options = options;
  }

  /**
   * Loads both models on the node in turn, which takes minutes, and reports what each took. Throws `invalid-input`, `not-found` where a model is
   * not on the node, `conflict` while the testbed is in use, `agent-failed` with what went wrong there, and why the node was not reached.
   */
  async compare(input: CompareMemoryInput, signal: AbortSignal): Promise<MemoryComparison> {
    const { getNode, connector, comparisons, describeUse, nowMs } = this.#options;
    const node = getNode(input.nodeId);
    if (!node) throw new AppError('not-found', `There is no node “${input.nodeId}”.`, 'List the testbeds to see their nodes.');
    const [original, refined] = [this.#model(input.originalModelId), this.#model(input.refinedModelId)];
    if (!hasT5(original))
      throw new AppError('invalid-input', `Model “${original.name}” has no T5.`, 'Name the model as it was before it was refined.');
    if (hasT5(refined))
      throw new AppError('invalid-input', `Model “${refined.name}” still has T5.`, 'Refine it first: npm run cli -- model strip.');
    const use = describeUse(node.testbedId);
    if (use !== null) throw new AppError('conflict', `Node "${node.name}" can't be measured while ${use}.`, 'Wait until it has ended.');
    const outcome = await connector.connect(node, { acceptNew: false, signal });
    if (outcome.kind !== 'connected') throw outcome.error;
    const { connection } = outcome;
    try {
      const measured = {
        original: await measure(connection, node, original, signal),
        refined: await measure(connection, node, refined, signal),
      };
      const [before, after] = [measured.original.takenBytes, measured.refined.takenBytes];
      const savedFraction = before === null || after === null || before === 0 ? null : 1 - after / before;
      const comparison = { nodeId: node.id, nodeName: node.name, measuredAtMs: Math.round(nowMs()), ...measured, savedFraction };
      comparisons.append(comparison);
      return comparison;
    } finally {
      connection.close();
    }
  }

  /** What was measured of all nodes, the newest first. */
  list(): MemoryComparison[] {
    return this.#options.comparisons.list();
  }

  #model(id: string): StoredModel {
    const model = this.#options.getModel(id);
    if (!model) throw notThere('model', id);
    return model;
  }
}

async function measure(connection: SshConnection, node: TestbedNode, model: StoredModel, signal: AbortSignal): Promise<ModelMemory> {
  const there = await lookAtNode({
    exec: (command, options) => connection.exec(command, { ...options, signal }),
    nodeName: node.name,
    model,
  });
  if (!there.isWhole) {
    throw new AppError('not-found', `Model “${model.name}” is not on node "${node.name}".`, `Push it first: npm run cli -- model push.`);
  }
  const isWithT5 = hasT5(model);
  const modelPath = pushedModelPath(model).slice(INSTALL_DIR.length + 1);
  const command = `cd ${INSTALL_DIR} && [ -x worker/python ] || { echo 'no worker' >&2; exit 9; }; exec ./worker/python -B worker/measure.py`;
  const { code, stdout, stderr } = await connection.exec(command, {
    stdin: Buffer.from(JSON.stringify({ modelPath, withT5: isWithT5 })),
    signal,
    timeoutMs: MEASURE_TIMEOUT_MS,
  });
  if (code === 9) throw new AppError('conflict', `Node "${node.name}" has no image worker.`, 'Provision it with the worker resd3-m first.');
  if (code !== 0) {
    const said = printable(stderr.trim().split('\n').at(-1) ?? '');
    const how = code === null ? 'was killed, as a system does when its memory is used up' : `ended with status ${code}`;
    throw new AppError(
      'agent-failed',
      `Measuring “${model.name}” on node "${node.name}" ${how}${said ? ` (${said})` : ''}.`,
      'Free memory there.',
    );
  }
  return { ...parseMeasurement(stdout, node.name), modelId: model.id, modelName: model.name, hasT5: isWithT5 };
}
