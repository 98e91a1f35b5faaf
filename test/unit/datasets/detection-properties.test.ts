// What holds for any captions in any form: seeded, so that a failure comes again.
import { stringify } from 'csv-stringify/sync';
import { describe, expect, it } from 'vitest';
import { createRandom, type RandomSource } from '../../../src/random/random.js';
import { isDoubtful } from '../../../src/shared/describe-dataset.js';
import { captionFile, parseCaptions } from '../../support/caption-files.js';

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);
const WORDS = [
  'a',
  'dog',
  'Tür',
  'red',
  'runs',
  'over',
  '草',
  'grass',
  'near',
  '"Rex"',
  'the',
  'boy’s',
  'kite,',
  'big',
  'old;',
  'tram',
  'rain',
];

function makeCaptions(random: RandomSource): string[] {
  return Array.from({ length: random.nextInt(3, 60) }, (_, index) => {
    const words = Array.from({ length: random.nextInt(4, 14) }, () => WORDS[random.nextInt(0, WORDS.length - 1)] ?? '');
    return `Some people ${words.join(' ')} ${index}`;
  });
}

/** In pieces that end anywhere. */
function inPieces(text: string, random: RandomSource) {
  const bytes = new TextEncoder().encode(text);
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < bytes.length;) {
    const to = from + random.nextInt(1, 400);
    pieces.push(bytes.subarray(from, to));
    from = to;
  }
  return captionFile(pieces);
}

const FORMS: Record<string, (captions: string[], lineEnd: string) => string> = {
  'token file': (captions, end) => captions.map((text, index) => `${index}_a.jpg#0\t${text}`).join(end),
  'results.csv': (captions, end) => ['image_name| comment_number| comment', ...captions.map((text, i) => `${i}.jpg| 0| ${text}`)].join(end),
  CSV: (captions) =>
    stringify(
      captions.map((text, i) => [`${i}.jpg`, text]),
      { header: true, columns: ['image', 'caption'] },
    ),
  'CSV with semicolons': (captions) =>
    stringify(
      captions.map((text, i) => [i, 'train', text]),
      { header: true, columns: ['id', 'split', 'text'], delimiter: ';' },
    ),
  'TSV without header': (captions, end) => captions.map((text, index) => `img_${index}.png\t${text}`).join(end),
  'COCO JSON': (captions) =>
    JSON.stringify({ images: [], annotations: captions.map((caption, id) => ({ image_id: id, id, caption })) }, null, captions.length % 3),
  'JSON Lines': (captions, end) => captions.map((text, index) => JSON.stringify({ file_name: `${index}.jpg`, text })).join(end),
  'JSON records': (captions) => JSON.stringify(captions.map((prompt) => ({ prompt, seed: 1 }))),
  'one caption per line': (captions, end) => captions.join(end),
};

describe.each(Object.keys(FORMS))('captions as %s', (form) => {
  it.each(SEEDS)('come back as they went in (seed %i)', async (seed) => {
    const random = createRandom(seed);
    const captions = makeCaptions(random);
    const text = FORMS[form]?.(captions, random.nextInt(0, 1) ? '\r\n' : '\n') ?? '';
    const { preview, prompts } = await parseCaptions(inPieces(text, random));
    expect(prompts.map((prompt) => prompt.text)).toEqual(captions);
    expect(isDoubtful(preview)).toBe(false);
  });
});

describe('any text', () => {
  const PIECES = [
    '"',
    ',',
    ';',
    '|',
    '\t',
    '\n',
    '\r\n',
    '{',
    '}',
    '[',
    ']',
    '<',
    '>',
    ':',
    '- ',
    'a.jpg',
    'caption',
    'A dog runs',
    '0',
    '\u202e',
    '{"text": "a dog"}',
  ];

  it.each(SEEDS)('is read or refused by name, with every line accounted for (seed %i)', async (seed) => {
    const random = createRandom(seed);
    for (let round = 0; round < 20; round++) {
      const text = Array.from({ length: random.nextInt(1, 80) }, () => PIECES[random.nextInt(0, PIECES.length - 1)] ?? '').join('');
      const outcome = await parseCaptions(inPieces(text, random)).catch((thrown: unknown) => thrown);
      if (outcome instanceof Error) {
        expect(outcome, text).toMatchObject({ code: expect.stringMatching(/^(dataset-invalid|invalid-input)$/) as string });
        continue;
      }
      const { preview, prompts } = outcome as Awaited<ReturnType<typeof parseCaptions>>;
      const { lines, kept, blank, oneLetter, malformed } = preview.counts;
      expect(kept + blank + oneLetter + malformed, text).toBe(lines);
      expect(prompts.length).toBe(kept);
    }
  });
});
