// Runs as the terminal shows them.
import { describeMissingEfficiency } from '../../../shared/describe-efficiency.js';
import { describeRunEnergy } from '../../../shared/energy.js';
import { describeHold } from '../../../shared/describe-hold.js';
import { describePlannedStart } from '../../../shared/planned-start.js';
import { cleanLine } from '../../../shared/foreign-text.js';
import { formatFactor, formatPercent, formatSeconds } from '../../../shared/format.js';
import { describeNodeUse } from '../../../shared/node-use.js';
import { minSampleFor, showPercentile } from '../../../shared/percentiles.js';
import { nameSettings } from '../../../shared/scheduling-settings.js';
import { describeService } from '../../../shared/service.js';
import { describeImported } from '../../../shared/record.js';
import type { DelaySummary, RunLive, RunMetrics, RunSummary } from '../../../shared/run.js';

/** One line of a run in progress. */
export function describeProgress({ run, elapsedMs, estimatedRemainingMs, nodes, hold }: RunLive): string {
  if (hold) return cleanLine(`${run.state}: ${run.counts.succeeded}/${run.counts.total} done; ${describeHold(hold, Date.now())}`);
  if (run.plannedStart) return cleanLine(`${run.state}: ${describePlannedStart(run.plannedStart, Date.now())}`);
  if (run.waitsBehind) return cleanLine(`${run.state}: waits behind run “${run.waitsBehind.name}” (${run.waitsBehind.id})`);
  const scale = run.timeScale === 1 ? '' : ` (simulated time ${formatFactor(run.timeScale)})`;
  const rest = estimatedRemainingMs === null ? 'rest unknown' : `about ${formatSeconds(estimatedRemainingMs)} left`;
  const away = nodes.filter((node) => !node.isConnected).map((node) => node.nodeName);
  const problem = away.length > 0 ? `; not answering: ${away.join(', ')}` : '';
  const { succeeded, total, failed } = run.counts;
  return `${run.state}: ${succeeded}/${total} done, ${failed} failed, ${formatSeconds(elapsedMs)} elapsed, ${rest}${scale}${problem}`;
}

/** A run with its figures, a line each. */
export function describeRun(run: RunSummary): string {
  const { metrics, counts, spec } = run;
  const scale = run.timeScale === 1 ? '' : `, simulated time ${formatFactor(run.timeScale)}`;
  const lines: [string, string][] = [
    ['run', `${run.id} “${spec.name}”`],
    ['state', run.plannedStart ? `${run.state}: ${describePlannedStart(run.plannedStart, Date.now())}` : run.state],
    ['testbed', `${run.testbedName}${run.isSimulated ? ' (simulated' : ' (real'}${scale})`],
    ...(run.nodeUse ? [['nodes', describeNodeUse(run.nodeUse)] satisfies [string, string]] : []),
    ['dataset', run.datasetName],
    ['service', describeService(spec)],
    ['scheduler', [spec.scheduler, ...nameSettings(spec)].join(', ')],
    [
      'tasks',
      `${counts.succeeded} succeeded, ${counts.failed} failed, ${counts.cancelled} cancelled, ${counts.pending + counts.sent} open, ${counts.resent} re-sent`,
    ],
    ['total generation delay', formatSeconds(metrics.totalGenerationDelayMs)],
    ['lower bound', `${formatSeconds(metrics.lowerBoundMs)}${metrics.lowerBoundRule ? ` (${metrics.lowerBoundRule})` : ''}`],
    ['efficiency', formatEfficiency(metrics)],
    ['service delay', metrics.service ? describeDelays(metrics.service, counts.succeeded) : '-'],
    ['control', `${formatPercent(metrics.machine.controlShare, 2)} of the mean service delay`],
    ['host delay', describeHostDelay(metrics)],
    ['energy', describeRunEnergy(run.energy) ?? 'not measured: no node has hardware of its own'],
    ...(run.imported ? [['imported', describeImported(run.imported)] satisfies [string, string]] : []),
    ['valid', describeValidity(run)],
    ...run.validity.limitations.map((limitation): [string, string] => ['limited', limitation]),
    ['specification', run.specSha256],
  ];
  return lines.map(([label, value]) => cleanLine(`${label.padEnd(24)}${value}`)).join('\n');
}

/** A percentile of too few tasks is a dash, with how many it takes. */
function describeDelays({ meanMs, medianMs, p95Ms }: DelaySummary, count: number): string {
  const shown = (ms: number, percentile: number): string =>
    showPercentile(ms, percentile, count) === null ? `– (fewer than ${minSampleFor(percentile)} tasks)` : formatSeconds(ms);
  return `mean ${formatSeconds(meanMs)}, median ${shown(medianMs, 0.5)}, p95 ${shown(p95Ms, 0.95)}`;
}

/** Nothing is said of a run that may still become either. */
export function validityWord({ finishedAtMs, validity }: Pick<RunSummary, 'finishedAtMs' | 'validity'>): 'valid' | 'invalid' | '–' {
  if (finishedAtMs === null) return '–';
  return validity.isValid ? 'valid' : 'invalid';
}

function describeValidity(run: RunSummary): string {
  if (run.finishedAtMs === null) return 'not known before it has ended';
  return run.validity.isValid ? 'yes' : `no: ${run.validity.reasons.join(' ')}`;
}

/** Why there is none, where there is none. */
export function formatEfficiency(metrics: RunMetrics): string {
  return describeMissingEfficiency(metrics) ?? formatPercent(metrics.efficiency, 2);
}

function describeHostDelay({ machine: { hostDelayMs, hostDelayShare } }: RunMetrics): string {
  if (hostDelayMs === null) return 'not recorded';
  return `${hostDelayMs.toFixed(1)} ms on average; scaled, ${formatPercent(hostDelayShare, 2)} of the mean service delay`;
}
