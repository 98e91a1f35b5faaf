import { strFromU8, unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { renderXlsx } from '../../../src/main/domain/reports/formats/render-xlsx.js';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.js';
import { buildDocumentOf } from '../../support/report-fixtures.js';

/** The parts of a workbook by their names. */
async function read(text: string): Promise<Record<string, string>> {
  const parts = unzipSync(await renderXlsx(buildDocumentOf(text)));
  return Object.fromEntries(Object.entries(parts).map(([name, bytes]) => [name, strFromU8(bytes)]));
}

it('has a sheet for each table and figure, figures as numbers and marks beside them', async () => {
  const parts = await read('plain');
  const sheets = Object.keys(parts).filter((name) => /worksheets\/sheet\d+\.xml$/.test(name));
  // Facts, caveats, a table, four charts and a grid of images.
  expect(sheets).toHaveLength(8);
  const all = sheets.map((name) => parts[name]).join('');
  expect(all).toMatch(/<v>1234\.5<\/v>/);
  expect(Object.values(parts).join('')).toContain('SIMULATED IMPORTED');
});

it.each(HOSTILE_TEXTS.map((text) => [JSON.stringify(text.slice(0, 40)), text] as const))(
  'keeps %s from being a formula, link or markup',
  async (_name, text) => {
    const [parts, plain] = [await read(text), await read('plain')];
    expect(Object.keys(parts).sort()).toEqual(Object.keys(plain).sort());
    for (const [name, xml] of Object.entries(parts)) {
      const tags = (source: string): string[] =>
        [...new Set([...source.matchAll(/<\/?([A-Za-z][\w:]*)/g)].map(([, tag]) => tag ?? ''))].sort();
      expect({ name, tags: tags(xml) }).toEqual({ name, tags: tags(plain[name] ?? '') });
      expect(xml).not.toMatch(/<f[ >]|<hyperlink/);
      // What XML 1.0 has no place for would make the file unreadable.
      expect(xml).not.toMatch(/[^\P{Cc}\n\r\t]|[\ufffe\uffff]/u);
      expect(xml.isWellFormed()).toBe(true);
    }
  },
);
