// The list of runs: its columns.
import type { DataColumn } from '../../components/data-column.js';
import { RUN_STATUS } from '../../components/status.js';
import { formatDateTime } from '../../format.js';
import { formatCount, formatPercent, formatSeconds } from '../../../shared/format.js';
import { describeMissingEfficiency } from '../../../shared/describe-efficiency.js';
import { describeScheduler, type RunSummary } from '../../../shared/run.js';
import { describeValidity, hasEnded } from './describe-run.js';

export const RUN_COLUMNS: DataColumn<RunSummary>[] = [
  { id: 'select', header: '', value: () => null, isSortable: false, widthPx: 36 },
  { id: 'name', header: 'Run', value: (run) => run.spec.name, minWidthPx: 184 },
  { id: 'state', header: 'State', value: (run) => RUN_STATUS[run.state].label, widthPx: 116 },
  {
    id: 'count',
    header: '|N|',
    value: (run) => run.spec.taskCount,
    text: (run) => formatCount(run.spec.taskCount),
    align: 'end',
    widthPx: 60,
    hint: 'Number of tasks',
  },
  { id: 'scheduler', header: 'Scheduler', value: (run) => describeScheduler(run.spec.scheduler).title, widthPx: 132 },
  { id: 'testbed', header: 'Testbed', value: (run) => run.testbedName, widthPx: 108 },
  {
    id: 'started',
    header: 'Started',
    value: (run) => run.startedAtMs ?? run.createdAtMs,
    text: (run) => formatDateTime(run.startedAtMs),
    widthPx: 104,
  },
  {
    id: 'total',
    header: 'Total delay',
    // A run that goes on has no total yet: the last result is still to come.
    value: (run) => (hasEnded(run) ? run.metrics.totalGenerationDelayMs : null),
    text: (run) => (hasEnded(run) ? formatSeconds(run.metrics.totalGenerationDelayMs) : '–'),
    align: 'end',
    widthPx: 100,
    hint: 'Total generation delay: last result minus first submission, model time',
  },
  {
    id: 'efficiency',
    header: 'Efficiency',
    value: (run) => run.metrics.efficiency,
    text: (run) => describeMissingEfficiency(run.metrics) ?? formatPercent(run.metrics.efficiency),
    align: 'end',
    widthPx: 98,
    hint: 'Lower bound divided by total generation delay',
  },
  {
    id: 'validity',
    header: 'Validity',
    value: (run) => describeValidity(run)?.label ?? null,
    widthPx: 88,
    hint: 'Whether the run may stand in a comparison',
  },
  { id: 'remove', header: '', value: () => null, isSortable: false, widthPx: 44 },
];
