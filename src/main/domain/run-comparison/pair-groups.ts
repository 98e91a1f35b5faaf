// A group of runs against the reference on the same tasks. Pure; docs/compare.md has the formulas.
import { medianOfSorted } from '../../../shared/percentiles.js';
import { formatCount, formatNumber, formatPercent, formatQuantity } from '../../../shared/format.js';
import { type GroupPairing, MIN_REPETITIONS } from '../../../shared/run-comparison.js';
import { pairedDifference } from '../series/paired-difference.js';
import { compareSettings, WORKLOAD_SETTINGS } from './compare-settings.js';
import { isOfSequence } from './compare-figures.js';
import type { CountedRun } from './compared-input.js';

export interface PairedGroup {
  id: string;
  name: string;
  runs: readonly CountedRun[];
}

type RunPair = readonly [run: CountedRun, reference: CountedRun];

/** Below it tasks of a day and of a second differ by nothing that was measured. */
const SAME_SEC = 1e-9;

export function pairGroups(group: PairedGroup, reference: PairedGroup): GroupPairing {
  const pairs = pairRuns(group.runs, reference.runs);
  const differences = Float64Array.from(pairs.flatMap(differencesOf)).sort();
  const taskPairs = differences.length;
  const medianSec = medianOfSorted(differences);
  if (pairs.length === 0 || medianSec === null) return withoutPairs(group, reference, pairs.length);
  const fasterShare = differences.filter((value) => value < -SAME_SEC).length / taskPairs;
  const slowerShare = differences.filter((value) => value > SAME_SEC).length / taskPairs;
  const totals = totalsOf(pairs);
  return {
    ...{ groupId: group.id, runPairs: pairs.length, taskPairs, medianSec, fasterShare, slowerShare, totals },
    sentence: describeTasks([group.name, reference.name], { taskPairs, medianSec, fasterShare, slowerShare }),
    totalSentence:
      totals && describeTotals([group.name, reference.name], { pairs: pairs.length, isSequence: pairs.flat().some(isOfSequence) }, totals),
  };
}

/** Runs of one workload, in their order; each is in one pair at most. */
function pairRuns(runs: readonly CountedRun[], references: readonly CountedRun[]): RunPair[] {
  const free = Map.groupBy(references, (run) => run.workload());
  return runs.flatMap((run) => {
    const reference = free.get(run.workload())?.shift();
    return reference ? [[run, reference] as const] : [];
  });
}

/** Of the tasks that succeeded in both. */
function differencesOf([run, reference]: RunPair): number[] {
  const found: number[] = [];
  run.digest.serviceSec.forEach((sec, index) => {
    const difference = sec - (reference.digest.serviceSec[index] ?? NaN);
    if (!Number.isNaN(difference)) found.push(difference);
  });
  return found;
}

function totalsOf(pairs: readonly RunPair[]): GroupPairing['totals'] {
  const difference = pairedDifference(pairs.map(([run, reference]) => [run.totalSec, reference.totalSec]));
  if (!difference) return null;
  const isEnough = difference.pairs >= MIN_REPETITIONS && !pairs.flat().some(isOfSequence);
  const { mean: meanSec, halfWidth95, reduction, pValue } = difference;
  return { meanSec, reduction, halfWidth95Sec: isEnough ? halfWidth95 : null, pValue: isEnough ? pValue : null };
}

function withoutPairs(group: PairedGroup, reference: PairedGroup, runPairs: number): GroupPairing {
  const why = runPairs > 0 ? 'no task succeeded in both runs of a pair' : whyNoPairs(group.runs, reference.runs);
  return {
    ...{ groupId: group.id, runPairs, taskPairs: 0, medianSec: null, fasterShare: null, slowerShare: null, totals: null },
    sentence: `${group.name} and ${reference.name}: no pairs: ${why}.`,
    totalSentence: null,
  };
}

/** `seeds 1 and 2`, `|N| 100 and 500`: what of the workload the two sides do not share. */
function whyNoPairs(runs: readonly CountedRun[], references: readonly CountedRun[]): string {
  const settings = compareSettings([...runs, ...references]).differing.filter(({ id }) => WORKLOAD_SETTINGS.includes(id));
  const reasons = settings.flatMap(({ id, title, values }) => {
    const [own, theirs] = [new Set(values.slice(0, runs.length)), new Set(values.slice(runs.length))];
    if ([...own].some((value) => theirs.has(value))) return [];
    const name = id === 'seed' ? 'seeds' : title;
    return [`${name} ${listValues([...theirs])} and ${listValues([...own])}`];
  });
  return reasons.length > 0 ? reasons.join('; ') : 'their lists of tasks differ';
}

function listValues(values: readonly (string | null)[]): string {
  return values.map((value) => value ?? 'not reported').join(', ');
}

function describeTasks(
  [group, reference]: readonly [string, string],
  { taskPairs, medianSec, fasterShare, slowerShare }: { taskPairs: number; medianSec: number; fasterShare: number; slowerShare: number },
): string {
  const pairs = `median of ${formatQuantity(taskPairs, 'pair')}`;
  if (Math.abs(medianSec) <= SAME_SEC) return `${group} and ${reference} take the same time per task (${pairs}).`;
  const [faster, slower, share] = medianSec < 0 ? [group, reference, fasterShare] : [reference, group, slowerShare];
  return `${faster} is ${formatSec(Math.abs(medianSec))} faster per task than ${slower} (${pairs}; faster in ${formatPercent(share, 0)} of the pairs).`;
}

function describeTotals(
  [group, reference]: readonly [string, string],
  { pairs, isSequence }: { pairs: number; isSequence: boolean },
  { meanSec, halfWidth95Sec }: NonNullable<GroupPairing['totals']>,
): string {
  const size = Math.abs(meanSec);
  const [shorter, longer] = meanSec <= 0 ? [group, reference] : [reference, group];
  const what = `${formatSec(size)} ${size <= SAME_SEC ? 'apart' : `shorter with ${shorter} than with ${longer}`}`;
  if (halfWidth95Sec === null) {
    const of = pairs === 1 ? 'in one pair of runs' : `on average of ${formatCount(pairs)} pairs of runs`;
    if (isSequence) return `Total: ${what} ${of}; no interval: what learns on the job makes a sequence, not repetitions.`;
    return `Total: ${what} ${of}; an interval takes ${MIN_REPETITIONS} pairs.`;
  }
  const ends = `${formatNumber(size - halfWidth95Sec, 1)} to ${formatNumber(size + halfWidth95Sec, 1)}`;
  return `Over repetitions, total: ${what} (95 % CI ${ends} s, k = ${pairs} pairs of runs). Quote this one: tasks of one run share its queues.`;
}

/** Short delays with more places. */
function formatSec(sec: number): string {
  return `${formatNumber(sec, sec < 1 ? 3 : 1)} s`;
}
