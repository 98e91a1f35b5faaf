// Which runs stand together. Runs that were given another amount of work never do, nor simulated beside measured ones. Pure.
import { createHash } from 'node:crypto';
import type { RunGrouping } from '../../../shared/run-comparison.js';
import { describeScheduler, type RunSummary } from '../../../shared/run.js';
import { nameSettings, normalizeSettings } from '../../../shared/scheduling-settings.js';
import { describeArrivals, describeSteps } from '../comparison/measured-rows.js';

type Grouped = Pick<RunSummary, 'id' | 'spec' | 'testbedName' | 'isSimulated' | 'series'>;

export interface GroupOfRuns {
  id: string;
  name: string;
  position: number;
  isSimulated: boolean;
  runIds: string[];
}

/** What the figures of two runs must have in common to be put together: the same work in the same form. */
export function workOf({ spec }: Pick<Grouped, 'spec'>): string {
  return JSON.stringify([spec.taskCount, spec.qualitySteps.min, spec.qualitySteps.max, spec.arrivals, spec.strength ?? null]);
}

/** In the order of their first runs. `names`: of the runs by id, each its own. */
export function groupRuns(runs: readonly Grouped[], groupBy: RunGrouping, names: ReadonlyMap<string, string>): GroupOfRuns[] {
  const byKey = Map.groupBy(runs, (run) => keyOf(run, groupBy));
  const groups = [...byKey].flatMap(([key, members]) => {
    const first = members[0];
    return first ? [{ key, first, runIds: members.map(({ id }) => id), title: titleOf(first, groupBy, names) }] : [];
  });
  const titles = Map.groupBy(groups, ({ title }) => title);
  return groups.map(({ key, first, runIds, title }, position) => {
    const namesakes = (titles.get(title) ?? []).map((group) => group.first);
    const id = groupBy === 'run' ? first.id : `${groupBy}:${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
    return { id, name: [title, ...remarksOf(first, namesakes)].join(', '), position, isSimulated: first.isSimulated, runIds };
  });
}

function keyOf(run: Grouped, groupBy: RunGrouping): string {
  if (groupBy === 'run') return run.id;
  const { scheduler, trainingId = null, testbedId } = run.spec;
  return JSON.stringify([
    groupBy === 'testbed' ? testbedId : [scheduler, trainingId, normalizeSettings(scheduler, run.spec)],
    workOf(run),
    run.isSimulated,
    // What a policy has learned is of its series, and of the runs before.
    ...(run.spec.learning === undefined ? [] : [run.series?.seriesId, trainingId]),
  ]);
}

function titleOf(run: Grouped, groupBy: RunGrouping, names: ReadonlyMap<string, string>): string {
  if (groupBy === 'run') return names.get(run.id) ?? run.spec.name;
  return groupBy === 'testbed' ? run.testbedName : describeScheduler(run.spec.scheduler).title;
}

/** What tells a group from others of its title. */
function remarksOf(run: Grouped, namesakes: readonly Grouped[]): string[] {
  const remarks: ((each: Grouped) => string)[] = [
    ({ spec }) => spec.trainingId ?? 'no training',
    ({ spec }) => nameSettings(spec).join(', ') || 'ordered as in the paper',
    ({ spec }) => `|N| = ${spec.taskCount}`,
    ({ spec }) => describeSteps(spec.qualitySteps),
    ({ spec }) => describeArrivals(spec.arrivals),
    ({ spec }) => (spec.strength === undefined ? 'text-to-image' : `strength ${spec.strength}`),
    ({ isSimulated }) => (isSimulated ? 'simulated' : 'measured'),
  ];
  const distinct = remarks.filter((remark) => new Set(namesakes.map(remark)).size > 1).map((remark) => remark(run));
  // Two testbeds of one name.
  return distinct.length === 0 && namesakes.length > 1 ? [run.spec.testbedId] : distinct;
}
