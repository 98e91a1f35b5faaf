// All of a comparison of runs from what is known of each. Pure.
import { formatQuantity } from '../../../shared/format.js';
import type { ComparedFigures, ComparedRun, DelayParts, LeftOut, RunComparison, RunGroup } from '../../../shared/run-comparison.js';
import { DELAY_PARTS } from '../../../shared/run-comparison.js';
import type { RunComparisonRequest } from '../../../shared/api/run-comparison-inputs.js';
import { describeScheduling, type RunSummary } from '../../../shared/run.js';
import { bandOf, chooseBins, distributionOf, pool } from './compare-distributions.js';
import { figuresOf, findIntervalProblem } from './compare-figures.js';
import type { CountedRun } from './compared-input.js';
import { compareSettings } from './compare-settings.js';
import { type GroupOfRuns, groupRuns, workOf } from './group-runs.js';
import { pairGroups } from './pair-groups.js';

export interface ListedRun {
  summary: RunSummary;
  leftOut: LeftOut | null;
  /** Null where it is left out. */
  counted: CountedRun | null;
}

type Request = Pick<RunComparisonRequest, 'groupBy' | 'reference'>;

/** In the order of the listed runs. */
export function buildRunComparison(listed: readonly ListedRun[], { groupBy, reference }: Request, missingIds: string[]): RunComparison {
  const names = nameRuns(listed.map(({ summary }) => summary));
  const grouped = groupRuns(
    listed.map(({ summary }) => summary),
    groupBy,
    names,
  );
  const counted = new Map(listed.flatMap(({ summary, counted: run }) => (run ? [[summary.id, run] as const] : [])));
  const all = [...counted.values()];
  const bins = chooseBins(all.map(({ digest }) => digest.sortedSec));
  const members = (group: GroupOfRuns): CountedRun[] => group.runIds.flatMap((id) => counted.get(id) ?? []);
  const standing = grouped.filter((group) => members(group).length > 0);
  const referenceGroup = chooseReference(standing, reference);
  const referenceFigures = referenceGroup ? { runs: members(referenceGroup), totalSec: meanTotal(members(referenceGroup)) } : null;
  const groups = standing.map((group) =>
    buildGroup(group, members(group), { bins, isReference: group === referenceGroup, referenceFigures }),
  );
  const groupOf = new Map(grouped.flatMap((group) => group.runIds.map((id) => [id, group.id] as const)));
  const runs = listed.map(({ summary, leftOut, counted: run }): ComparedRun => {
    const figures = run ? withDifference(figuresOf([run], false), [run], referenceFigures) : null;
    return {
      ...describe(summary, names.get(summary.id) ?? summary.spec.name, groupOf.get(summary.id) ?? summary.id),
      ...{ leftOut, figures, distribution: run ? distributionOf(run.digest.sortedSec, bins) : null },
      ...{ parts: run?.digest.parts ?? null, nodes: run?.digest.nodes ?? [] },
    };
  });
  const pairings = referenceGroup
    ? standing
        .filter((group) => group !== referenceGroup)
        .map((group) => pairGroups({ ...group, runs: members(group) }, { ...referenceGroup, runs: members(referenceGroup) }))
    : [];
  return {
    ...{ groupBy, runs, missingIds, groups, referenceGroupId: referenceGroup?.id ?? null, pairings, histogram: bins },
    ...compareSettings(all),
    notes: notesOf(listed, missingIds),
  };
}

/** Names that tell the runs apart: of those that are called the same, each has its number. */
function nameRuns(summaries: readonly RunSummary[]): Map<string, string> {
  const namesakes = Map.groupBy(summaries, ({ spec }) => spec.name);
  return new Map(
    summaries.map(({ id, spec }) => {
      const same = namesakes.get(spec.name) ?? [];
      return [id, same.length > 1 ? `${spec.name} #${same.findIndex((each) => each.id === id) + 1}` : spec.name];
    }),
  );
}

function chooseReference(groups: readonly GroupOfRuns[], reference: string | null): GroupOfRuns | undefined {
  const isMeant = ({ id, name, runIds }: GroupOfRuns): boolean =>
    id === reference || name === reference || runIds.includes(reference ?? '');
  return groups.find(isMeant) ?? groups[0];
}

interface Reference {
  runs: readonly CountedRun[];
  totalSec: number;
}

function meanTotal(runs: readonly CountedRun[]): number {
  return runs.reduce((sum, { totalSec }) => sum + totalSec, 0) / runs.length;
}

function withDifference(figures: ComparedFigures, runs: readonly CountedRun[], reference: Reference | null): ComparedFigures {
  const [first, other] = [runs[0], reference?.runs[0]];
  if (!first || !reference || !other || workOf(first.summary) !== workOf(other.summary)) return figures;
  const sec = figures.totalSec.mean - reference.totalSec;
  return { ...figures, difference: { sec, share: sec / reference.totalSec } };
}

function buildGroup(
  group: GroupOfRuns,
  runs: readonly CountedRun[],
  options: { bins: RunComparison['histogram']; isReference: boolean; referenceFigures: Reference | null },
): RunGroup {
  const intervalProblem = findIntervalProblem(runs);
  const figures = figuresOf(runs, intervalProblem === null);
  const sorted = runs.map(({ digest }) => digest.sortedSec);
  return {
    ...{ id: group.id, name: group.name, position: group.position, isSimulated: group.isSimulated, intervalProblem },
    runIds: runs.map(({ summary }) => summary.id),
    invalid: runs.filter(({ summary }) => !summary.validity.isValid).length,
    figures: options.isReference ? figures : withDifference(figures, runs, options.referenceFigures),
    distribution: distributionOf(pool(sorted), options.bins),
    band: bandOf(sorted),
    parts: meanParts(runs.map(({ digest }) => digest.parts)),
  };
}

function meanParts(parts: readonly DelayParts[]): DelayParts {
  const means = DELAY_PARTS.map(({ part }) => [part, parts.reduce((sum, each) => sum + each[part], 0) / parts.length] as const);
  return Object.fromEntries(means) as DelayParts;
}

function describe(
  summary: RunSummary,
  name: string,
  groupId: string,
): Omit<ComparedRun, 'leftOut' | 'figures' | 'distribution' | 'parts' | 'nodes'> {
  const { id, spec, validity, isSimulated, timeScale, testbedName, finishedAtMs } = summary;
  return {
    ...{ id, name, groupId, isSimulated, timeScale, testbedName, finishedAtMs },
    ...{ isValid: validity.isValid, reasons: validity.reasons, limitations: validity.limitations },
    ...{ scheduler: describeScheduling(spec), taskCount: spec.taskCount, seed: spec.seed },
  };
}

function notesOf(listed: readonly ListedRun[], missingIds: readonly string[]): string[] {
  const count = (reason: LeftOut): number => listed.filter(({ leftOut }) => leftOut === reason).length;
  const sentence = (number: number, what: string): string[] => (number === 0 ? [] : [`${formatQuantity(number, 'run')} ${what}`]);
  const invalid = listed.filter(({ summary, leftOut }) => leftOut === null && !summary.validity.isValid).length;
  const simulated = listed.filter(({ summary, leftOut }) => leftOut === null && summary.isSimulated).length;
  return [
    ...sentence(missingIds.length, 'of this comparison can no longer be found.'),
    ...sentence(count('open'), 'left out: not ended yet.'),
    ...sentence(count('no-result'), 'left out: no task of it succeeded.'),
    ...sentence(count('invalid'), 'left out for being invalid.'),
    ...sentence(invalid, 'counted though invalid; marked wherever it counts.'),
    ...sentence(simulated, 'simulated: delays are those of a model, images are drawn.'),
  ];
}
