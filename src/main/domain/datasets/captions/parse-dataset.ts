// From a caption file to its prompts, everything questionable counted. The file is read piece by piece: neither it nor its captions are ever in
// memory as a whole.
import { createHash } from 'node:crypto';
import type { DatasetPreview, ImportOptions, PictureFindings, PreviewColumn } from '../../../../shared/dataset.js';
import { AppError } from '../../../../shared/errors.js';
import { PICTURE_PROBLEM_TEXTS } from '../../../../shared/describe-dataset.js';
import { type Caption, type CaptionLayout, delimiterOf } from './caption-layout.js';
import { type ByteFacts, decodeText, findLineEnding, invalidDataset, noByteFacts } from './decode-text.js';
import { detectLayout, HEAD_LENGTH } from './detect-layout.js';
import { findDoubt } from './doubts.js';
import { readCaptions } from './read-captions.js';
import { Selection } from './selection.js';

const SAMPLE_SIZE = 20;
const EXAMPLE_LENGTH = 80;

/** What a file is to this: a name for messages, and its bytes as often as they are needed. */
export interface CaptionFile {
  name: string;
  chunks(): AsyncIterable<Uint8Array>;
  /** Of a folder of pairs. */
  pictures?: Pairing;
}

/** Finds the pictures of captions, and leaves out those without. */
interface Pairing {
  readonly findings: PictureFindings;
  pair(captions: readonly Caption[]): Promise<Caption[]>;
}

/** Takes captions in batches, in the order of the file. */
export type TakeCaptions = (captions: Caption[]) => void;

/**
 * Gives the captions that are kept to `take` and returns what was found in the file. Throws `dataset-invalid` when it is not text, is not
 * understood, or no caption is left: after some were taken where that shows late; `invalid-input` for a column that is not there.
 */
export async function parseDataset(
  file: CaptionFile,
  options: ImportOptions,
  take: TakeCaptions = () => undefined,
): Promise<DatasetPreview> {
  const texts = (): AsyncGenerator<string> => decodeText(file.chunks(), file.name);
  const layout = await detectLayout({ ...(await readHead(texts())), choices: options, sourceName: file.name, texts });
  const preview = await readAll(file, layout, options, take);
  const { lines, blank, kept, malformed } = preview.counts;
  if (lines > 0 && lines === blank) throw invalidDataset(file.name, 'holds nothing but blank lines');
  if (kept === 0 && preview.pictures) throw noPairs(file.name, preview.pictures);
  if (kept === 0) throw invalidDataset(file.name, `holds no caption to keep (of ${lines} lines ${malformed} do not fit the format)`);
  return preview;
}

async function readHead(texts: AsyncIterable<string>): Promise<{ head: string; isCut: boolean }> {
  let head = '';
  for await (const text of texts) {
    head += text;
    if (head.length > HEAD_LENGTH) return { head: head.slice(0, HEAD_LENGTH), isCut: true };
  }
  return { head, isCut: false };
}

async function readAll(file: CaptionFile, layout: CaptionLayout, options: ImportOptions, take: TakeCaptions): Promise<DatasetPreview> {
  const facts = noByteFacts();
  const hash = createHash('sha256');
  const texts = decodeText(tapped(file.chunks(), hash), file.name, facts);
  const selection = new Selection(options);
  let withoutPicture = 0;
  const sample: DatasetPreview['sample'] = [];
  const doubts: DatasetPreview['doubts'] = {};
  const sharedSeparator = layout.kind === 'lines' ? layout.sharedSeparator : null;
  for await (const entries of readCaptions(texts, layout, file.name)) {
    const chosen = selection.choose(entries);
    const captions = file.pictures ? await file.pictures.pair(chosen) : chosen;
    withoutPicture += chosen.length - captions.length;
    for (const caption of captions) {
      const doubt = findDoubt(caption.text, sharedSeparator);
      if (doubt) doubts[doubt] = (doubts[doubt] ?? 0) + 1;
      if (sample.length < SAMPLE_SIZE) sample.push({ text: caption.text, imageName: caption.imageName, doubt });
    }
    if (captions.length > 0) take(captions);
  }
  const { counts } = selection;
  if (file.pictures) Object.assign(counts, { kept: counts.kept - withoutPicture, withoutPicture });
  const pictures = file.pictures?.findings ?? null;
  return { ...describe(layout, facts), counts, sample, doubts, pictures, sha256: hash.digest('hex') };
}

function describe(layout: CaptionLayout, facts: ByteFacts): Omit<DatasetPreview, 'counts' | 'sample' | 'doubts' | 'pictures' | 'sha256'> {
  return {
    format: layout.format,
    delimiter: delimiterOf(layout),
    columns: listColumns(layout),
    lineEnding: findLineEnding(facts),
    hasByteOrderMark: facts.hasByteOrderMark,
  };
}

function listColumns(layout: CaptionLayout): PreviewColumn[] {
  if (layout.kind === 'lines' || layout.kind === 'token') return [];
  const captions = layout.kind === 'rows' ? layout.captionColumns.map((index) => layout.columns[index]?.name) : layout.captionFields;
  return layout.columns
    .filter(({ name }) => name !== '')
    .map(({ name, examples }) => ({ name, example: (examples[0] ?? '').slice(0, EXAMPLE_LENGTH), isCaption: captions.includes(name) }));
}

function noPairs(name: string, { examples }: PictureFindings): AppError {
  const [first] = examples;
  const why = first ? `; the first, “${first.name}”, ${PICTURE_PROBLEM_TEXTS[first.problem]}` : '';
  return new AppError(
    'dataset-invalid',
    `${name} has no caption with a sound picture${why}`,
    'The column file_name has to name PNG or JPEG files in the same folder, of at most 8 MiB and 16.8 megapixels; or import the metadata file alone.',
  );
}

async function* tapped(chunks: AsyncIterable<Uint8Array>, sink: { update(bytes: Uint8Array): unknown }): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    sink.update(chunk);
    yield chunk;
  }
}
