// Where the captions of JSON are: which list of the document and which field of its records, or which field of the lines.
import type { JsonLayout, JsonLinesLayout } from './caption-layout.js';
import { type ChosenColumns, chooseColumns } from './choose-columns.js';
import { findImageName, isExactCaptionName } from './column-names.js';
import { invalidDataset } from './decode-text.js';
import { readJsonRecords } from './read-json.js';
import { isRecord } from './record-texts.js';
import { RecordColumns } from './record-columns.js';
import { isProse, shareOf } from './value-kinds.js';

/** So many records of a list with captions by name decide; without, the whole document is looked at. */
const ENOUGH_RECORDS = 20;
const MAX_LISTS = 50;
const MIN_PROSE_SHARE = 0.5;
/** Lists that are about the set, not in it. */
const NEVER_CAPTIONS = ['licenses', 'categories', 'info'];

const JSON_HINT =
  'Read are COCO’s captions_*.json, Karpathy’s dataset_*.json, and lists of texts or of objects with a caption field. Write other captions to a text file, one per line, for example with jq.';

type Lists = Map<string | null, RecordColumns>;

/** Looks at a document until its captions are found. Throws `dataset-invalid` where there are none. */
export async function detectJson(
  texts: AsyncIterable<string>,
  root: '[' | '{',
  chosen: readonly string[] | undefined,
  sourceName: string,
): Promise<JsonLayout> {
  const lists: Lists = new Map();
  for await (const records of readJsonRecords(texts, root, sourceName)) {
    for (const { listKey, value } of records) {
      const list = lists.get(listKey) ?? (lists.size < MAX_LISTS ? new RecordColumns() : null);
      if (!list) continue;
      lists.set(listKey, list);
      list.add(value);
    }
    if (!chosen?.length && [...lists.values()].some(isDecided)) break;
  }
  return chooseList(lists, chosen, sourceName);
}

/** The objects of the first lines. Null where they are no JSON Lines. */
export function detectJsonLines(
  lines: readonly string[],
  chosen: readonly string[] | undefined,
  sourceName: string,
): JsonLinesLayout | null {
  const columns = new RecordColumns();
  for (const line of lines) {
    const record = parseRecord(line);
    if (isRecord(record)) columns.add(record);
  }
  if (columns.recordCount * 2 <= lines.length) return null;
  const { captions, image } = chooseFields(columns, chosen, sourceName);
  if (captions.length === 0) throw noCaptions(sourceName, `its records have the fields ${listNames(columns)}`);
  return { kind: 'json-lines', format: 'json-lines', columns: columns.list(), captionFields: captions, imageField: image };
}

/** The value of a line that is JSON, or undefined. */
export function parseRecord(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isDecided(list: RecordColumns): boolean {
  if (list.recordCount < ENOUGH_RECORDS) return false;
  return list.list().some(({ name, examples }) => isExactCaptionName(name) && shareOf(examples, isProse) >= MIN_PROSE_SHARE);
}

function chooseList(lists: Lists, chosen: readonly string[] | undefined, sourceName: string): JsonLayout {
  const usable = [...lists].filter(([key]) => key === null || !NEVER_CAPTIONS.includes(key));
  const requested = chosen?.length ? usable.filter(([, list]) => hasAll(list, chosen)) : usable;
  const ranked = (requested.length > 0 ? requested : usable).toSorted(([, a], [, b]) => rank(b) - rank(a) || b.recordCount - a.recordCount);
  for (const [listKey, list] of ranked) {
    const { captions, image } = chooseFields(list, chosen, sourceName);
    if (captions.length === 0) continue;
    return {
      kind: 'json',
      format: nameFormat(listKey, captions),
      listKey,
      columns: list.list(),
      captionFields: captions,
      imageField: image,
    };
  }
  const found = [...lists].map(([key, list]) => `${key === null ? 'a list' : `"${key}"`} of ${listNames(list)}`).slice(0, 5);
  throw noCaptions(sourceName, found.length > 0 ? `it has ${found.join('; ')}` : 'it has no list of texts or records');
}

function chooseFields(list: RecordColumns, chosen: readonly string[] | undefined, sourceName: string): ChosenColumns {
  const fields = chooseColumns(list.list(), chosen, sourceName);
  return { ...fields, image: fields.image ?? findImageName(list.numberNames()) };
}

function hasAll(list: RecordColumns, chosen: readonly string[]): boolean {
  const names = list.list().map(({ name }) => name.toLowerCase());
  return chosen.every((name) => names.includes(name.toLowerCase()));
}

function rank(list: RecordColumns): number {
  const columns = list.list();
  if (columns.some(({ name, examples }) => isExactCaptionName(name) && shareOf(examples, isProse) > 0)) return 2;
  return columns.some(({ examples }) => shareOf(examples, isProse) >= MIN_PROSE_SHARE) ? 1 : 0;
}

function nameFormat(listKey: string | null, captions: readonly string[]): JsonLayout['format'] {
  if (listKey === 'annotations' && captions[0] === 'caption') return 'coco-json';
  return listKey === 'images' && captions[0] === 'sentences' ? 'karpathy-json' : 'json-records';
}

function listNames(list: RecordColumns): string {
  const names = list.list().map(({ name }) => name || 'texts');
  return names.length > 0 ? names.slice(0, 10).join(', ') : 'no texts';
}

function noCaptions(sourceName: string, found: string): Error {
  return invalidDataset(sourceName, `is JSON without captions: ${found}`, JSON_HINT);
}
