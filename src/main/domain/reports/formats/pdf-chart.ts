// A drawing as vectors of PDF: the same shapes that HTML has as SVG.
import { assertNever } from '../../../../shared/errors.js';
import { AREA_OPACITY, FONT_PX, type DrawnItem, type Drawing, markerOutline, type Point } from '../../../../shared/drawing.js';
import { colorOfInk } from '../charts/ink-colors.js';
import type { PdfSheet } from './pdf-sheet.js';

/** Of the height of letters above the baseline, in sizes of the font. */
const ASCENT = 0.928;

function scaleOf(sheet: PdfSheet, drawing: Drawing): number {
  return Math.min(sheet.width / drawing.width, (sheet.bottom - 120) / drawing.height);
}

/** Points. */
export function heightOnPdf(sheet: PdfSheet, drawing: Drawing): number {
  return drawing.height * scaleOf(sheet, drawing);
}

/** As wide as the page; on a new one where it does not fit. */
export function drawOnPdf(sheet: PdfSheet, drawing: Drawing): void {
  const scale = scaleOf(sheet, drawing);
  sheet.ensureRoom(heightOnPdf(sheet, drawing) + 20);
  const { pdf } = sheet;
  const top = pdf.y;
  sheet.tagged(
    'Figure',
    () => {
      pdf.save();
      pdf.translate(sheet.left, top).scale(scale);
      for (const item of drawing.items) drawItem(sheet, item);
      pdf.restore();
    },
    drawing.title,
  );
  pdf.x = sheet.left;
  pdf.y = top + drawing.height * scale;
}

function drawItem(sheet: PdfSheet, item: DrawnItem): void {
  const { pdf } = sheet;
  const color = colorOfInk(item.ink);
  switch (item.kind) {
    case 'rect':
      pdf.rect(item.x, item.y, item.width, item.height).fill(color);
      return;
    case 'area':
      outline(pdf, item.points).closePath().fillOpacity(AREA_OPACITY).fill(color).fillOpacity(1);
      return;
    case 'marker':
      outline(pdf, markerOutline(item.shape, item.at)).closePath().fill(color);
      return;
    case 'line': {
      pdf.lineWidth(item.width);
      const [dash, space] = item.dash ?? [];
      if (dash !== undefined) pdf.dash(dash, { space: space ?? dash });
      outline(pdf, item.points).stroke(color);
      pdf.undash();
      return;
    }
    case 'text': {
      sheet.use('regular', FONT_PX, color);
      const text = sheet.printable(item.text);
      const width = pdf.widthOfString(text);
      const x = item.x - (item.anchor === 'end' ? width : item.anchor === 'middle' ? width / 2 : 0);
      if (item.isUpright) pdf.save().rotate(-90, { origin: [item.x, item.y] });
      pdf.text(text, x, item.y - ASCENT * FONT_PX, { lineBreak: false });
      if (item.isUpright) pdf.restore();
      return;
    }
    default:
      assertNever(item);
  }
}

function outline(pdf: PDFKit.PDFDocument, points: readonly Point[]): PDFKit.PDFDocument {
  points.forEach(([x, y], index) => (index === 0 ? pdf.moveTo(x, y) : pdf.lineTo(x, y)));
  return pdf;
}
