// From a specification to a run that can start: checks it against testbed, dataset and this machine, and freezes what it rests on.
import type { Dataset } from '../../../shared/dataset.js';
import { AppError } from '../../../shared/errors.js';
import type { RunEstimate, RunSpec } from '../../../shared/run.js';
import { abilitiesNeeded } from '../../../shared/agent-abilities.js';
import { normalizeSettings } from '../../../shared/scheduling-settings.js';
import { type InputPicture, serviceOf } from '../../../shared/service.js';
import type { RunSeriesCell } from '../../../shared/series-cell.js';
import type { Testbed, TestbedNode } from '../../../shared/testbed.js';
import { asStartedWith, type KeptNode, nodesInUse } from '../../../shared/node-use.js';
import { newId } from '../../foundation/new-id.js';
import { boundOf, snapshotNodes } from './bound-of-run.js';
import { checkSpec, type PolicySource, warnAboutPolicy } from './check-spec.js';
import { estimateOverload, type MachineSpeed } from './estimate-overload.js';
import { hashSpec, planRun } from './plan-run.js';
import type { NewTask, StoredRun } from './run-store.js';
import { type ModelOfNode, warnAboutMixture, warnAboutNodes, warnAboutVariants } from './warn-about-nodes.js';

export interface RunPreparationOptions {
  getTestbed(id: string): Testbed;
  /** The nodes that a series keeps from its start; null where that is not known. Absent where none keeps any. */
  nodesOfSeries?: (seriesId: string) => readonly KeptNode[] | null;
  /** Brings the facts of the testbed's nodes up to date, in a bounded time; never rejects. */
  refreshFacts?(testbedId: string): Promise<void>;
  getDataset(id: string): Dataset;
  /** Whether the node's images are drawn instead of generated; absent where all are. */
  isSimulated?: (node: TestbedNode) => boolean;
  /** How fast this machine is, measured when first asked; absent where nothing is to be refused for its sake. */
  machineSpeed?: () => MachineSpeed;
  /** Null where there is none of that id. */
  findTraining?: (id: string) => PolicySource | null;
  /** The policies of a training's last checkpoint, as JSON by ordinal, or one for all nodes. */
  learnedPolicies?: (trainingId: string) => Promise<string[]>;
  listPrompts(datasetId: string): { id: number; text: string; picture?: InputPicture | null }[];
  /** What the node's agent says that it can do; null where it does not answer now. Absent where all can all. */
  skillsOf?: (nodeId: string) => Promise<AgentSkills | null>;
  /** The model that a node's worker generates with; absent where none is on record. */
  modelOf?: ModelOfNode;
  programVersion: string;
  nowMs(): number;
}

/** As an agent describes itself. */
export interface AgentSkills {
  services: readonly string[];
  /** See agent-abilities.ts. */
  abilities: readonly string[];
}

const NO_OVERLOAD = { overload: null, keptTimeScale: null, warnings: [] };

export interface PrepareOptions {
  allowOverload: boolean;
  /** Null of a run of its own. */
  series: RunSeriesCell | null;
}

export interface PreparedRun {
  run: StoredRun;
  tasks: NewTask[];
  /** By node id; empty unless the run is to be scheduled by learned policies. */
  learnedPolicies: Map<string, string>;
}

export class RunPreparation {
  readonly #options: RunPreparationOptions;

  constructor(options: RunPreparationOptions) {
    this.#options = options;
  }

  estimate(spec: RunSpec): RunEstimate {
    const testbed = this.#options.getTestbed(spec.testbedId);
    const problems = this.#problemsOf(spec, testbed);
    const used = nodesInUse(testbed);
    if (used.length === 0) return { lowerBoundMs: null, boundProblem: null, problems, ...NO_OVERLOAD };
    // Prompts do not matter for time: one stands for all.
    const tasks = planRun({
      runId: 'estimate',
      spec,
      prompts: [{ id: 0, text: '' }],
      baseStationIds: used.map((node) => node.id),
    });
    const nodes = snapshotNodes(testbed, this.#isSimulated);
    const { lowerBoundMs, boundProblem } = boundOf(tasks, nodes);
    const speed = this.#options.machineSpeed?.();
    const machine = speed ? estimateOverload({ tasks, nodes, timeScale: testbed.timeScale, speed }) : NO_OVERLOAD;
    const real = used.filter((node) => !this.#isSimulated(node));
    const warnings = [
      ...machine.warnings,
      ...this.#warnAboutPolicy(spec, used.length),
      ...warnAboutNodes(used, this.#options.modelOf),
      ...warnAboutMixture(used),
      ...warnAboutVariants(real),
    ];
    return { lowerBoundMs, boundProblem, problems, ...machine, warnings };
  }

  /** Throws AppError for what can't be started. */
  async prepare(requested: RunSpec, { allowOverload, series }: PrepareOptions): Promise<PreparedRun> {
    const spec = withNormalSettings(requested);
    if (requested.learning !== undefined && series === null) {
      throw new AppError(
        'invalid-input',
        'Learning on the job is measured by a series, not by a run alone',
        'Start one: series start --learning measured.',
      );
    }
    const { refreshFacts, listPrompts, nowMs, programVersion } = this.#options;
    this.#checkedTestbed(spec, series);
    if (!allowOverload) this.#checkMachine(spec);
    await refreshFacts?.(spec.testbedId);
    const learnedPolicies = await this.#learnedPolicies(spec, nodesInUse(this.#checkedTestbed(spec, series)));
    // Once more: testbed and dataset were free to be changed meanwhile.
    const testbed = this.#checkedTestbed(spec, series);
    const used = nodesInUse(testbed);
    await this.#checkSkills(spec, used);
    const id = newId('run');
    const nodesSnapshot = snapshotNodes(testbed, this.#isSimulated);
    const prompts = listPrompts(spec.datasetId);
    const tasks = planRun({ runId: id, spec, prompts, baseStationIds: used.map((node) => node.id) });
    const { lowerBoundMs, lowerBoundRule } = boundOf(tasks, nodesSnapshot);
    const run: StoredRun = {
      id,
      spec,
      specSha256: hashSpec(spec),
      state: 'queued',
      timeScale: testbed.timeScale,
      // One simulated node makes the figures of the whole run simulated.
      isSimulated: used.some(this.#isSimulated),
      programVersion,
      createdAtMs: Math.round(nowMs()),
      startedAtMs: null,
      finishedAtMs: null,
      clockStoppedAtMs: null,
      clockStoppedMs: 0,
      nodesSnapshot,
      excludedNodes: testbed.nodes.flatMap(({ name, isExcluded }) => (isExcluded === true ? [name] : [])),
      lowerBoundMs,
      lowerBoundRule,
      invalidReasons: [],
      hostDelay: null,
      axis: 'run',
      series,
    };
    return { run, tasks, learnedPolicies };
  }

  readonly #isSimulated = (node: TestbedNode): boolean => this.#options.isSimulated?.(node) ?? true;

  /** A run of a series has the nodes that its series started with. */
  #checkedTestbed(spec: RunSpec, series: RunSeriesCell | null): Testbed {
    const now = this.#options.getTestbed(spec.testbedId);
    const kept = series && this.#options.nodesOfSeries?.(series.seriesId);
    const testbed = kept ? asStartedWith(now, kept) : now;
    const [problem] = this.#problemsOf(spec, testbed);
    if (problem) throw new AppError('invalid-input', `The run can't start: ${problem}`);
    return testbed;
  }

  /** An agent that does not know a service would ignore the picture and make the wrong image, or schedule otherwise than the run says. */
  async #checkSkills(spec: RunSpec, nodes: readonly TestbedNode[]): Promise<void> {
    const { skillsOf } = this.#options;
    const service = serviceOf(spec);
    const isLimited = nodes.some(({ heldLimit }) => heldLimit != null);
    const abilities = abilitiesNeeded(spec, { isLimited });
    if ((service === 'text-to-image' && abilities.length === 0) || !skillsOf) return;
    const skills = await Promise.all(nodes.map(({ id }) => skillsOf(id)));
    const lacking = (known: AgentSkills | null | undefined): string[] => {
      if (!known) return [];
      const services = service === 'text-to-image' || known.services.includes(service) ? [] : [service];
      return [...services, ...abilities.filter((ability) => !known.abilities.includes(ability))];
    };
    const lacked = [...new Set(skills.flatMap(lacking))];
    if (lacked.length === 0) return;
    const tooOld = nodes.filter((_node, index) => lacking(skills[index]).length > 0);
    const names = tooOld.map((node) => `${node.name} (agent ${node.agentVersion ?? 'unknown'})`).join(', ');
    throw new AppError('invalid-input', `The run can't start: too old for ${lacked.join(', ')}: ${names}.`, 'Provision the testbed again.');
  }

  #problemsOf(spec: RunSpec, testbed: Testbed): string[] {
    return checkSpec(spec, testbed, this.#options.getDataset(spec.datasetId), this.#options.findTraining);
  }

  #warnAboutPolicy({ scheduler, trainingId }: RunSpec, nodes: number): string[] {
    const training = scheduler === 'learned' && trainingId !== undefined ? this.#options.findTraining?.(trainingId) : null;
    return training ? warnAboutPolicy(training, nodes) : [];
  }

  #checkMachine(spec: RunSpec): void {
    const { overload } = this.estimate(spec);
    if (overload === null) return;
    throw new AppError(
      'invalid-input',
      `The run can't start: ${overload}`,
      'To start it all the same, allow the overload (--allow-overload).',
    );
  }

  async #learnedPolicies({ scheduler, trainingId }: RunSpec, nodes: readonly TestbedNode[]): Promise<Map<string, string>> {
    if (scheduler !== 'learned' || trainingId === undefined) return new Map();
    const policies = (await this.#options.learnedPolicies?.(trainingId)) ?? [];
    const ofNode = (index: number): string | undefined => (policies.length === 1 ? policies[0] : policies[index]);
    return new Map(nodes.flatMap(({ id }, index): [string, string][] => (ofNode(index) === undefined ? [] : [[id, ofNode(index)!]])));
  }
}

/** In one spelling, so that runs that do the same are the same experiment. */
function withNormalSettings(spec: RunSpec): RunSpec {
  const { placingOrder: _placing, queueOrder: _queue, speedWeight: _weight, consideration: _k, learning: _learning, ...rest } = spec;
  return { ...rest, ...normalizeSettings(spec.scheduler, spec) };
}
