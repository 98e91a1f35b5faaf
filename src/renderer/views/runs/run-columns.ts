// What is said of a run in a table.
import type { DataColumn } from '../../components/data-column.js';
import { statusOfRun } from '../../components/status.js';
import { useDurationLook } from '../../composables/useDurationLook.js';
import { formatCount, formatPercent, formatTableDuration, nameDurationColumn } from '../../../shared/format.js';
import { describeMissingEfficiency } from '../../../shared/describe-efficiency.js';
import { describeScheduling, type RunSummary } from '../../../shared/run.js';
import { describeValidity, hasEnded } from './describe-run.js';

const look = useDurationLook();

/** Each in whatever table it is; a table sets the widths that its room allows. */
export const RUN_COLUMN = {
  name: { id: 'name', header: 'Run', value: (run) => run.spec.name },
  state: { id: 'state', header: 'State', value: (run) => statusOfRun(run).label },
  testbed: { id: 'testbed', header: 'Testbed', value: (run) => run.testbedName },
  scheduler: { id: 'scheduler', header: 'Scheduler', value: (run) => describeScheduling(run.spec) },
  count: {
    id: 'count',
    header: '|N|',
    value: (run) => run.spec.taskCount,
    text: (run) => formatCount(run.spec.taskCount),
    align: 'end',
    hint: 'Number of tasks',
  },
  total: {
    id: 'total',
    get header() {
      return nameDurationColumn('Total', look.value);
    },
    // A run that is in progress has no total yet: the last result is still to come.
    value: (run) => (hasEnded(run) ? run.metrics.totalGenerationDelayMs : null),
    text: (run) => formatTableDuration(hasEnded(run) ? run.metrics.totalGenerationDelayMs : null, look.value),
    align: 'end',
    hint: 'Total generation delay: last result minus first submission, model time',
  },
  efficiency: {
    id: 'efficiency',
    header: 'Efficiency',
    value: (run) => run.metrics.efficiency,
    text: (run) => describeMissingEfficiency(run.metrics) ?? formatPercent(run.metrics.efficiency),
    align: 'end',
    hint: 'Lower bound divided by total generation delay',
  },
  validity: {
    id: 'validity',
    header: 'Validity',
    value: (run) => describeValidity(run)?.label ?? null,
    hint: 'Whether the run may be compared',
  },
} satisfies Record<string, DataColumn<RunSummary>>;
