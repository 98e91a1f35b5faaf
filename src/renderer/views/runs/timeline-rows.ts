// The rows of a timeline as a table; pure.
import type { DataColumn } from '../../components/data-column.js';
import { stateOfTask, type GanttLane } from '../../charts/gantt/gantt-data.js';
import { capitalize } from '../../../shared/capitalize.js';
import { formatCount, formatTableDuration, nameDurationColumn, type DurationLook } from '../../../shared/format.js';
import type { TaskDelays } from '../../../shared/run.js';

export interface TimelineTableRow {
  key: string;
  ordinal: number;
  node: string;
  startMs: number;
  delays: TaskDelays | null;
  outcome: string;
}

/** Tasks and failed sendings of all lanes in the order of their starts. */
export function listTimelineRows(lanes: readonly GanttLane[]): TimelineTableRow[] {
  const rows = lanes.flatMap(({ name, tasks, failures }) => [
    ...tasks.map((task): TimelineTableRow => {
      const { ordinal, startMs, delays, attempts } = task;
      const sending = attempts > 1 ? `, sending ${attempts}` : '';
      return { key: `t${ordinal}`, ordinal, node: name, startMs, delays, outcome: `${capitalize(stateOfTask(task))}${sending}` };
    }),
    ...failures.map(({ ordinal, fromMs, message }, index): TimelineTableRow => ({
      ...{ key: `f${ordinal}-${fromMs}-${index}`, ordinal, node: name, startMs: fromMs, delays: null },
      outcome: `Failed: ${message}`,
    })),
  ]);
  return rows.sort((left, right) => left.startMs - right.startMs || left.ordinal - right.ordinal);
}

export function timelineColumns(instant: (ms: number) => string, look: DurationLook): DataColumn<TimelineTableRow>[] {
  const part = (id: string, name: string, key: keyof TaskDelays): DataColumn<TimelineTableRow> => ({
    id,
    header: nameDurationColumn(name, look),
    value: ({ delays }) => delays?.[key] ?? null,
    text: ({ delays }) => formatTableDuration(delays?.[key], look),
    align: 'end',
    widthPx: 104,
  });
  return [
    {
      id: 'task',
      header: 'Task',
      value: ({ ordinal }) => ordinal,
      text: ({ ordinal }) => formatCount(ordinal + 1),
      align: 'end',
      widthPx: 70,
    },
    { id: 'node', header: 'Node', value: ({ node }) => node, widthPx: 130 },
    { id: 'start', header: 'Start', value: ({ startMs }) => startMs, text: ({ startMs }) => instant(startMs), widthPx: 110 },
    part('waiting', 'Waiting', 'waitingMs'),
    part('compute', 'Compute', 'computeMs'),
    part('service', 'Service', 'serviceMs'),
    { id: 'outcome', header: 'Outcome', value: ({ outcome }) => outcome },
  ];
}
