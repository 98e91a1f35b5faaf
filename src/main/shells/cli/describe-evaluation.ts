// Evaluations in words and columns.
import { formatFactor, formatInterval } from '../../../shared/format.js';
import { meanInterval, type MeanInterval } from '../../../shared/mean-interval.js';
import type { PolicyDetail } from '../../../shared/training.js';
import type { Evaluation } from '../../domain/simulation/training/evaluate-policies.js';
import type { TestbedEvaluation } from '../../domain/simulation/training/evaluate-on-testbed.js';
import type { TrainedEvaluation, TrainedEvaluationRow } from '../../domain/simulation/training/evaluate-trainings.js';
import { formatTable } from './terminal.js';

export function describeEvaluation({ preset, seeds, episodes, policies }: Evaluation): string {
  const rows = policies.map((row) => [row.policy, ...describeDelays(row)]);
  const table = formatTable(['policy', 'mean delay (s)', 'p95 (s)', 'ratio to Opt-TS'], rows);
  return `${table}\n\nPreset ${preset}, ${seeds} seeds of ${episodes} episodes; ± is the 95 % interval over seeds.`;
}

export function describeTrainedEvaluation({ episodes, seeds, rows }: TrainedEvaluation): string {
  const cells = rows.map((row) => [
    row.policy,
    String(row.bySeed.length),
    ...describeDelays(row),
    row.entropyNats === null ? '-' : formatInterval(row.entropyNats, 2),
  ]);
  const head = ['policy', 'seeds', 'mean delay (s)', 'p95 (s)', 'ratio to Opt-TS', 'entropy (nats)'];
  const seedWords = seeds.length === 1 ? `Seed ${seeds[0]}` : `Seeds ${seeds.join(', ')}`;
  return [
    formatTable(head, cells),
    `${seedWords}, ${episodes} episodes each that no policy has learned from; ± is the 95 % interval over seeds.`,
    ...rows.flatMap((row) => describeDetails(row)),
  ].join('\n\n');
}

/** Efficiency and its distance from list scheduling's on the same bursts, then the delays of the episodes. */
export function describeTestbedEvaluation({ rows, seeds, episodes, burstSizes, config }: TestbedEvaluation): string {
  const sizes = burstSizes.map(({ taskCount }) => taskCount);
  const head = ['policy', 'seeds', ...sizes.map((n) => `efficiency, |N| = ${n}`), 'mean delay (s)', 'p95 (s)', 'ratio to Opt-TS'];
  const cells = rows.map((row) => [
    row.policy,
    String(row.trainingIds.length || seeds.length),
    ...row.efficiency.map((interval) => formatInterval(interval, 4)),
    ...describeDelays(row),
  ]);
  const learned = rows.filter(({ trainingIds }) => trainingIds.length > 0);
  const points = learned.map((row) => [row.policy, ...row.againstListScheduling.map((interval) => formatInterval(inPoints(interval), 2))]);
  const delays = learned.map(({ policy, delayAgainstListScheduling: { mean, p95 } }) => [
    policy,
    ...[mean, p95].map((interval) => formatInterval(inPoints(interval), 2)),
  ]);
  const bursts = burstSizes.map(({ bursts: count, taskCount }) => `${count} bursts of ${taskCount}`).join(', ');
  return [
    formatTable(head, cells),
    `Efficiency less list scheduling’s on the same bursts, in points:\n${formatTable(['policy', ...sizes.map((n) => `|N| = ${n}`)], points)}`,
    `Delays of the episodes next to list scheduling’s on the same batches, in percent:\n${formatTable(['policy', 'mean delay', 'p95'], delays)}`,
    describeThere(config),
    `${config.nodes.length} nodes, seeds ${seeds.join(', ')}: of each ${bursts}, and ${episodes} episodes of ${config.batches} batches (${config.arrivals}) that ` +
      'no policy has learned from; ± is the 95 % interval over seeds. All take the tasks of a burst as they come.',
  ].join('\n\n');
}

/** What the figures hold for. */
function describeThere({ nodes, arrivals, streamLoad, view, speeds }: TestbedEvaluation['config']): string {
  const times = nodes.map(({ fixedSec, secPerStep }) => `${Number(fixedSec.toPrecision(3))} s + ${Number(secPerStep.toPrecision(3))} s`);
  const kinds = [...Map.groupBy(times, (time) => time)].map(([time, group]) => `${time} a step ${formatFactor(group.length)}`).join(', ');
  const load = arrivals === 'bursts' ? '' : ` at ${streamLoad} of the capacity`;
  return `Simulated: ${kinds}; arrivals ${arrivals}${load}; view ${view}; speeds ${speeds.kind}, in the bursts always as on record.`;
}

function inPoints({ mean, halfWidth95 }: MeanInterval): MeanInterval {
  return { mean: 100 * mean, halfWidth95: halfWidth95 === null ? null : 100 * halfWidth95 };
}

function describeDelays(row: Pick<TrainedEvaluationRow, 'meanDelaySec' | 'p95DelaySec' | 'ratioToOptTs'>): string[] {
  return [formatInterval(row.meanDelaySec, 2), formatInterval(row.p95DelaySec, 2), formatInterval(row.ratioToOptTs, 3)];
}

/** Delay by size of task and choices by server, means over the seeds; nothing of a policy that does not learn. */
function describeDetails({ policy, bySeed }: TrainedEvaluationRow): string[] {
  const details = bySeed.flatMap((row) => (row.trainingId === null ? [] : [row.detail]));
  if (details.length === 0) return [];
  const classHead = ['work (Gigacycles)', 'tasks', 'mean delay (s)', 'p95 (s)', 'Opt-TS mean (s)'];
  const parts = [`${policy}, by work of the task:\n${formatTable(classHead, describeClasses(details))}`];
  if (haveEqualServers(details)) {
    const serverHead = ['server', 'capacity (Gigacycles/s)', 'share of tasks (%)', 'share of work (%)', 'share of capacity (%)'];
    parts.push(`${policy}, by edge server:\n${formatTable(serverHead, describeServers(details))}`);
  }
  return parts;
}

function describeClasses(details: readonly PolicyDetail[]): string[][] {
  const classes = Map.groupBy(
    details.flatMap(({ byWork }) => byWork),
    ({ fromGigacycles }) => fromGigacycles,
  );
  return [...classes]
    .toSorted(([a], [b]) => a - b)
    .map(([from, group]) => {
      const meanOf = (field: 'meanDelaySec' | 'p95DelaySec' | 'optTsMeanDelaySec'): string =>
        formatInterval(meanInterval(group.map((row) => row[field])), 2);
      const tasks = group.reduce((sum, row) => sum + row.count, 0);
      const range = `${from.toFixed(2)} to ${(group[0]?.toGigacycles ?? NaN).toFixed(2)}`;
      return [range, String(tasks), meanOf('meanDelaySec'), meanOf('p95DelaySec'), meanOf('optTsMeanDelaySec')];
    });
}

/** Whether the seeds share their servers: presets may draw the capacities from the seed. */
function haveEqualServers(details: readonly PolicyDetail[]): boolean {
  const capacitiesOf = ({ perServer }: PolicyDetail): string => perServer.map((row) => row.capacityGigacyclesPerSec).join();
  return new Set(details.map(capacitiesOf)).size === 1;
}

function describeServers(details: readonly PolicyDetail[]): string[][] {
  const servers = details[0]?.perServer ?? [];
  const capacity = servers.reduce((sum, row) => sum + row.capacityGigacyclesPerSec, 0);
  const percent = (share: number): string => (100 * share).toFixed(1);
  return servers.map(({ server, capacityGigacyclesPerSec }) => {
    const meanOf = (field: 'share' | 'shareOfWork'): number =>
      details.reduce((sum, { perServer }) => sum + (perServer[server]?.[field] ?? 0), 0) / details.length;
    return [
      String(server),
      capacityGigacyclesPerSec.toFixed(1),
      percent(meanOf('share')),
      percent(meanOf('shareOfWork')),
      percent(capacityGigacyclesPerSec / capacity),
    ];
  });
}
