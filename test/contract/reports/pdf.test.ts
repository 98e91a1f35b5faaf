// Reports as PDF: its text is read back by poppler and compared with the figures, where the machine has poppler.
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildRunDocument } from '../../../src/main/domain/reports/documents/run-document.js';
import { renderPdf } from '../../../src/main/domain/reports/formats/render-pdf.js';
import type { ReportDocument } from '../../../src/shared/report-document.js';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.js';
import { buildDocumentOf, buildReportData, buildTasksInTurn } from '../../support/report-fixtures.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';

const FONTS = join(import.meta.dirname, '../../../resources/fonts');
const hasPoppler = spawnSync('pdftotext', ['-v']).status === 0;
const suffix = hasPoppler ? '' : ' (not run: there is no poppler on this machine)';
let folder: string;

beforeEach(() => {
  folder = makeTemporaryFolder();
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What a program of poppler says of the document; throws where it complains. */
async function askPoppler(program: string, document: ReportDocument, ...words: string[]): Promise<string> {
  const path = join(folder, 'report.pdf');
  writeFileSync(path, await renderPdf(document, FONTS));
  const { status, stdout, stderr } = spawnSync(program, [...words, path, ...(program === 'pdftotext' ? ['-'] : [])], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

it('gives the same bytes for the same document', async () => {
  const document = buildRunDocument(buildReportData(buildTasksInTurn(20, 1000)));
  const [first, second] = [await renderPdf(document, FONTS), await renderPdf(document, FONTS)];
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
});
