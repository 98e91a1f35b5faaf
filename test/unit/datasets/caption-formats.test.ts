// Every published form of a caption set, by a small file of it: all have the same four captions.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { captionFile, parseCaptions } from '../../support/caption-files.js';
import type { ImportOptions } from '../../../src/shared/dataset.js';

const FIXTURES = join(import.meta.dirname, '../../fixtures/captions');
const CAPTIONS = [
  'A potter turns a wide bowl on a wheel .',
  'Two children fly a kite , far above the dunes .',
  'An old tram climbs a steep street in the rain .',
  'A cook lifts the lid of a steaming pot .',
];

const parseFixture = (name: string, options: Partial<ImportOptions> = {}) =>
  parseCaptions(captionFile([readFileSync(join(FIXTURES, name))], name), options);
const textsOf = async (text: string, options: Partial<ImportOptions> = {}): Promise<string[]> =>
  (await parseCaptions(text, options)).prompts.map((prompt) => prompt.text);

describe('a published caption set', () => {
  it.each([
    ['flickr30k-results.csv', { format: 'flickr30k-results', delimiter: 'pipe', columns: ['comment'] }, '100.jpg'],
    ['semicolon.csv', { format: 'delimited-text', delimiter: 'semicolon', columns: ['beschreibung'] }, 'b0.png'],
    ['pairs.tsv', { format: 'delimited-text', delimiter: 'tab', columns: ['2'] }, null],
    ['coco-one-line.json', { format: 'coco-json', delimiter: null, columns: ['caption'] }, '000000.jpg'],
    ['coco-indented.json', { format: 'coco-json', delimiter: null, columns: ['caption'] }, '000000.jpg'],
    ['karpathy.json', { format: 'karpathy-json', delimiter: null, columns: ['sentences'] }, 'k0.jpg'],
    ['metadata.jsonl', { format: 'json-lines', delimiter: null, columns: ['text'] }, 'h0.png'],
    ['metadata.csv', { format: 'huggingface-metadata', delimiter: 'comma', columns: ['caption_0', 'caption_1'] }, 'h0.png'],
    ['records.json', { format: 'json-records', delimiter: null, columns: ['caption'] }, 'r0.jpg'],
  ])('%s gives its captions and none that are doubtful', async (name, expected, imageName) => {
    const { preview, prompts } = await parseFixture(name);
    expect(prompts.map(({ text }) => text)).toEqual(CAPTIONS);
    expect(prompts[0]?.imageName).toBe(imageName);
    expect({
      format: preview.format,
      delimiter: preview.delimiter,
      columns: preview.columns.filter(({ isCaption }) => isCaption).map((column) => column.name),
    }).toEqual(expected);
    expect(preview.doubts).toEqual({});
  });

  it('counts a row without its last delimiter as malformed', async () => {
    expect((await parseFixture('flickr30k-results.csv')).preview.counts).toMatchObject({
      lines: 5,
      kept: 4,
      malformed: 1,
      malformedAt: [6],
    });
  });

  it('reads a JSON document that comes in pieces, through the middle of its letters too', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ annotations: [{ caption: 'A café on the Ångström quay' }] }));
    const pieces = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
    expect((await parseCaptions(captionFile(pieces, 'coco.json'))).prompts).toEqual([
      { text: 'A café on the Ångström quay', imageName: null },
    ]);
  });

  it.each([
    ['one column with a header', 'prompt\nA tram, old\nA kite\n', ['A tram, old', 'A kite']],
    ['a list of texts', '["A tram", "A kite"]', ['A tram', 'A kite']],
    ['an object with a list of texts', '{"version": 1, "prompts": ["A tram", "A kite"]}', ['A tram', 'A kite']],
    ['CSV of keys and captions without a header', '1.jpg,A tram , red\n2.jpg,A kite\n3.jpg,A cook\n', ['A tram , red', 'A kite', 'A cook']],
    ['one JSON object', '{"file_name": "1.jpg", "text": "A tram"}', ['A tram']],
    ['captions in the first column', 'caption,image\n"A tram, red",1.jpg\nA kite,2.jpg\n', ['A tram, red', 'A kite']],
    ['texts in Chinese', 'id,text\n1,一只狗在草地上奔跑\n2,两个男孩在踢球\n', ['一只狗在草地上奔跑', '两个男孩在踢球']],
  ])('reads %s', async (_what, text, captions) => {
    expect(await textsOf(text)).toEqual(captions);
  });

  it.each([
    ['prompts in brackets', '[A tram] in the rain\n{red} kite over dunes\n'],
    ['prompts with commas', 'portrait of a cook, 8k, detailed\na tram, 8k, rain\na kite, 8k, dunes\n'],
    ['prompts with a style in angle brackets', '<lora:ink:0.8> a tram in the rain\n<lora:ink:0.8> a kite\n'],
    ['prompts with a colon', 'Portrait: a cook at work\nLandscape: dunes with a kite\nStreet: a tram in rain\n'],
    ['a caption with a word that names columns', 'A caption, in chalk\nA tram\nA kite\n'],
  ])('leaves %s as they are, without a doubt', async (_what, text) => {
    const { preview, prompts } = await parseCaptions(text);
    expect(preview).toMatchObject({ format: 'plain-text', doubts: {} });
    expect(prompts.map((prompt) => prompt.text)).toEqual(text.trim().split('\n'));
  });
});

describe('a file that is not understood', () => {
  it.each([
    ['XML', '<?xml version="1.0"?>\n<set><c>A tram in rain</c></set>\n', 'is XML'],
    ['XML without a declaration', '<annotation>\n  <caption>A tram</caption>\n</annotation>\n', 'is XML'],
    ['HTML', '<!DOCTYPE html>\n<html><body>A tram</body></html>\n', 'is HTML'],
    ['YAML', 'train:\n  - image: 1.jpg\n    caption: A tram in rain\n  - image: 2.jpg\n    caption: A kite\n', 'is YAML'],
    ['an INI file', '[captions]\nfirst = A tram in rain\n', 'INI'],
    ['JSON without captions', '{"images": [{"id": 1}], "annotations": [{"bbox": [1, 2, 3, 4], "image_id": 1}]}', 'JSON without captions'],
    ['broken JSON', '{"annotations": [{"caption": "A tram" "id": 3}]}', 'can’t be read'],
    ['JSON that was cut off', '{"annotations": [{"caption": "A tram"}, {"caption": "A ki', 'ends in the middle'],
    ['JSON with something behind it', '{"annotations": [{"caption": "A tram"}]} and more', 'after its JSON document'],
    ['JSON without end', '['.repeat(5000), 'nested deeper'],
    ['a table without captions', 'image\ttext\n1.jpg\t3\n2.jpg\t4\n3.jpg\t5\n', 'none looks like captions'],
    ['a Parquet file', 'PAR1\u0001\u0002', 'Parquet'],
  ])('is refused with a remedy: %s', async (_what, text, message) => {
    await expect(parseCaptions(text)).rejects.toMatchObject({
      code: 'dataset-invalid',
      message: expect.stringContaining(message) as string,
      hint: expect.stringMatching(/\w{4}/) as string,
    });
  });
});

describe('what is doubtful', () => {
  it.each([
    ['file names', '1.jpg\nimages/2.png\n3.jpg\n', { 'file-name': 3 }],
    ['addresses', 'https://example.org/1\nhttps://example.org/2\n', { 'file-name': 2 }],
    ['numbers', '12\n13\n', { 'no-letters': 2 }],
    ['a tab in all lines', 'red\tA tram in rain\ngreen\tA kite\nblue\tA cook\n', { 'shared-delimiter': 3 }],
    ['a bar in all lines', 'A tram | Eine Bahn\nA kite | Ein Drachen\nA cook | Ein Koch\n', { 'shared-delimiter': 3 }],
  ])('is counted and marked: %s', async (_what, text, doubts) => {
    const { preview } = await parseCaptions(text);
    expect(preview.doubts).toEqual(doubts);
    expect(preview.sample.every(({ doubt }) => doubt !== null)).toBe(true);
  });

  it('is a row that was not taken apart', async () => {
    const { preview } = await parseFixture('flickr30k-results.csv', { delimiter: 'none' });
    expect(preview.doubts).toEqual({ 'file-name': 5 });
  });
});

describe('a choice', () => {
  it.each([
    ['a column by name', { columns: ['caption_1'] }, [CAPTIONS[1], CAPTIONS[3]]],
    ['a column by number', { columns: ['3'] }, [CAPTIONS[0], CAPTIONS[2]]],
    ['several columns', { columns: ['caption_1', 'caption_0'] }, [CAPTIONS[1], CAPTIONS[0], CAPTIONS[3], CAPTIONS[2]]],
    ['a column of something else', { columns: ['split'] }, ['train', 'train']],
  ])('comes before what is found: %s', async (_what, options, texts) => {
    expect((await parseFixture('metadata.csv', options)).prompts.map(({ text }) => text)).toEqual(texts);
  });

  it('of a field of JSON comes before what is found', async () => {
    const text = '[{"id": 1, "title": "A tram", "caption": "A tram in rain"}]';
    expect(await textsOf(text, { columns: ['title'] })).toEqual(['A tram']);
  });

  it('of a delimiter takes lines apart that were left whole', async () => {
    expect(await textsOf('A tram | Eine Bahn\nA kite | Ein Drachen\n', { delimiter: 'pipe', columns: ['2'] })).toEqual([
      'Eine Bahn',
      'Ein Drachen',
    ]);
  });

  it('of no delimiter makes every line a prompt, of YAML too', async () => {
    expect(await textsOf('a:\n  - b: A tram\n', { delimiter: 'none' })).toEqual(['a:', '- b: A tram']);
  });

  it('of a column that is not there is refused with those that are', async () => {
    await expect(parseFixture('metadata.csv', { columns: ['words'] })).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('no column "words"') as string,
      hint: expect.stringContaining('"caption_0"') as string,
    });
  });
});
