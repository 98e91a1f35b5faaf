// Reports as PDF: its text is read back by poppler and compared with the figures, where the machine has poppler.
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildRunDocument } from '../../../src/main/domain/reports/documents/run-document.js';
import type { ReportPictures } from '../../../src/main/domain/reports/formats/pictures.js';
import { renderPdf } from '../../../src/main/domain/reports/formats/render-pdf.js';
import type { ReportDocument } from '../../../src/shared/report-document.js';
import sharp from 'sharp';
import { composeEverything } from '../../support/report-sections.js';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.js';
import { buildDocumentOf, buildReportData, buildTasksInTurn } from '../../support/report-fixtures.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';

const FONTS = join(import.meta.dirname, '../../../resources/fonts');
const hasPoppler = spawnSync('pdftotext', ['-v']).status === 0;
const suffix = hasPoppler ? '' : ' (not run: there is no poppler on this machine)';
const NO_PICTURES: ReportPictures = new Map();
/** Those of the document that poppler is asked about. */
let pictures: ReportPictures;
let folder: string;

beforeEach(() => {
  folder = makeTemporaryFolder();
  pictures = NO_PICTURES;
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What a program of poppler says of the document; throws where it complains. */
async function askPoppler(program: string, document: ReportDocument, ...words: string[]): Promise<string> {
  const path = join(folder, 'report.pdf');
  writeFileSync(path, await renderPdf(document, pictures, FONTS));
  const { status, stdout, stderr } = spawnSync(program, [...words, path, ...(program === 'pdftotext' ? ['-'] : [])], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

it('gives the same bytes for the same document', async () => {
  const document = buildRunDocument(buildReportData(buildTasksInTurn(20, 1000)));
  const [first, second] = [await renderPdf(document, NO_PICTURES, FONTS), await renderPdf(document, NO_PICTURES, FONTS)];
  expect(Buffer.from(first).equals(second)).toBe(true);
});

describe.skipIf(!hasPoppler)(`PDF of reports${suffix}`, () => {
  it('has the figures of a run, its marks, and how to make it again', async () => {
    const validity = { isValid: false, reasons: ['ES 2 was lost.'], limitations: [] };
    const text = await askPoppler('pdftotext', buildRunDocument(buildReportData(buildTasksInTurn(100, 3690), { validity })), '-layout');
    for (const each of [
      'SIMULATED',
      'INVALID: ES 2 was lost.',
      '369.0 s',
      '366.0 s',
      '180.000',
      '350.000',
      'run start',
      'a'.repeat(64),
      'Page 1 of',
    ]) {
      expect(text).toContain(each);
    }
  });

  it('is tagged, titled, and has every font inside', async () => {
    const document = buildRunDocument(buildReportData(buildTasksInTurn(20, 1000)));
    expect(await askPoppler('pdfinfo', document)).toMatch(/Title: +Batch[\s\S]*Tagged: +yes[\s\S]*JavaScript: +no/);
    const fonts = (await askPoppler('pdffonts', document)).split('\n').slice(2).filter(Boolean);
    expect(fonts.length).toBeGreaterThanOrEqual(3);
    expect(fonts.every((line) => /CID TrueType +Identity-H +yes yes yes/.test(line))).toBe(true);
  });

  it('takes every hostile text in every place, and keeps what stands after it', async () => {
    const blocks = HOSTILE_TEXTS.flatMap((text) => buildDocumentOf(text).blocks);
    const text = await askPoppler('pdftotext', {
      ...buildDocumentOf('plain'),
      blocks: [...blocks, { kind: 'text', text: 'This is the end.' }],
    });
    expect(text).toContain('This is the end.');
    expect(text).toContain('[U+72AC]');
    expect(text).toContain('The fonts of this PDF lack');
  });

  it('has the pictures in it, in rows and side by side, with what they show', async () => {
    const bytes = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    pictures = new Map([['f'.repeat(64), { mediaType: 'image/jpeg', bytes }]]);
    const found = await askPoppler('pdfimages', buildDocumentOf('plain'), '-list');
    expect(found.split('\n').filter((line) => / image +64 +64 /.test(line)).length).toBeGreaterThanOrEqual(2);
    expect(await askPoppler('pdfinfo', buildDocumentOf('plain'), '-struct-text')).toMatch(/Figure/);
  });

  it('takes every part of every kind under hostile names', async () => {
    const composed = await Promise.all(HOSTILE_TEXTS.filter((_, index) => index % 12 === 1).map(composeEverything));
    const blocks = composed.flatMap(({ document }) => document.blocks);
    const { document } = await composeEverything('plain');
    const text = await askPoppler('pdftotext', { ...document, blocks: [...blocks, { kind: 'text', text: 'This is the end.' }] });
    expect(text).toContain('This is the end.');
  });
});
