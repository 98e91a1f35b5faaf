// Pictures of a report on pages of PDF: several in a row with their captions, or a row a prompt and a column a run.
import { nameMark, type ReportImage, type ReportImageGrid } from '../../../../shared/report-document.js';
import { shorten } from '../../../../shared/drawing.js';
import type { PdfSheet } from './pdf-sheet.js';
import type { ReportPictures } from './pictures.js';

const SOFT = '#4f5967';
const IN_A_ROW = 4;
const GAP = 8;
const CAPTION_SIZE = 7;
/** Letters of a caption; more would make rows of uneven height. */
const MAX_CAPTION = 110;
const MAX_CAPTION_HEIGHT = 44;
const PROMPT_SHARE = 0.2;
const MAX_SIDE = 150;

export function drawImages(
  sheet: PdfSheet,
  { caption, images }: { caption: string; images: readonly ReportImage[] },
  pictures: ReportPictures,
): void {
  sheet.use('regular', 9, SOFT).write('P', shorten(caption, 600));
  sheet.gap(4);
  const side = (sheet.width - (IN_A_ROW - 1) * GAP) / IN_A_ROW;
  for (let from = 0; from < images.length; from += IN_A_ROW) {
    const row = images.slice(from, from + IN_A_ROW);
    sheet.ensureRoom(side + MAX_CAPTION_HEIGHT + 6);
    const top = sheet.pdf.y;
    const heights = row.map((image, column) => drawCell(sheet, image, pictures, { x: sheet.left + column * (side + GAP), y: top, side }));
    moveTo(sheet, top + Math.max(...heights) + 6);
  }
  sheet.gap(4);
}

export function drawGrid(sheet: PdfSheet, { caption, columns, rows }: ReportImageGrid, pictures: ReportPictures): void {
  sheet.use('regular', 9, SOFT).write('P', shorten(caption, 600));
  sheet.gap(4);
  const promptWidth = sheet.width * PROMPT_SHARE;
  const columnWidth = (sheet.width - promptWidth) / Math.max(1, columns.length);
  const side = Math.min(MAX_SIDE, columnWidth - GAP);
  const xOf = (column: number): number => sheet.left + promptWidth + column * columnWidth;
  const drawHead = (): void => {
    const top = sheet.pdf.y;
    const titles = columns.map(({ title, marks }) => `${shorten(title, 90)}${marks.map((mark) => ` (${nameMark(mark)})`).join('')}`);
    const heights = titles.map((title, column) =>
      writeAt(sheet, title, { x: xOf(column), y: top, width: columnWidth - GAP, isBold: true }),
    );
    moveTo(sheet, top + Math.max(0, ...heights) + 4);
  };
  sheet.ensureRoom(side + MAX_CAPTION_HEIGHT + 50);
  drawHead();
  for (const { title, cells } of rows) {
    if (sheet.pdf.y + side + MAX_CAPTION_HEIGHT + 8 > sheet.bottom) {
      sheet.pdf.addPage();
      drawHead();
    }
    const top = sheet.pdf.y;
    const prompt = writeAt(sheet, shorten(title, 220), { x: sheet.left, y: top, width: promptWidth - GAP, isBold: false });
    const heights = cells.map((image, column) =>
      image === null
        ? writeAt(sheet, 'No image', { x: xOf(column), y: top, width: side, isBold: false })
        : drawCell(sheet, image, pictures, { x: xOf(column), y: top, side }),
    );
    moveTo(sheet, top + Math.max(prompt, ...heights) + 8);
  }
  sheet.gap(4);
}

function moveTo(sheet: PdfSheet, y: number): void {
  sheet.pdf.x = sheet.left;
  sheet.pdf.y = y;
}

interface Place {
  x: number;
  y: number;
  side: number;
}

/** The picture with its caption under it; returns the height of both, points. */
function drawCell(sheet: PdfSheet, image: ReportImage, pictures: ReportPictures, { x, y, side }: Place): number {
  const picture = pictures.get(image.sha256);
  if (picture) {
    const bytes = Buffer.from(picture.bytes);
    sheet.tagged('Figure', () => sheet.pdf.image(bytes, x, y, { fit: [side, side] }), shorten(image.alt, 300));
  }
  const words = `${image.marks.map((mark) => `(${nameMark(mark)}) `).join('')}${shorten(image.caption, MAX_CAPTION)}`;
  const text = picture ? words : `${words} (the image is missing or damaged)`;
  const top = picture ? y + side + 2 : y;
  return top - y + writeAt(sheet, text, { x, y: top, width: side, isBold: false });
}

interface TextPlace {
  x: number;
  y: number;
  width: number;
  isBold: boolean;
}

/** Returns its height, points; what is too long ends in an ellipsis. */
function writeAt(sheet: PdfSheet, text: string, { x, y, width, isBold }: TextPlace): number {
  sheet.use(isBold ? 'bold' : 'regular', CAPTION_SIZE);
  const words = sheet.printable(text.replace(/\s+/g, ' '));
  const height = Math.min(MAX_CAPTION_HEIGHT, sheet.pdf.heightOfString(words, { width }) + 1);
  sheet.tagged('P', () => sheet.pdf.text(words, x, y, { width, height, ellipsis: true }));
  return height;
}
