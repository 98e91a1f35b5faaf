// The images of a cell of the table, as a query. Pure.
import type { GalleryAxis } from '../../../shared/gallery.js';
import { withKey } from './query-terms.js';

export type CellValues = readonly { axis: GalleryAxis; key: string; label: string }[];

interface Question {
  query: string;
  runId: string | null;
}

export function questionOfCell(question: Question, values: CellValues): Question {
  return values.reduce(narrow, { query: question.query, runId: question.runId });
}

function narrow({ query, runId }: Question, { axis, key, label }: CellValues[number]): Question {
  switch (axis) {
    case 'run':
      return { query, runId: key };
    case 'prompt':
      return { query: `${query} "${label.replace(/["\\]/g, '\\$&')}"`.trim(), runId };
    case 'model':
      // `reSD3-m, 3bb7f21bc5fb`: the hash alone says which.
      return { query: withKey(query, 'model', label.split(', ').at(-1) ?? label), runId };
    case 'scheduler':
    case 'seed':
    case 'steps':
      return { query: withKey(query, axis, key), runId };
    default:
      return { query: withKey(query, axis, label), runId };
  }
}
