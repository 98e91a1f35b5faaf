// A provisioning as rows and columns: nodes that failed first, steps that have nothing to say folded; pure.
import { formatDuration } from '../../../shared/format.js';
import {
  type NodeProvision,
  type ProvisioningKind,
  type ProvisioningRun,
  type ProvisionStep,
  percentOfStep,
  type ProvisionStepName,
  titleOfStep,
} from '../../../shared/provisioning.js';
import type { JobState } from '../../../shared/job.js';
import { STEP_STATUS } from '../../components/status.js';

export const NODE_FILTERS = ['all', 'failed', 'running', 'done', 'waiting'] as const;
export type NodeFilter = (typeof NODE_FILTERS)[number];

export const NODE_FILTER_TITLES: Record<NodeFilter, string> = {
  all: 'All',
  failed: 'Failed',
  running: 'Running',
  done: 'Done',
  waiting: 'Waiting',
};

/** Short enough to stand over a column of ticks; the whole title is its tooltip and its name. */
const SHORT_TITLES: Record<ProvisionStepName, string> = {
  connect: 'Connect',
  facts: 'Facts',
  preflight: 'Preflight',
  runtime: 'Node.js',
  certificate: 'Cert',
  agent: 'Agent',
  python: 'Python',
  model: 'Model',
  service: 'Service',
  health: 'Health',
};

const FILTER_OF: Record<JobState, Exclude<NodeFilter, 'all'>> = {
  failed: 'failed',
  cancelled: 'failed',
  running: 'running',
  stopping: 'running',
  succeeded: 'done',
  queued: 'waiting',
  paused: 'waiting',
};
/** From what needs a person to what is done. */
const ORDER: Record<Exclude<NodeFilter, 'all'>, number> = { failed: 0, running: 1, waiting: 2, done: 3 };

export function filterOf({ state }: Pick<NodeProvision, 'state'>): Exclude<NodeFilter, 'all'> {
  return FILTER_OF[state];
}

export function countByFilter(nodes: readonly Pick<NodeProvision, 'state'>[]): Record<NodeFilter, number> {
  const counts: Record<NodeFilter, number> = { all: nodes.length, failed: 0, running: 0, done: 0, waiting: 0 };
  for (const node of nodes) counts[filterOf(node)] += 1;
  return counts;
}

/** Failed first, each group in the order of the testbed. */
export function listRows(nodes: readonly NodeProvision[], filter: NodeFilter): NodeProvision[] {
  return nodes
    .filter((node) => filter === 'all' || filterOf(node) === filter)
    .map((node, index) => ({ node, index }))
    .sort((left, right) => ORDER[filterOf(left.node)] - ORDER[filterOf(right.node)] || left.index - right.index)
    .map(({ node }) => node);
}

export interface StepColumn {
  name: ProvisionStepName;
  header: string;
  title: string;
  /** Nodes that are done with it, and that failed in it. */
  done: number;
  failed: number;
  /** It had nothing to do on any node, and all are done with it. */
  isFolded: boolean;
}

export function listColumns({ kind, nodes }: Pick<ProvisioningRun, 'kind' | 'nodes'>): StepColumn[] {
  const names = nodes[0]?.steps.map(({ name }) => name) ?? [];
  return names.map((name) => {
    const steps = nodes.flatMap((node) => node.steps.find((step) => step.name === name) ?? []);
    return {
      name,
      header: SHORT_TITLES[name],
      title: titleOfStep(kind, name),
      done: steps.filter(({ state }) => state === 'changed' || state === 'unchanged').length,
      failed: steps.filter(({ state }) => state === 'failed').length,
      isFolded: isUntouched(kind, name, steps),
    };
  });
}

function isUntouched(kind: ProvisioningKind, name: ProvisionStepName, steps: readonly ProvisionStep[]): boolean {
  // What everything rests on stays in sight.
  if (kind !== 'apply' || name === 'connect' || name === 'health') return false;
  return steps.length > 0 && steps.every(({ state }) => state === 'unchanged');
}

/** What a cell says: its word for readers and tooltips, and where it is not plainly done, for the eye too. */
export interface CellWords {
  name: string;
  tip: string;
  word: string | null;
  /** Of a step that runs; null where it is not known. */
  percent: number | null;
}

export function describeCell(step: ProvisionStep, title: string, nodeName: string): CellWords {
  const { label } = STEP_STATUS[step.state];
  const isPlain = step.state === 'changed' || step.state === 'unchanged' || step.state === 'queued' || step.state === 'skipped';
  const took =
    step.startedAtMs === null || step.finishedAtMs === null ? '' : `, took ${formatDuration(step.finishedAtMs - step.startedAtMs)}`;
  const why = step.error?.message ?? step.detail;
  const percent = percentOfStep(step);
  const state = `${label.toLowerCase()}${percent === null ? '' : `, ${percent}%`}`;
  return {
    name: `${nodeName}, ${title}: ${state}`,
    tip: `${title}: ${state}${took}${why === null ? '' : `. ${why}`}`,
    word: isPlain ? null : percent === null ? label : `${percent}%`,
    percent,
  };
}

/** The step to look at in a node: that which failed, else that which runs, else the last that ended. */
export function stepToShow({ steps }: Pick<NodeProvision, 'steps'>): ProvisionStepName | null {
  const found =
    steps.find(({ state }) => state === 'failed') ??
    steps.find(({ state }) => state === 'running') ??
    steps.findLast(({ finishedAtMs }) => finishedAtMs !== null);
  return found?.name ?? null;
}
