import { describe, expect, it } from 'vitest';
import { drawChart } from '../../../src/main/domain/reports/charts/draw-chart.js';
import { scaleFor } from '../../../src/main/domain/reports/charts/axes.js';
import { ecdfSteps } from '../../../src/shared/ecdf.js';
import { buildComparison } from '../../../src/main/domain/comparison/build-comparison.js';
import { buildComparisonDocument } from '../../../src/main/domain/reports/documents/comparison-document.js';
import { buildRunDocument } from '../../../src/main/domain/reports/documents/run-document.js';
import { escapeLatex } from '../../../src/main/domain/reports/formats/escape-latex.js';
import { renderCsv } from '../../../src/main/domain/reports/formats/render-data.js';
import { renderHtml } from '../../../src/main/domain/reports/formats/render-html.js';
import { renderLatex } from '../../../src/main/domain/reports/formats/render-latex.js';
import { renderMarkdown } from '../../../src/main/domain/reports/formats/render-markdown.js';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.js';
import { buildReportData, buildTasksInTurn, REPORT_NODES } from '../../support/report-fixtures.js';
import { buildRunSummary } from '../../support/run-fixtures.js';

describe('charts of reports', () => {
  it('give every sample its share, and no more steps than asked for', () => {
    expect(ecdfSteps([2, 1, 2, 4])).toEqual([
      { x: 1, below: 0, share: 0.25 },
      { x: 2, below: 0.25, share: 0.75 },
      { x: 4, below: 0.75, share: 1 },
    ]);
    const thinned = ecdfSteps(Array.from({ length: 10_000 }, (_, index) => index));
    expect(thinned.length).toBeLessThanOrEqual(301);
    expect(thinned.at(-1)).toMatchObject({ x: 9999, share: 1 });
  });

  it('start axes at zero, with round ticks, and have no place for zero on a logarithmic one', () => {
    const scale = scaleFor({ title: '', unit: '' }, [3, 71], 0, 100);
    expect(scale.ticks).toEqual([0, 20, 40, 60, 80]);
    expect(scale.place(40)).toBe(50);
    const logarithmic = scaleFor({ title: '', unit: '', scale: 'logarithmic' }, [3, 710], 0, 300);
    expect(logarithmic.ticks).toEqual([1, 10, 100, 1000]);
    expect(logarithmic.place(100)).toBeCloseTo(200, 9);
    expect(logarithmic.place(0)).toBeNull();
  });

  it('leave a gap in a line where a value is not known, and say so at a bar', () => {
    const axis = { title: 'Delay', unit: 's' };
    const points = [1, 2, null, 4, 5].map((y, x) => ({ x, y }));
    const lines = drawChart({ kind: 'lines', title: '', x: axis, y: axis, series: [{ name: 'a', points, colorIndex: 1 }] });
    const drawn = lines.items.filter((item) => item.kind === 'line' && item.ink === 'series-2' && item.width === 1.75);
    expect(drawn).toHaveLength(2);
    const bars = drawChart({
      kind: 'bars',
      title: '',
      category: { title: '', labels: ['a'] },
      value: axis,
      series: [{ name: 'b', values: [null] }],
    });
    expect(bars.items).toContainEqual(expect.objectContaining({ kind: 'text', text: 'not known' }));
  });
});

describe('LaTeX of a text', () => {
  it.each(HOSTILE_TEXTS.map((text) => [JSON.stringify(text.slice(0, 40)), text] as const))(
    'has nothing of %s that TeX would act on',
    (_name, text) => {
      const escaped = escapeLatex(text);
      // What may stand there: escapes of this module, plain characters, and nothing else.
      const rest = escaped
        .replace(/\\(?:text[a-z]+|allowbreak)\{\}|\\dedgeaichar\{[0-9A-F]{4,6}\}|\\[{}$&#%_]|\{[-[\]]\}/g, '')
        .replace(/~/g, '');
      expect(rest).not.toMatch(/[\\{}$&#%_^"'`<>|[\]-]/);
      expect(rest).toMatch(/^[ -~\u00c0-\u00ff]*$/u);
    },
  );

  it('keeps plain text as it is', () => {
    expect(escapeLatex('A dog runs, 3.5 s (é)')).toBe('A dog runs, 3.5 s (é)');
  });
});

describe('marks', () => {
  const measured = [
    { run: buildRunSummary({ validity: { isValid: false, reasons: ['ES 2 was lost.'], limitations: [] } }), nodes: REPORT_NODES },
  ];
  const comparison = buildComparison({ platforms: [], measured, includeInvalid: true, cloudConcurrency: 1 });
  const table = buildComparisonDocument(comparison, {
    invalidRunIds: new Set(['run-1']),
    asOfMs: null,
    commandOptions: ' --include-invalid',
  });
  const run = buildRunDocument(buildReportData(buildTasksInTurn(3, 1000), { validity: measured[0]!.run.validity }));

  it.each([
    ['HTML', (document: typeof run) => renderHtml(document, new Map())],
    ['Markdown', renderMarkdown],
    ['LaTeX', renderLatex],
    ['CSV', renderCsv],
  ])('stand at simulated and invalid figures in %s', (_name, render) => {
    for (const document of [table, run]) {
      expect(render(document)).toContain('SIMULATED');
      expect(render(document)).toContain('INVALID');
    }
    expect(render(run)).toContain('ES 2 was lost.');
  });

  it('stand at the cells of Table V whose runs are not valid', () => {
    const [block] = table.blocks;
    const cells = block?.kind === 'table' ? (block.rows[0] ?? []) : [];
    expect(cells.filter(({ marks }) => marks?.includes('invalid')).map(({ text }) => text)).toEqual([
      comparison.rows[0]?.platform,
      '369.0',
    ]);
  });

  it('come with the command that makes the report again', () => {
    expect(table.blocks.at(-1)).toMatchObject({ text: 'npm run cli -- report make --template table-v --include-invalid --format pdf' });
  });
});
