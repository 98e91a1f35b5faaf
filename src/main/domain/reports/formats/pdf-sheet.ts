// A PDF in the making: fonts, pages, and where on the page the next block goes. What a report has is written by render-pdf.ts.
import { join } from 'node:path';
import PDFDocument from 'pdfkit';

export type PdfFont = 'regular' | 'bold' | 'mono';

const FONT_FILES: Record<PdfFont, string> = { regular: 'DejaVuSans.ttf', bold: 'DejaVuSans-Bold.ttf', mono: 'DejaVuSansMono.ttf' };
/** A4 in points. */
const MARGIN = 48;

export interface PdfOptions {
  title: string;
  /** Wall clock, epoch milliseconds, that the file says it is of. */
  asOfMs: number;
  /** The folder of the embedded fonts. */
  fontsDir: string;
}

/** What pdfkit does not tell in its types: which characters the font has. */
interface FontInside {
  _font: { font: { hasGlyphForCodePoint(codePoint: number): boolean } };
}

export class PdfSheet {
  readonly pdf: PDFKit.PDFDocument;
  /** Characters that the fonts lack, for the note at the end. */
  readonly missing = new Set<string>();
  /** All that is read aloud is part of one document. */
  readonly structure: PDFKit.PDFStructureElement;
  private readonly known = new Map<string, boolean>();
  private readonly chunks: Uint8Array[] = [];

  constructor(private readonly options: PdfOptions) {
    const instant = new Date(options.asOfMs);
    this.pdf = new PDFDocument({
      ...{ size: 'A4', margin: MARGIN, bufferPages: true, font: join(options.fontsDir, FONT_FILES.regular) },
      ...{ pdfVersion: '1.7', tagged: true, lang: 'en-US', displayTitle: true },
      info: { Title: this.title, Creator: 'DEdgeAI Control Center', CreationDate: instant, ModDate: instant },
    });
    for (const [name, file] of Object.entries(FONT_FILES)) this.pdf.registerFont(name, join(options.fontsDir, file));
    this.pdf.on('data', (chunk: Uint8Array) => this.chunks.push(chunk));
    this.structure = this.pdf.struct('Document');
    this.pdf.addStructure(this.structure);
    this.use('regular', 9.5);
  }

  get left(): number {
    return MARGIN;
  }

  get width(): number {
    return this.pdf.page.width - 2 * MARGIN;
  }

  get bottom(): number {
    return this.pdf.page.height - MARGIN;
  }

  use(font: PdfFont, size: number, color = '#151a21'): this {
    this.pdf.font(font).fontSize(size).fillColor(color);
    return this;
  }

  /** Starts a page where less than `height` points are left on this one. */
  ensureRoom(height: number): void {
    if (this.pdf.y + height > this.bottom) this.pdf.addPage();
  }

  gap(points: number): void {
    this.pdf.y += points;
  }

  /** The text with the numbers of the characters that the font in use lacks in their place. */
  printable(text: string): string {
    return Array.from(text, (character) => {
      if (character === '\n' || this.hasGlyph(character)) return character;
      this.missing.add(character);
      return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
    }).join('');
  }

  /** A run of text at the left margin under a tag of PDF (`P`, `H1`). */
  write(tag: string, text: string, options: PDFKit.Mixins.TextOptions = {}): void {
    const words = this.printable(text);
    this.tagged(tag, () => this.pdf.text(words, this.left, this.pdf.y, { width: this.width, ...options }));
  }

  tagged(tag: string, draw: () => void, alt?: string): void {
    const element = this.pdf.struct(tag, alt === undefined ? {} : { alt }, draw);
    this.structure.add(element);
    element.end();
  }

  /** Numbers the pages; returns the file. */
  async finish(): Promise<Uint8Array> {
    const { start, count } = this.pdf.bufferedPageRange();
    for (let page = start; page < start + count; page++) {
      this.pdf.switchToPage(page);
      this.pdf.markContent('Artifact', { type: 'Pagination' });
      const y = this.pdf.page.height - 30;
      // Below the margin; else pdfkit would start a page for it.
      this.pdf.page.margins.bottom = 0;
      this.use('regular', 8, '#4f5967');
      this.pdf.text(this.title, this.left, y, { width: this.width - 90, lineBreak: false, ellipsis: true, height: 12 });
      this.pdf.text(`Page ${page + 1 - start} of ${count}`, this.left + this.width - 90, y, {
        width: 90,
        align: 'right',
        lineBreak: false,
      });
      this.pdf.page.margins.bottom = MARGIN;
      this.pdf.endMarkedContent();
    }
    this.structure.end();
    const ended = new Promise<void>((resolve, reject) => {
      this.pdf.once('end', resolve);
      this.pdf.once('error', reject);
    });
    this.pdf.end();
    await ended;
    return Buffer.concat(this.chunks);
  }

  private get title(): string {
    return Array.from(this.options.title).slice(0, 90).join('').replace(/\s+/g, ' ');
  }

  private hasGlyph(character: string): boolean {
    const found = this.known.get(character);
    if (found !== undefined) return found;
    const { font } = (this.pdf as unknown as FontInside)._font;
    const has = font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0);
    this.known.set(character, has);
    return has;
  }
}
