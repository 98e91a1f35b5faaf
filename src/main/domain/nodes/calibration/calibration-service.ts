// Calibrations: all nodes of a testbed at once, each found figure kept with its node. A node's failure stays its own.
import type { StartCalibrationInput } from '../../../../shared/api/calibration-inputs.js';
import type { CalibrationRun, CalibrationSample } from '../../../../shared/calibration.js';
import { AppError, notThere } from '../../../../shared/errors.js';
import type { Testbed, TestbedNode } from '../../../../shared/testbed.js';
import type { ClientIdentity } from '../../../adapters/agents/agent-client.js';
import { openAgentClient } from '../../../adapters/agents/open-agent-client.js';
import type { ChangeTopic } from '../../../foundation/live/change-topic.js';
import type { Log } from '../../../adapters/log/log.js';
import { describeFailure } from '../../../adapters/log/report-internal-error.js';
import type { TestbedRepository } from '../../../adapters/storage/testbed-repository.js';
import type { JobContext, JobEnd } from '../../jobs/job-kind.js';
import type { JobEngine } from '../../jobs/job-engine.js';
import type { JobsOfKind } from '../../jobs/jobs-of-kind.js';
import { type CalibrationDetail, calibrationEnd, calibrationJobs, changeNode, startedNode, toCalibrationRun } from './calibration-job.js';
import { fitTimeModel } from './fit-time-model.js';
import { measureNode, sampleCount } from './measure-node.js';

export interface CalibrationServiceOptions {
  testbeds: Pick<TestbedRepository, 'getTestbed' | 'updateNode'>;
  identities: { controlCenter(testbedId: string): Promise<ClientIdentity> };
  /** What is using the testbed now, in words that follow "while"; null when nothing does. */
  describeUse: (testbedId: string) => string | null;
  /** Announced when nodes have changed. */
  changes: ChangeTopic;
  jobs: JobEngine;
  nowMs(): number;
  recordEvent(event: { kind: string; subjectId: string; message: string }): void;
  log?: Log;
}

export class CalibrationService {
  readonly #options: CalibrationServiceOptions;
  readonly #jobs: JobsOfKind<CalibrationDetail>;

  constructor(options: CalibrationServiceOptions) {
    this.#options = options;
    const requireFree = (testbedId: string): void => this.#requireFree(this.#testbed(testbedId));
    this.#jobs = options.jobs.plugIn(calibrationJobs({ run: (context) => this.#carryOut(context), requireFree }));
  }

  /** Starts in the background. Throws `not-found`, `unsupported` without a real node, `conflict` while the testbed is in use. */
  start({ testbedId, nodeIds, imagesPerCount }: StartCalibrationInput): CalibrationRun {
    const testbed = this.#testbed(testbedId);
    const chosen = chooseNodes(testbed, nodeIds);
    this.#requireFree(testbed);
    const imageCount = sampleCount(imagesPerCount);
    const nodes = chosen.map(({ id, name }) => startedNode({ nodeId: id, nodeName: name }, imageCount));
    const subject = { kind: 'testbed', id: testbed.id, name: testbed.name } as const;
    return toCalibrationRun(this.#jobs.start({ title: 'Calibrate', subject, detail: { imagesPerCount, nodes } }));
  }

  /** Throws `not-found`. */
  get(id: string): CalibrationRun {
    return toCalibrationRun(this.#jobs.get(id));
  }

  /** Yields the whole state at once and after each image (conflated), and ends when it has ended. */
  watch(id: string, signal: AbortSignal): AsyncIterable<CalibrationRun> {
    return this.#jobs.watch(id, signal, toCalibrationRun);
  }

  isCalibrating(testbedId: string): boolean {
    return this.#jobs.open().some(({ subject }) => subject.id === testbedId);
  }

  async #carryOut(context: JobContext<CalibrationDetail>): Promise<JobEnd> {
    const { cancelling: signal, subject } = context;
    const open = context.detail.nodes.filter(({ state }) => state === 'running');
    await Promise.all(
      open.map(async ({ nodeId }) => {
        try {
          await this.#calibrate(nodeId, context);
        } catch (thrown) {
          const fields = { doing: 'calibration', nodeId, testbedId: subject.id ?? '' };
          const error = signal.aborted ? null : describeFailure(this.#options.log, thrown, fields);
          changeNode(context, nodeId, () => ({ state: signal.aborted ? 'cancelled' : 'failed', error }));
        }
        context.keep();
      }),
    );
    return calibrationEnd(context.detail, signal.aborted);
  }

  async #calibrate(nodeId: string, context: JobContext<CalibrationDetail>): Promise<void> {
    const { testbeds, identities, changes, nowMs, recordEvent } = this.#options;
    const node = this.#testbed(context.subject.id ?? '').nodes.find(({ id }) => id === nodeId);
    if (!node) throw new AppError('not-found', 'The node is no longer part of the testbed.', 'Calibrate the other nodes.');
    if (node.agentPort === null || node.provisionState !== 'ready') {
      throw new AppError('conflict', `Node "${node.name}" is not ready.`, 'Provision it first.');
    }
    const identity = await identities.controlCenter(node.testbedId);
    const client = await openAgentClient({ nodeId, host: node.host, port: node.agentPort, identity });
    const samples: CalibrationSample[] = [];
    try {
      const onSample = (sample: CalibrationSample): void => {
        samples.push(sample);
        changeNode(context, nodeId, () => ({ samples: [...samples] }));
      };
      const { imagesPerCount } = context.detail;
      await measureNode({ nodeName: node.name, client, imagesPerCount, signal: context.cancelling, onSample });
    } finally {
      client.close();
    }
    const { fixedSec, secPerStep, residualSec } = fitTimeModel(samples);
    const calibration = { fixedSec, secPerStep, residualSec, imageCount: samples.length, measuredAtMs: nowMs() };
    testbeds.updateNode(nodeId, { calibration });
    changes.announce();
    changeNode(context, nodeId, () => ({ state: 'succeeded', calibration }));
    const message = `Node “${node.name}” takes ${fixedSec.toFixed(2)} s and ${secPerStep.toFixed(3)} s per step for an image`;
    context.log(message);
    recordEvent({ kind: 'node-calibrated', subjectId: nodeId, message });
  }

  #testbed(testbedId: string): Testbed {
    const testbed = this.#options.testbeds.getTestbed(testbedId);
    if (testbed) return testbed;
    throw notThere('testbed', testbedId);
  }

  #requireFree({ id, name }: Testbed): void {
    const use = this.isCalibrating(id) ? 'it is being calibrated' : this.#options.describeUse(id);
    if (use === null) return;
    throw new AppError('conflict', `Testbed "${name}" can't be calibrated while ${use}.`, 'Wait until it has ended.');
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
