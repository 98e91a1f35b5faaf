// Gathers what is on record and tells the path from it. Looks at no node, and changes nothing.
import type { PathInput } from '../../../shared/api/path-inputs.js';
import type { Comparison } from '../../../shared/comparison.js';
import type { Dataset } from '../../../shared/dataset.js';
import { notThere } from '../../../shared/errors.js';
import type { Job } from '../../../shared/job.js';
import type { LabPath } from '../../../shared/lab-path.js';
import type { ModelPush } from '../../../shared/model-push.js';
import type { Model } from '../../../shared/model.js';
import type { NodeCheck } from '../../../shared/node-check.js';
import type { HostKeyQuestion, NodeDesiredState } from '../../../shared/provisioning.js';
import { DEFAULT_DESIRED_STATE } from '../../../shared/provisioning.js';
import type { RunSummary } from '../../../shared/run.js';
import type { Testbed, TestbedNode } from '../../../shared/testbed.js';
import type { WheelList } from '../../../shared/wheels.js';
import { describePath } from './describe-path.js';
import type { LastProvision, MeasuredRow, NodeSituation } from './situation.js';

/** Where everything is on record. */
export interface PathServiceOptions {
  listTestbeds(): Testbed[];
  listDesired(testbedId: string): NodeDesiredState[];
  /** When the node's host key was put on record, epoch ms; null where none is. */
  hostKeyAtMs(node: TestbedNode): number | null;
  /** Host keys that wait for the user's word. */
  listQuestions(testbedId: string): HostKeyQuestion[];
  /** The last check of each node by its id. */
  lastChecks(): ReadonlyMap<string, NodeCheck>;
  /** The last provisioning or removal that a node was part of. */
  lastProvision(nodeId: string): LastProvision | null;
  listModels(): Model[];
  listWheels(): Promise<WheelList[]>;
  listDatasets(): Dataset[];
  /** Of all testbeds, in any order. */
  listRuns(): RunSummary[];
  listPushes(): ModelPush[];
  listOpenJobs(): Job[];
  /** Table V with these runs as rows. */
  compare(runIds: string[]): Comparison;
  nowMs(): number;
}

/** Of the platform in Table V that the paper measured itself. */
const PAPER_ROW = 'paper:dedgeai';

export class PathService {
  readonly #options: PathServiceOptions;

  constructor(options: PathServiceOptions) {
    this.#options = options;
  }

  /** The path of a testbed; of the one that was worked with last where none is named. Throws `not-found`. */
  async get({ testbedId }: PathInput): Promise<LabPath> {
    const options = this.#options;
    const testbeds = options.listTestbeds();
    const runs = options.listRuns().toSorted((a, b) => b.createdAtMs - a.createdAtMs);
    const testbed = testbedId === undefined ? chooseTestbed(testbeds, runs) : findTestbed(testbeds, testbedId);
    const own = runs.filter(({ spec }) => spec.testbedId === testbed?.id);
    return describePath({
      nowMs: options.nowMs(),
      testbeds,
      testbed,
      nodes: testbed ? this.#lookAtNodes(testbed) : [],
      models: options.listModels(),
      wheels: testbed?.kind === 'virtual' ? [] : await options.listWheels(),
      datasets: options.listDatasets(),
      runs: own,
      pushes: options.listPushes(),
      openJobs: options.listOpenJobs(),
      ...this.#lookAtTable(own),
    });
  }

  #lookAtNodes(testbed: Testbed): NodeSituation[] {
    const { listDesired, listQuestions, lastChecks, lastProvision, hostKeyAtMs } = this.#options;
    const desired = new Map(listDesired(testbed.id).map((each) => [each.nodeId, each.desired]));
    const questions = new Map(listQuestions(testbed.id).map((question) => [question.nodeId, question]));
    const checks = lastChecks();
    return testbed.nodes.map((node) => ({
      node,
      desired: desired.get(node.id) ?? DEFAULT_DESIRED_STATE,
      hostKeyAtMs: hostKeyAtMs(node),
      question: questions.get(node.id) ?? null,
      check: checks.get(node.id) ?? null,
      provision: lastProvision(node.id),
    }));
  }

  #lookAtTable(runs: readonly RunSummary[]): { measuredRows: MeasuredRow[]; paperSec: Map<number, number> } {
    const valid = runs.filter(({ finishedAtMs, metrics, validity }) => {
      return finishedAtMs !== null && metrics.totalGenerationDelayMs !== null && validity.isValid;
    });
    const { rows } = this.#options.compare(valid.map(({ id }) => id));
    const known = (row: Comparison['rows'][number]): [number, number][] =>
      row.delaySec.flatMap(({ count, delaySec }): [number, number][] => (delaySec === null ? [] : [[count, delaySec]]));
    const paper = rows.find(({ id }) => id === PAPER_ROW);
    return {
      measuredRows: rows
        .filter(({ source }) => source === 'measured')
        .map((row) => ({ counts: known(row).map(([count]) => count), isSimulated: row.isSimulated })),
      paperSec: new Map(paper ? known(paper) : []),
    };
  }
}

/** The one that was made or run on last; null while there is none. */
function chooseTestbed(testbeds: readonly Testbed[], runsNewestFirst: readonly RunSummary[]): Testbed | null {
  const lastUseMs = ({ id, createdAtMs }: Testbed): number =>
    Math.max(createdAtMs, runsNewestFirst.find(({ spec }) => spec.testbedId === id)?.createdAtMs ?? 0);
  return testbeds.toSorted((a, b) => lastUseMs(b) - lastUseMs(a))[0] ?? null;
}

function findTestbed(testbeds: readonly Testbed[], id: string): Testbed {
  const testbed = testbeds.find((candidate) => candidate.id === id);
  if (testbed === undefined) throw notThere('testbed', id);
  return testbed;
}
