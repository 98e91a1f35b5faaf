// Measured runs as rows of Table V: runs that differ in |N| only share a row, runs that do not differ at all share a cell (the median).
import { createHash } from 'node:crypto';
import { medianOfSorted } from '../../../shared/percentiles.js';
import type { ComparisonRow } from '../../../shared/comparison.js';
import { assertNever } from '../../../shared/errors.js';
import { meanOf } from '../../../shared/mean-interval.js';
import { countNodes, describeNodeUse } from '../../../shared/node-use.js';
import { type Arrivals, type RunSpec, describeScheduling, type RunSummary } from '../../../shared/run.js';
import { normalizeSettings } from '../../../shared/scheduling-settings.js';
import type { NodeSnapshot } from '../runs/run-store.js';

/** A run with the nodes it had. */
export interface MeasuredRun {
  run: RunSummary;
  nodes: readonly NodeSnapshot[];
}

/** Reasons of invalid runs that a row names; the rest is counted. */
const NAMED_INVALID_RUNS = 3;
const NAMED_LIMITATIONS = 3;

export function describeArrivals(arrivals: Arrivals): string {
  switch (arrivals.kind) {
    case 'all-at-once':
      return 'all tasks at once';
    case 'slot-uniform':
      return `1 to ${arrivals.maxPerSlot} tasks per slot of ${arrivals.slotSec} s at each base station`;
    case 'poisson':
      return `Poisson arrivals, ${arrivals.ratePerSec} a second`;
    default:
      return assertNever(arrivals);
  }
}

export function describeSteps({ min, max }: RunSpec['qualitySteps']): string {
  return min === max ? `${min} steps per image` : `${min} to ${max} steps per image`;
}

/** What two runs must have in common to stand in one row. The testbed may have changed between runs, so its nodes count, not its name. */
function groupKeyOf({ run, nodes }: MeasuredRun): string {
  const hardware = nodes
    .map((node) => [node.fixedSec, node.secPerStep, node.speedFactor, node.linkMbps, ...(node.heldLimit == null ? [] : [node.heldLimit])])
    .map((figures) => figures.join(' '))
    .sort();
  const { testbedId, scheduler, qualitySteps, arrivals } = run.spec;
  // Rows of runs as in the paper keep the ids that they had before there were settings.
  const settings = normalizeSettings(scheduler, run.spec);
  const isSet = Object.keys(settings).length > 0;
  const excluded = run.nodeUse?.excluded ?? [];
  // Versions of a policy that learns are as many policies, and those of two series have learned from other runs.
  const learned = settings.learning === undefined ? [] : [run.spec.trainingId, run.series?.seriesId];
  return JSON.stringify([
    ...[testbedId, scheduler, qualitySteps.min, qualitySteps.max, arrivals, run.isSimulated, hardware],
    ...(isSet ? [settings] : []),
    ...(excluded.length > 0 ? [{ excluded: excluded.toSorted() }] : []),
    ...learned,
  ]);
}

function notesOf(group: readonly MeasuredRun[], first: MeasuredRun): string[] {
  const { spec, isSimulated } = first.run;
  const notes = [`${describeScheduling(spec)}, ${describeSteps(spec.qualitySteps)}, ${describeArrivals(spec.arrivals)}.`];
  const taskCounts = group.map(({ run }) => run.spec.taskCount);
  if (new Set(taskCounts).size < taskCounts.length) notes.push('A cell of several runs is their median.');
  if (spec.learning !== undefined) {
    notes.push(
      `Learning on the job is what its series measures: this is version ${spec.trainingId ?? '?'}, and its runs are part of a sequence.`,
    );
  }
  if (isSimulated) notes.push('Simulated: the workers waited the time of a model instead of making images.');
  const { nodeUse } = first.run;
  if (nodeUse) notes.push(`Not the whole testbed: ${describeNodeUse(nodeUse)}.`);
  const imported = group.filter(({ run }) => run.imported !== null).length;
  if (imported > 0) notes.push(`Imported: ${imported} of ${group.length} runs come from another machine.`);
  const scales = [...new Set(group.map(({ run }) => run.timeScale))].filter((scale) => scale !== 1);
  if (scales.length > 0) notes.push(`Model time: measured ${scales.join('-fold and ')}-fold faster than real time.`);
  const limitations = new Set(group.filter(({ run }) => run.validity.isValid).flatMap(({ run }) => run.validity.limitations));
  notes.push(...[...limitations].slice(0, NAMED_LIMITATIONS).map((limitation) => `Limited: ${limitation}`));
  if (limitations.size > NAMED_LIMITATIONS) notes.push(`And ${limitations.size - NAMED_LIMITATIONS} more limitations.`);
  const invalid = group.filter(({ run }) => !run.validity.isValid);
  for (const { run } of invalid.slice(0, NAMED_INVALID_RUNS))
    notes.push(`Invalid run “${run.spec.name}”: ${run.validity.reasons.join(' ')}`);
  if (invalid.length > NAMED_INVALID_RUNS) notes.push(`And ${invalid.length - NAMED_INVALID_RUNS} more invalid runs.`);
  return notes;
}

function cellOf(group: readonly MeasuredRun[], count: number): ComparisonRow['delaySec'][number] {
  const runs = group.map(({ run }) => run).filter((run) => run.spec.taskCount === count);
  const delaysSec = runs.flatMap((run) => {
    const totalMs = run.metrics.totalGenerationDelayMs;
    return totalMs === null ? [] : [totalMs / 1000];
  });
  const isInvalid = runs.some((run) => !run.validity.isValid);
  const delaySec = medianOfSorted(delaysSec.sort((a, b) => a - b));
  return { count, delaySec, runIds: runs.map((run) => run.id), ...(isInvalid && { isInvalid }) };
}

/** Of the largest |N| with a valid run whose energy is known: the mean over those. */
function energyOf(group: readonly MeasuredRun[]): ComparisonRow['energy'] {
  const known = group.flatMap(({ run }) => {
    const { energy, validity, spec } = run;
    if (run.isSimulated || !validity.isValid || energy?.whPer1kImages == null || energy.source === null) return [];
    return [{ count: spec.taskCount, whPer1kImages: energy.whPer1kImages, source: energy.source }];
  });
  const count = Math.max(...known.map((each) => each.count));
  const largest = known.filter((each) => each.count === count);
  const [first] = largest;
  if (!first) return null;
  const isMixed = largest.some(({ source }) => source !== first.source);
  return { count, whPer1kImages: meanOf(largest.map((each) => each.whPer1kImages)), source: isMixed ? 'mixed' : first.source };
}

/** One row for each group, in the order of the oldest run of each. */
export function buildMeasuredRows(measured: readonly MeasuredRun[], counts: readonly number[]): ComparisonRow[] {
  const oldestFirst = [...measured].sort((a, b) => a.run.createdAtMs - b.run.createdAtMs || (a.run.id < b.run.id ? -1 : 1));
  const groups = Map.groupBy(oldestFirst, groupKeyOf);
  return [...groups].flatMap(([key, group]) => {
    const first = group[0];
    if (!first) return [];
    const excluded = first.run.nodeUse?.excluded ?? [];
    return {
      id: `measured:${createHash('sha256').update(key).digest('hex').slice(0, 12)}`,
      platform: `DEdgeAI (${first.run.testbedName}, ${countNodes({ usedCount: first.nodes.length, excluded })})`,
      model: first.run.isSimulated ? 'Simulated reSD3-m' : 'reSD3-m',
      source: 'measured' as const,
      isEdge: true,
      isSimulated: first.run.isSimulated,
      isImported: group.some(({ run }) => run.imported !== null),
      delaySec: counts.map((count) => cellOf(group, count)),
      pricePer1kUsd: null,
      measuredOn: { testbedId: first.run.spec.testbedId, scheduler: first.run.spec.scheduler },
      energy: energyOf(group),
      notes: notesOf(group, first),
    };
  });
}
