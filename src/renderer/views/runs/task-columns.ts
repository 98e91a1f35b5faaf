// The task table: its columns, and how its sorting is asked of the core.
import type { DataColumn, TableSort } from '../../components/data-column.js';
import { formatCount, formatTableDuration, nameDurationColumn, type DurationLook } from '../../../shared/format.js';
import type { TaskPageInput } from '../../../shared/api/inputs.js';
import type { TaskRecord } from '../../../shared/run.js';

type SortBy = TaskPageInput['sortBy'];
const SORTABLE: readonly SortBy[] = ['ordinal', 'service', 'waiting', 'compute', 'steps', 'state'];

/** Sorting as the API takes it; without one, the order of the run. */
export function toTaskOrder(sort: TableSort | null): { sortBy: SortBy; descending: boolean } {
  const sortBy = SORTABLE.find((name) => name === sort?.columnId);
  return { sortBy: sortBy ?? 'ordinal', descending: sortBy !== undefined && sort?.isDescending === true };
}

/**
 * `nodeName` turns an id into the node's name in this run; `runningOn` has the id of the node that computes a task now. What gives way to a narrow
 * window is shown of the task that is opened.
 */
export function taskColumns(
  nodeName: (id: string | null) => string,
  look: DurationLook = 'seconds',
  runningOn: (task: TaskRecord) => string | null = () => null,
): DataColumn<TaskRecord>[] {
  const delayColumn = durationColumnIn(look);
  return [
    {
      id: 'ordinal',
      header: 'No.',
      value: (task) => task.ordinal,
      text: (task) => formatCount(task.ordinal + 1),
      align: 'end',
      widthPx: 70,
    },
    { id: 'state', header: 'State', value: (task) => task.state, widthPx: 116 },
    { id: 'prompt', header: 'Prompt', value: (task) => task.prompt, isSortable: false, minWidthPx: 180 },
    { id: 'steps', header: 'Steps', value: (task) => task.qualitySteps, align: 'end', widthPx: 72, hint: 'Denoising steps z of the image' },
    {
      id: 'baseStation',
      header: 'Base station',
      value: (task) => nodeName(task.baseStationId),
      isSortable: false,
      widthPx: 100,
      hideOrder: 1,
      hint: 'Where the task arrived',
    },
    {
      id: 'edgeServer',
      header: 'Edge server',
      value: (task) => nodeName(task.edgeServerId ?? runningOn(task)),
      isSortable: false,
      widthPx: 100,
      hideOrder: 2,
      hint: 'Where the image is made',
    },
    { ...delayColumn('waiting', 'Waiting', (task) => task.delays?.waitingMs), hideOrder: 4 },
    { ...delayColumn('compute', 'Compute', (task) => task.delays?.computeMs), hideOrder: 3 },
    delayColumn('service', 'Service', (task) => task.delays?.serviceMs),
  ];
}

function durationColumnIn(look: DurationLook) {
  return (id: SortBy, name: string, read: (task: TaskRecord) => number | undefined): DataColumn<TaskRecord> => ({
    id,
    header: nameDurationColumn(name, look),
    value: (task) => read(task) ?? null,
    text: (task) => formatTableDuration(read(task), look),
    align: 'end',
    widthPx: 112,
    hint: 'Model time',
  });
}
