import { describeStanding, nameJob } from '../../../shared/describe-job.js';
import { type Job, JOB_KIND_TITLES } from '../../../shared/job.js';
import type { DataColumn } from '../../components/data-column.js';
import { JOB_STATUS } from '../../components/status.js';
import { formatDateTime } from '../../format.js';

export const JOB_COLUMNS: DataColumn<Job>[] = [
  { id: 'kind', header: 'Kind', value: ({ kind }) => JOB_KIND_TITLES[kind], widthPx: 112 },
  { id: 'what', header: 'What', value: nameJob, minWidthPx: 176 },
  { id: 'state', header: 'State', value: ({ state }) => JOB_STATUS[state].label, widthPx: 116 },
  { id: 'standing', header: 'Progress', value: describeStanding, isSortable: false, minWidthPx: 200 },
  {
    id: 'started',
    header: 'Started',
    value: ({ createdAtMs }) => createdAtMs,
    text: ({ createdAtMs }) => formatDateTime(createdAtMs),
    widthPx: 150,
  },
  { id: 'commands', header: 'Commands', value: () => null, isSortable: false, widthPx: 176 },
];
