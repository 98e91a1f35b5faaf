// A report as PDF: tagged, with bookmarks and page numbers, its fonts inside, its charts as vectors.
import { assertNever } from '../../../../shared/errors.js';
import { nameMark, type ReportBlock, type ReportDocument } from '../../../../shared/report-document.js';
import { drawChart } from '../charts/draw-chart.js';
import { shorten } from '../../../../shared/drawing.js';
import { cleanDocument } from './clean-document.js';
import { drawOnPdf, heightOnPdf } from './pdf-chart.js';
import { drawGrid, drawImages } from './pdf-images.js';
import { PdfSheet } from './pdf-sheet.js';
import { drawTable } from './pdf-table.js';
import type { ReportPictures } from './pictures.js';
import { parseText, parseWords, type Words } from '../../../../shared/text-parts.js';

/** A paragraph without an end would be pages of one word. */
const MAX_PARAGRAPH = 6000;
const SOFT = '#4f5967';
const BAD = '#ab2018';

/** `pictures` are JPEG; `fontsDir` has the fonts that are embedded. */
export async function renderPdf(original: ReportDocument, pictures: ReportPictures, fontsDir: string): Promise<Uint8Array> {
  const document = cleanDocument(original);
  const sheet = new PdfSheet({ title: document.title, asOfMs: document.asOfMs ?? 0, fontsDir });
  sheet.use('bold', 17).write('H1', shorten(document.title, 300));
  sheet.use('regular', 9.5, SOFT).write('P', shorten(document.subtitle, MAX_PARAGRAPH));
  sheet.gap(6);
  for (const { mark, text } of document.caveats) {
    sheet
      .use('bold', 9.5, mark === 'invalid' ? BAD : '#7d5200')
      .write('P', `${nameMark(mark)}: ${shorten(text, MAX_PARAGRAPH)}`, { paragraphGap: 2 });
  }
  sheet.gap(4);
  if (document.facts.length > 0) {
    sheet.gap(6);
    const rows = document.facts.map(({ label, value }) => [
      { value: label, text: label },
      { value, text: value },
    ]);
    const columns = [
      { title: 'Figure', align: 'left' as const },
      { title: 'Value', align: 'left' as const },
    ];
    drawTable(sheet, { kind: 'table', caption: 'Figures', columns, rows });
  }
  document.blocks.forEach((block, index) => {
    if (block.kind === 'heading') drawHeading(sheet, block.text, document.blocks[index + 1]);
    else drawBlock(sheet, block, pictures);
  });
  if (sheet.missing.size > 0) {
    sheet.gap(8);
    const text = `The fonts of this PDF lack ${sheet.missing.size} of its characters (Chinese, Japanese and Korean among such): their numbers stand in their place. The HTML of this report shows them.`;
    sheet.use('regular', 8, SOFT).write('Note', text);
  }
  return sheet.finish();
}

/** On the page of what it is about: with a chart that follows, or the first lines. */
function drawHeading(sheet: PdfSheet, text: string, next: ReportBlock | undefined): void {
  sheet.gap(8);
  sheet.ensureRoom(next?.kind === 'chart' ? heightOnPdf(sheet, drawChart(next.chart)) + 60 : 90);
  sheet.pdf.outline.addItem(shorten(text.replace(/\s+/g, ' '), 90));
  sheet.use('bold', 12.5).write('H2', shorten(text, 300));
  sheet.gap(3);
}

function drawBlock(sheet: PdfSheet, block: Exclude<ReportBlock, { kind: 'heading' }>, pictures: ReportPictures): void {
  switch (block.kind) {
    case 'text':
      for (const part of parseText(block.text)) {
        if (part.kind === 'paragraph') paragraph(sheet, part.words);
        else for (const item of part.items) paragraph(sheet, [{ kind: 'plain', text: '• ' }, ...item]);
      }
      sheet.gap(4);
      return;
    case 'table':
      drawTable(sheet, block);
      return;
    case 'chart':
      drawOnPdf(sheet, drawChart(block.chart));
      sheet
        .use('regular', 8.5, SOFT)
        .write('Caption', shorten([block.chart.title, block.note ?? ''].filter(Boolean).join('. '), 600), { align: 'center' });
      sheet.gap(8);
      return;
    case 'images':
      drawImages(sheet, block, pictures);
      return;
    case 'image-grid':
      drawGrid(sheet, block, pictures);
      return;
    case 'code':
      sheet.use('regular', 9, SOFT).write('P', shorten(block.caption, MAX_PARAGRAPH));
      sheet.gap(2);
      sheet.use('mono', 8).write('Code', shorten(block.text, MAX_PARAGRAPH));
      sheet.gap(6);
      return;
    case 'notes':
      for (const item of block.items) paragraph(sheet, [{ kind: 'plain', text: '• ' }, ...parseWords(item)]);
      sheet.gap(6);
      return;
    default:
      assertNever(block);
  }
}

/** Strong words and code are told by their fonts. */
function paragraph(sheet: PdfSheet, words: readonly Words[]): void {
  const isPlain = words.every(({ kind }) => kind === 'plain');
  const text = words.map((each) => each.text).join('');
  if (isPlain || text.length > MAX_PARAGRAPH) {
    sheet.use('regular', 9.5).write('P', shorten(text, MAX_PARAGRAPH));
    return;
  }
  sheet.tagged('P', () => {
    words.forEach(({ kind, text: piece }, index) => {
      sheet.use(kind === 'strong' ? 'bold' : kind === 'code' ? 'mono' : 'regular', 9.5);
      const options = { width: sheet.width, continued: index < words.length - 1 };
      if (index === 0) sheet.pdf.text(sheet.printable(piece), sheet.left, sheet.pdf.y, options);
      else sheet.pdf.text(sheet.printable(piece), options);
    });
  });
}
