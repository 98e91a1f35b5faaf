// A comparison of runs as text: what differs first, then what came out, then the same tasks.
import { cleanLine } from '../../../shared/foreign-text.js';
import { formatInterval, formatNumber, formatPercent } from '../../../shared/format.js';
import { countedRuns, nameGroup } from '../../../shared/describe-run-comparison.js';
import type { MeanInterval } from '../../../shared/mean-interval.js';
import type { ComparedFigures, ComparedSetting, RunComparison, RunGroup } from '../../../shared/run-comparison.js';
import { formatTable } from './terminal.js';

const HEADS = ['group', 'k', 'total (s)', 'vs bound', 'p50', 'p90', 'p95', 'p99', 'images/min', 'failed', 're-sent', 'control', 'vs ref'];

export function describeRunComparison(comparison: RunComparison): string {
  const { groups, pairings, notes } = comparison;
  return [
    describeSettings(comparison),
    groups.length === 0
      ? 'No run counts.'
      : formatTable(
          HEADS,
          groups.map((group) => rowOf(group, comparison)),
        ),
    groups
      .flatMap(({ name, intervalProblem }) => (intervalProblem === null ? [] : [`  ${cleanLine(name)}: ${cleanLine(intervalProblem)}`]))
      .join('\n'),
    pairings
      .flatMap(({ sentence, totalSentence }) => [sentence, totalSentence].flatMap((text) => (text === null ? [] : [cleanLine(text)])))
      .join('\n'),
    notes.map((note) => `Note: ${cleanLine(note)}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function describeSettings(comparison: RunComparison): string {
  const { differing, identical, groups } = comparison;
  const count = differing.length + identical.length;
  if (differing.length === 0) return `What differs: none of ${count} settings.`;
  const rows = differing.map((setting) => [setting.title, ...groups.map((group) => valuesOf(setting, group, comparison))]);
  const title = `What differs: ${differing.length} of ${count} settings.`;
  return `${title}\n${formatTable(['setting', ...groups.map(nameGroup)], rows)}`;
}

/** `1, 2, 3`: the values of the group's runs, each once. */
function valuesOf({ values }: ComparedSetting, group: RunGroup, comparison: RunComparison): string {
  const own = countedRuns(comparison).flatMap(({ id }, index) => (group.runIds.includes(id) ? [values[index] ?? 'not reported'] : []));
  return [...new Set(own)].join(' | ');
}

function rowOf(group: RunGroup, { referenceGroupId }: RunComparison): string[] {
  const { figures } = group;
  return [
    ...[nameGroup(group), String(figures.runCount), seconds(figures.totalSec)],
    formatPercent(figures.efficiency?.mean, 1),
    ...figures.percentiles.map(({ figure }) => (figure ? seconds(figure) : '–')),
    formatInterval(figures.imagesPerMin, 1),
    ...[String(figures.failed), String(figures.resent), formatPercent(figures.controlShare?.mean, 2)],
    group.id === referenceGroupId ? 'ref' : differenceOf(figures),
  ];
}

function seconds(figure: MeanInterval): string {
  return formatInterval(figure, 1);
}

/** `+40.4 %`; an en dash where the work is another amount. */
export function differenceOf({ difference }: Pick<ComparedFigures, 'difference'>): string {
  if (difference === null) return '–';
  return `${difference.share < 0 ? '−' : '+'}${formatNumber(Math.abs(difference.share) * 100, 1)} %`;
}
