// Calibrations: all nodes of a testbed at once, each found figure kept with its node. A node's failure stays its own.
import type { StartCalibrationInput } from '../../../../shared/api/calibration-inputs.js';
import type { CalibratedNode, CalibrationRun } from '../../../../shared/calibration.js';
import { AppError } from '../../../../shared/errors.js';
import type { Testbed, TestbedNode } from '../../../../shared/testbed.js';
import type { ClientIdentity } from '../../../adapters/agents/agent-client.js';
import { openAgentClient } from '../../../adapters/agents/open-agent-client.js';
import { ChangeTopic } from '../../../foundation/live/change-topic.js';
import { watchSnapshots } from '../../../foundation/live/watch-snapshots.js';
import type { Log } from '../../../adapters/log/log.js';
import { describeFailure } from '../../../adapters/log/report-fault.js';
import type { TestbedRepository } from '../../../adapters/storage/testbed-repository.js';
import { fitTimeModel } from './fit-time-model.js';
import { measureNode, sampleCount } from './measure-node.js';

export interface CalibrationServiceOptions {
  testbeds: Pick<TestbedRepository, 'getTestbed' | 'updateNode'>;
  identities: { controlCenter(testbedId: string): Promise<ClientIdentity> };
  /** What is using the testbed now, in words that follow "while"; null when nothing does. */
  describeUse: (testbedId: string) => string | null;
  /** Announced when nodes have changed. */
  changes: ChangeTopic;
  newId(prefix: string): string;
  nowMs(): number;
  recordEvent(event: { kind: string; subjectId: string; message: string }): void;
  log?: Log;
}

interface RunningCalibration {
  run: CalibrationRun;
  cancel: AbortController;
  ended: Promise<void>;
}

export class CalibrationService {
  readonly #options: CalibrationServiceOptions;
  readonly #calibrations = new Map<string, RunningCalibration>();
  readonly #progress = new ChangeTopic();

  constructor(options: CalibrationServiceOptions) {
    this.#options = options;
  }

  /** Begins in the background. Throws `not-found`, `unsupported` without a real node, `conflict` while the testbed is in use. */
  start(input: StartCalibrationInput): CalibrationRun {
    const { testbeds, describeUse, newId, nowMs } = this.#options;
    const testbed = testbeds.getTestbed(input.testbedId);
    if (!testbed) throw new AppError('not-found', `There is no testbed "${input.testbedId}".`, 'List the testbeds to see which there are.');
    const nodes = chooseNodes(testbed, input.nodeIds);
    const use = this.isCalibrating(testbed.id) ? 'it is being calibrated' : describeUse(testbed.id);
    if (use !== null)
      throw new AppError('conflict', `Testbed "${testbed.name}" can't be calibrated while ${use}.`, 'Wait until it has ended.');
    const imageCount = sampleCount(input.imagesPerCount);
    const run: CalibrationRun = {
      id: newId('calibration'),
      testbedId: testbed.id,
      state: 'running',
      startedAtMs: nowMs(),
      finishedAtMs: null,
      nodes: nodes.map(({ id, name }) => ({
        nodeId: id,
        nodeName: name,
        state: 'running',
        samples: [],
        imageCount,
        calibration: null,
        error: null,
      })),
    };
    const entry: RunningCalibration = { run, cancel: new AbortController(), ended: Promise.resolve() };
    this.#calibrations.set(run.id, entry);
    entry.ended = this.#carryOut(entry, nodes, input.imagesPerCount);
    return structuredClone(run);
  }

  /** Throws `not-found`. */
  get(id: string): CalibrationRun {
    return structuredClone(this.#find(id).run);
  }

  /** Resolves when nothing is measured any more; nodes that were done keep their figures. */
  async cancel(id: string): Promise<void> {
    const entry = this.#find(id);
    entry.cancel.abort();
    await entry.ended;
  }

  /** Yields the whole state at once and after each image (conflated), and ends when it has ended. */
  watch(id: string, signal: AbortSignal): AsyncIterable<CalibrationRun> {
    const { run } = this.#find(id);
    return watchSnapshots(
      {
        read: () => structuredClone(run),
        subscribe: (listener) => this.#progress.subscribe(listener),
        isLast: ({ state }) => state !== 'running',
      },
      signal,
    );
  }

  /** Those under way, with the names of their testbeds. */
  listOpen(): (CalibrationRun & { testbedName: string })[] {
    const running = [...this.#calibrations.values()].filter(({ run }) => run.state === 'running');
    return running.map(({ run }) => {
      const testbedName = this.#options.testbeds.getTestbed(run.testbedId)?.name ?? run.testbedId;
      return { ...structuredClone(run), testbedName };
    });
  }

  isCalibrating(testbedId: string): boolean {
    return [...this.#calibrations.values()].some(({ run }) => run.testbedId === testbedId && run.state === 'running');
  }

  /** Cancels what runs, and waits for it. */
  async close(): Promise<void> {
    for (const { cancel } of this.#calibrations.values()) cancel.abort();
    await Promise.all([...this.#calibrations.values()].map(({ ended }) => ended));
  }

  async #carryOut({ run, cancel }: RunningCalibration, nodes: readonly TestbedNode[], imagesPerCount: number): Promise<void> {
    await Promise.all(
      run.nodes.map(async (progress) => {
        const node = nodes.find(({ id }) => id === progress.nodeId);
        if (!node) return;
        await this.#calibrate(node, progress, imagesPerCount, cancel.signal).catch((thrown: unknown) => {
          const isCancelled = cancel.signal.aborted;
          Object.assign(progress, {
            state: isCancelled ? 'cancelled' : 'failed',
            error: isCancelled
              ? null
              : describeFailure(this.#options.log, thrown, { doing: 'calibration', nodeId: node.id, testbedId: run.testbedId }),
          });
        });
        this.#progress.announce();
      }),
    );
    const states = run.nodes.map(({ state }) => state);
    run.state = cancel.signal.aborted ? 'cancelled' : states.includes('failed') ? 'failed' : 'succeeded';
    run.finishedAtMs = this.#options.nowMs();
    this.#progress.announce();
  }

  async #calibrate(node: TestbedNode, progress: CalibratedNode, imagesPerCount: number, signal: AbortSignal): Promise<void> {
    const { testbeds, identities, changes, nowMs, recordEvent } = this.#options;
    if (node.agentPort === null || node.provisionState !== 'ready') {
      throw new AppError('conflict', `Node "${node.name}" is not ready.`, 'Provision it first.');
    }
    const identity = await identities.controlCenter(node.testbedId);
    const client = await openAgentClient({ nodeId: node.id, host: node.host, port: node.agentPort, identity });
    try {
      const onSample = (sample: CalibratedNode['samples'][number]): void => {
        progress.samples.push(sample);
        this.#progress.announce();
      };
      await measureNode({ nodeName: node.name, client, imagesPerCount, signal, onSample });
    } finally {
      client.close();
    }
    const { fixedSec, secPerStep, residualSec } = fitTimeModel(progress.samples);
    const calibration = { fixedSec, secPerStep, residualSec, imageCount: progress.samples.length, measuredAtMs: nowMs() };
    testbeds.updateNode(node.id, { calibration });
    changes.announce();
    Object.assign(progress, { state: 'succeeded', calibration });
    const figures = `${fixedSec.toFixed(2)} s and ${secPerStep.toFixed(3)} s a step`;
    recordEvent({ kind: 'node-calibrated', subjectId: node.id, message: `Node “${node.name}” takes ${figures} for an image` });
  }

  #find(id: string): RunningCalibration {
    const entry = this.#calibrations.get(id);
    if (!entry) throw new AppError('not-found', `There is no calibration ${id}.`, 'It is forgotten when the program ends.');
    return entry;
  }
}

/** Virtual nodes are what their settings say. */
function chooseNodes(testbed: Testbed, nodeIds: readonly string[] | undefined): TestbedNode[] {
  const unknown = nodeIds?.find((id) => !testbed.nodes.some((node) => node.id === id));
  if (unknown !== undefined) throw new AppError('not-found', `Testbed "${testbed.name}" has no node "${unknown}".`, 'List its nodes.');
  const nodes = testbed.nodes.filter(({ id, virtual }) => virtual === null && (nodeIds?.includes(id) ?? true));
  if (nodes.length > 0) return nodes;
  throw new AppError(
    'unsupported',
    `Testbed "${testbed.name}" has no real node to calibrate.`,
    'How long a virtual node takes is a setting of its testbed.',
  );
}
