// Fifty hostile texts in every place of a document, through every format: nothing executes, nothing breaks.
import { parse as parseCsv } from 'csv-parse/sync';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { renderCsv, renderJson } from '../../../src/main/domain/reports/formats/render-data.js';
import { renderHtml } from '../../../src/main/domain/reports/formats/render-html.js';
import { renderMarkdown } from '../../../src/main/domain/reports/formats/render-markdown.js';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.js';
import { buildDocumentOf } from '../../support/report-fixtures.js';
import { composeEverything } from '../../support/report-sections.js';
import { renderLatex } from '../../../src/main/domain/reports/formats/render-latex.js';

const NO_PICTURES = new Map<string, never>();
const PLAIN = buildDocumentOf('plain');

/** Names of elements in order: the skeleton that no text may change. */
function tagsOf(html: string): string[] {
  return [...html.matchAll(/<(\/?[a-z][a-z0-9]*|!--)/gi)].map(([, tag]) => tag ?? '');
}

/** Names of attributes of every element. */
function attributesOf(html: string): string[] {
  return [...html.matchAll(/<[a-z][^<>]*>/gi)].flatMap(([tag]) =>
    [...tag.replace(/"[^"]*"/g, '""').matchAll(/ ([a-z-]+)=/gi)].map((match) => match[1] ?? ''),
  );
}

it('has fifty texts', () => {
  expect(HOSTILE_TEXTS.length).toBeGreaterThanOrEqual(50);
});

describe.each(HOSTILE_TEXTS.map((text) => [JSON.stringify(text.slice(0, 40)), text] as const))('%s', (_name, text) => {
  const document = buildDocumentOf(text);

  it('changes no element and no attribute of the HTML', () => {
    const html = renderHtml(document, NO_PICTURES);
    // Only where texts have Markdown of their own may a paragraph become another.
    const ignored = new Set(['p', '/p', 'ul', '/ul', 'li', '/li', 'strong', '/strong', 'code', '/code']);
    const skeleton = (page: string): string[] => tagsOf(page).filter((tag) => !ignored.has(tag.toLowerCase()));
    expect(skeleton(html)).toEqual(skeleton(renderHtml(PLAIN, NO_PICTURES)));
    expect(new Set(attributesOf(html))).toEqual(new Set(attributesOf(renderHtml(PLAIN, NO_PICTURES))));
    expect(html).not.toMatch(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u);
  });

  it('becomes neither element, link nor picture from Markdown', () => {
    const page = marked.parse(renderMarkdown(document), { async: false });
    expect(new Set(tagsOf(page).map((tag) => tag.toLowerCase().replace('/', '')))).toSatisfy((tags: Set<string>) =>
      [...tags].every((tag) =>
        ['h1', 'h2', 'p', 'ul', 'li', 'strong', 'em', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'pre', 'code'].includes(tag),
      ),
    );
    expect(tagsOf(page).filter((tag) => tag === 'table')).toHaveLength(6);
    expect(tagsOf(page).filter((tag) => tag === 'h2')).toHaveLength(1);
  });

  it('is no formula in CSV, wherever cells are cut', () => {
    const csv = renderCsv(document);
    const rows: string[][] = parseCsv(csv, { record_delimiter: '\r\n' });
    expect(rows.every((row) => row.length === 8)).toBe(true);
    for (const delimiter of [';', '\t']) {
      const cells = csv.split(/\r\n|[\r\n]/).flatMap((line) => line.split(delimiter));
      expect(cells.filter((cell) => /^[\s"]*[=+\-@\uff1d]/.test(cell))).toEqual([]);
    }
  });

  it('is itself in JSON, but for what can not be seen', () => {
    const read = JSON.parse(renderJson(document)) as { title: string; blocks: unknown[] };
    expect(read.blocks).toHaveLength(PLAIN.blocks.length);
    expect(read.title).not.toMatch(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u);
  });
});

/** Without code and lists, which texts with Markdown of their own may have. */
const skeletonOf = (html: string): string[] => tagsOf(html).filter((tag) => !/^\/?(?:p|ul|li|strong|code)$/i.test(tag));

describe('a report of every part of every kind, named', () => {
  it.each(HOSTILE_TEXTS.map((text) => [JSON.stringify(text.slice(0, 40)), text] as const))('%s', async (_name, text) => {
    const [{ document }, plain] = await Promise.all([composeEverything(text), composeEverything('plain')]);
    const html = renderHtml(document, NO_PICTURES);
    expect(new Set(skeletonOf(html))).toEqual(new Set(skeletonOf(renderHtml(plain.document, NO_PICTURES))));
    expect(new Set(attributesOf(html))).toEqual(new Set(attributesOf(renderHtml(plain.document, NO_PICTURES))));
    const markdown = marked.parse(renderMarkdown(document), { async: false });
    expect(markdown).not.toMatch(/<(?:a|img|script|iframe|svg|del|hr)\b/i);
    const rows: string[][] = parseCsv(renderCsv(document), { record_delimiter: '\r\n' });
    expect(rows.every((row) => row.length === 8)).toBe(true);
    expect((JSON.parse(renderJson(document)) as { blocks: unknown[] }).blocks.length).toBe(document.blocks.length);
    // What LaTeX would take for a command is never there as it came.
    expect(renderLatex(document)).not.toMatch(/\\(?:input|immediate|write18|directlua|catcode|def\\x)/);
  });
});
