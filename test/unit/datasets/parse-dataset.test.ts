import { describe, expect, it } from 'vitest';
import { parseCaptions as parse } from '../../support/caption-files.js';

const textsOf = async (text: string): Promise<string[]> => (await parse(text)).prompts.map((prompt) => prompt.text);
const refusal = (message: string): unknown =>
  expect.objectContaining({
    code: 'dataset-invalid',
    message: expect.stringContaining(message) as string,
    hint: expect.any(String) as string,
  });

describe('Flickr8k.token.txt', () => {
  const file = '1000.jpg#0\tA child in a pink dress .\n1000.jpg#1\tA girl , smiling .\n';

  it('reads caption and image name', async () => {
    const { preview, prompts } = await parse(file);
    expect(preview.format).toBe('flickr8k-token');
    expect(prompts).toEqual([
      { imageName: '1000.jpg', text: 'A child in a pink dress .' },
      { imageName: '1000.jpg', text: 'A girl , smiling .' },
    ]);
  });

  it('counts lines of another shape as malformed and names them', async () => {
    const { counts } = (await parse(`${file}no tab here\n1000.jpg#2\tA dog\n`)).preview;
    expect(counts).toMatchObject({ lines: 4, kept: 3, malformed: 1, malformedAt: [3] });
  });
});

describe('captions.txt of Kaggle', () => {
  it('reads quoted captions with commas and quotes inside', async () => {
    const { preview, prompts } = await parse('image,caption\na.jpg,A dog .\nb.jpg,"Two dogs , one ""big"" , run ."\n');
    expect(preview).toMatchObject({ format: 'captions-csv', counts: { lines: 2, kept: 2 } });
    expect(prompts[1]).toEqual({ imageName: 'b.jpg', text: 'Two dogs , one "big" , run .' });
  });

  it('keeps a caption whose commas no one quoted', async () => {
    expect(await textsOf('image,caption\na.jpg,A dog , a cat , a bird\n')).toEqual(['A dog , a cat , a bird']);
  });

  it('reads quotes inside a caption that is not quoted', async () => {
    expect(await textsOf('image,caption\na.jpg,A sign says "open" today\n')).toEqual(['A sign says "open" today']);
  });

  it('loses one line to an open quote, not the rest of the file', async () => {
    const { counts } = (await parse('image,caption\na.jpg,"A dog\nb.jpg,A cat\n')).preview;
    expect(counts).toMatchObject({ lines: 2, kept: 1, malformed: 1, malformedAt: [2] });
  });
});

describe('plain text', () => {
  it('takes one caption per line', async () => {
    expect((await parse('A dog\nA cat')).preview).toMatchObject({ format: 'plain-text', lineEnding: 'LF', counts: { lines: 2, kept: 2 } });
  });

  it.each([
    ['A\tdog\n', 'LF'],
    ['A dog\r\nA cat\r\n', 'CRLF'],
    ['A dog\r\nA cat\n', 'mixed'],
    ['A dog\rA cat\r', 'mixed'],
  ])('tells the line ending of %j', async (text, lineEnding) => {
    expect((await parse(text)).preview.lineEnding).toBe(lineEnding);
  });

  it('drops the byte order mark from the first caption', async () => {
    const { preview, prompts } = await parse('\ufeffA dog\n');
    expect(preview.hasByteOrderMark).toBe(true);
    expect(prompts[0]?.text).toBe('A dog');
  });

  it('takes control characters and direction marks out of captions', async () => {
    const padding = 'A quiet harbour with many small boats under a wide and cloudy evening sky\n'.repeat(3);
    expect((await textsOf(`${padding}A \u001b[31mred\u202e dog\n`)).at(-1)).toBe('A  [31mred dog');
  });

  it('counts a line of more than 2,000 characters as malformed', async () => {
    expect((await parse(`A dog\n${'x'.repeat(2001)}\n`)).preview.counts).toMatchObject({ kept: 1, malformed: 1 });
  });
});

describe('the choice of lines', () => {
  const file = 'A dog\n\nA\nA dog\n   \nB\nA cat\n';

  it('by default drops captions of one letter and keeps repeated ones', async () => {
    expect((await parse(file)).preview.counts).toEqual({
      lines: 7,
      kept: 3,
      blank: 2,
      oneLetter: 2,
      repeated: 1,
      malformed: 0,
      malformedAt: [],
    });
  });

  it('keeps and drops by choice', async () => {
    const { prompts } = await parse(file, { keepOneLetter: true, keepRepeated: false });
    expect(prompts.map((prompt) => prompt.text)).toEqual(['A dog', 'A', 'B', 'A cat']);
  });

  it('accounts for every line', async () => {
    const { lines, kept, blank, oneLetter, repeated, malformed } = (
      await parse(`${file}${'y'.repeat(3000)}\n`, {
        keepOneLetter: false,
        keepRepeated: false,
      })
    ).preview.counts;
    expect(kept + blank + oneLetter + repeated + malformed).toBe(lines);
  });
});

describe('files that are no caption files', () => {
  it.each<[string, number[] | string, string]>([
    ['an empty file', '', 'is empty'],
    ['blank lines', '\n  \r\n\t\n', 'nothing but blank lines'],
    ['a PNG image', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a], 'PNG'],
    ['a ZIP archive', [0x50, 0x4b, 0x03, 0x04, 0x14], 'ZIP'],
    ['NUL bytes', [0x41, 0x00, 0x42], 'binary'],
    ['UTF-16', [0xff, 0xfe, 0x41, 0x00], 'UTF-16'],
    ['Latin-1', [0x41, 0xe9, 0x20, 0x62], 'UTF-8'],
    ['control characters', '\u0001\u0002\u0003abc', 'binary'],
    ['a CSV header alone', 'image,caption\n', 'no caption'],
    ['only one-letter lines', 'A\nB\n', 'no caption'],
  ])('refuses %s with a hint', async (_, content, message) => {
    await expect(parse(typeof content === 'string' ? content : Uint8Array.from(content))).rejects.toThrow(refusal(message));
  });
});
