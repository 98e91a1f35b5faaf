// The captions of JSON records: of lines, and of a document's list.
import type { CaptionEntry, JsonLayout, JsonLinesLayout } from './caption-layout.js';
import { makeCaption } from './clean-caption.js';
import { parseRecord } from './detect-json.js';
import { readJsonRecords } from './read-json.js';
import { fieldOf, nameOf, textsOf } from './record-texts.js';

type Fields = Pick<JsonLinesLayout | JsonLayout, 'captionFields' | 'imageField'>;

/** Of one line. */
export function readRecordCaptions(line: string, at: number, layout: JsonLinesLayout, entries: CaptionEntry[]): void {
  const record = parseRecord(line);
  if (record === undefined) entries.push({ at, caption: null });
  else pushCaptions(record, at, layout, nameOf(fieldOf(record, layout.imageField ?? '')), entries);
}

/** Of a document; COCO's annotations have their images' ids, whose names come in a list before them. */
export async function* readJsonCaptions(
  texts: AsyncIterable<string>,
  layout: JsonLayout,
  sourceName: string,
): AsyncGenerator<CaptionEntry[]> {
  const root = layout.listKey === null ? '[' : '{';
  const imageNames = new Map<unknown, string>();
  let at = 0;
  for await (const records of readJsonRecords(texts, root, sourceName)) {
    const entries: CaptionEntry[] = [];
    for (const { listKey, value } of records) {
      if (listKey === layout.listKey) {
        const image = fieldOf(value, layout.imageField ?? '');
        pushCaptions(value, ++at, layout, imageNames.get(image) ?? nameOf(image), entries);
      } else if (listKey === 'images' && layout.format === 'coco-json') {
        const name = nameOf(fieldOf(value, 'file_name'));
        if (name !== null) imageNames.set(fieldOf(value, 'id'), name);
      }
    }
    if (entries.length > 0) yield entries;
  }
}

function pushCaptions(record: unknown, at: number, { captionFields }: Fields, imageName: string | null, entries: CaptionEntry[]): void {
  for (const field of captionFields) {
    const texts = textsOf(field === '' ? record : fieldOf(record, field)) ?? [null];
    for (const text of texts) entries.push({ at, caption: text === null ? null : makeCaption(text, imageName) });
  }
}
