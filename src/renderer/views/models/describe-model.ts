// A model and the work on it, in words and columns.
import type { DataColumn } from '../../components/data-column.js';
import { formatDateTime } from '../../format.js';
import { formatBytes, formatCount, formatDuration } from '../../../shared/format.js';
import { describeVariant } from '../../../shared/model-variant.js';
import { MODEL_PART_TITLES, type Model, type ModelFile, type ModelJob, type ModelPart, type ModelProgress } from '../../../shared/model.js';

const LAYOUT_TITLES: Record<Model['layout'], string> = {
  'all-in-one': 'One file',
  split: 'Folder, a file per part',
  diffusers: 'diffusers folder',
};

export const MODEL_JOB_TITLES: Record<ModelJob['kind'], string> = {
  add: 'Adding',
  strip: 'Refining',
  verify: 'Comparing',
  fetch: 'Fetching',
};

/** Where the refined model goes unless someone says otherwise: beside the original. */
export function refinedPath({ path, layout }: Pick<Model, 'path' | 'layout'>): string {
  const stem = path.replace(/[/\\]+$/, '');
  return layout === 'all-in-one' ? `${stem.replace(/\.safetensors$/i, '')}-resd3m.safetensors` : `${stem}-resd3m`;
}

/** Rate and rest of work on bytes; null when there is nothing to say. */
export function describeRate({ bytesPerSec, remainingSec }: Pick<ModelProgress, 'bytesPerSec' | 'remainingSec'>): string | null {
  if (bytesPerSec === null) return null;
  const rate = `${formatBytes(bytesPerSec)}/s`;
  return remainingSec === null ? rate : `${rate}, about ${formatDuration(remainingSec * 1000)} left`;
}

/** When every byte of it was read here, and what came of it. */
export function describeReading({ lastRead }: Pick<Model, 'lastRead'>): string {
  if (!lastRead) return 'Not noted';
  return lastRead.isAsOnRecord ? formatDateTime(lastRead.atMs) : `Not as on record on ${formatDateTime(lastRead.atMs)}`;
}

/** What came of work that does not run, before the name of the model; null where its error or its report says it. */
export function describeEnd({ kind, state, progress }: Pick<ModelJob, 'kind' | 'state' | 'progress'>): string | null {
  if (state === 'succeeded' && kind === 'verify') return 'Every byte was read and is as on record:';
  if (state === 'succeeded' && kind === 'fetch') return 'Every byte has the published SHA-256. On record as';
  if (state === 'succeeded' && kind === 'add') return 'On record as';
  if (kind !== 'fetch' || state === 'succeeded' || !progress) return null;
  return `${formatBytes(progress.doneBytes)} of ${formatBytes(progress.totalBytes)} are here and are kept.`;
}

export function listModelFacts(model: Model): [string, string][] {
  return [
    ['Kind', describeVariant(model)],
    ['Layout', LAYOUT_TITLES[model.layout]],
    ['Size', `${formatBytes(model.sizeBytes)} (${formatCount(model.sizeBytes)} bytes)`],
    ['Added', formatDateTime(model.addedAtMs)],
    ['Last verified here', describeReading(model)],
    ['Path', model.path],
    ['SHA-256', model.sha256],
    ...(model.license
      ? [['License', `${model.license.name}, accepted ${formatDateTime(model.license.acceptedAtMs)}`] as [string, string]]
      : []),
    ...(model.refinedFromSha256 === null ? [] : [['Refined from', model.refinedFromSha256] as [string, string]]),
  ];
}

const SIZE_COLUMN: DataColumn<{ sizeBytes: number }> = {
  id: 'size',
  header: 'Size',
  value: ({ sizeBytes }) => sizeBytes,
  text: ({ sizeBytes }) => formatBytes(sizeBytes),
  align: 'end',
  widthPx: 100,
};

export const MODEL_COLUMNS: DataColumn<Model>[] = [
  { id: 'name', header: 'Name', value: (model) => model.name, minWidthPx: 120 },
  { id: 'kind', header: 'Kind', value: describeVariant, widthPx: 232, hideOrder: 2 },
  { id: 'layout', header: 'Layout', value: (model) => LAYOUT_TITLES[model.layout], widthPx: 140, hideOrder: 1 },
  SIZE_COLUMN,
  {
    id: 'verified',
    header: 'Last verified',
    hint: 'When every byte was read here and compared with the record',
    value: ({ lastRead }) => lastRead?.atMs ?? null,
    text: ({ lastRead }) => (lastRead ? formatDateTime(lastRead.atMs) : '–'),
    widthPx: 150,
    hideOrder: 3,
  },
  { id: 'bin', header: 'Move to bin', isHeaderHidden: true, value: () => null, isSortable: false, widthPx: 44 },
];

export const PART_COLUMNS: DataColumn<ModelPart>[] = [
  { id: 'name', header: 'Part', value: (part) => MODEL_PART_TITLES[part.name] },
  {
    id: 'tensors',
    header: 'Tensors',
    value: (part) => part.tensorCount,
    text: (part) => formatCount(part.tensorCount),
    align: 'end',
    widthPx: 90,
  },
  SIZE_COLUMN,
  { id: 'dtypes', header: 'Number formats', value: (part) => part.dtypes.join(', '), widthPx: 160 },
];

export const FILE_COLUMNS: DataColumn<ModelFile>[] = [
  { id: 'path', header: 'File', value: (file) => file.path, minWidthPx: 200 },
  SIZE_COLUMN,
  { id: 'sha256', header: 'SHA-256', value: (file) => file.sha256, minWidthPx: 260 },
];
