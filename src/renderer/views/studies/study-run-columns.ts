// The list of study runs: its columns.
import type { DataColumn } from '../../components/data-column.js';
import { formatCount } from '../../../shared/format.js';
import type { StudyRun } from '../../../shared/study.js';
import { describeSeeds, nameStudy } from './describe-study.js';
import { JOB_STATUS } from '../../components/status.js';

export const STUDY_RUN_COLUMNS: DataColumn<StudyRun>[] = [
  { id: 'name', header: 'Study', value: ({ study }) => nameStudy(study), minWidthPx: 200 },
  { id: 'state', header: 'State', value: ({ state }) => JOB_STATUS[state].label, widthPx: 116 },
  { id: 'seeds', header: 'Seeds', value: ({ seeds }) => seeds, text: describeSeeds, widthPx: 130 },
  {
    id: 'cells',
    header: 'Cells',
    value: ({ doneCount }) => doneCount,
    text: ({ doneCount, cellCount, failedCount }) =>
      `${formatCount(doneCount)} of ${formatCount(cellCount)}${failedCount > 0 ? `, ${formatCount(failedCount)} failed` : ''}`,
    align: 'end',
    widthPx: 150,
    hint: 'Cells done, of points × methods × seeds',
  },
  { id: 'created', header: 'Created', value: (run) => run.createdAtMs, widthPx: 150 },
  { id: 'remove', header: '', value: () => null, isSortable: false, widthPx: 44 },
];
