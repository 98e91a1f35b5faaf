import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { buildComparison } from '../../../src/main/domain/comparison/build-comparison.js';
import { buildComparisonDocument } from '../../../src/main/domain/reports/documents/comparison-document.js';
import { buildComparisonCsv, buildComparisonJson } from '../../../src/main/domain/reports/documents/comparison-exports.js';
import type { RunReportData } from '../../../src/main/domain/reports/documents/report-data.js';
import { buildRunCsv } from '../../../src/main/domain/reports/documents/run-csv.js';
import { buildRunDocument } from '../../../src/main/domain/reports/documents/run-document.js';
import type { ReportPictures } from '../../../src/main/domain/reports/formats/pictures.js';
import { renderHtml } from '../../../src/main/domain/reports/formats/render-html.js';
import { buildRunJson } from '../../../src/main/domain/reports/documents/run-json.js';
import type { Comparison } from '../../../src/shared/comparison.js';
import { splitColumnName } from '../../../src/shared/report-document.js';
import { buildReportData, REPORT_NODES } from '../../support/report-fixtures.js';
import { buildRunSummary, buildTaskRecord } from '../../support/run-fixtures.js';

const HOSTILE = '<script>alert("x")</script> & \'quoted\', "comma"';

/** A picture of the one image that tasks of tests have. */
const PICTURES: ReportPictures = new Map([['1'.padStart(64, '0'), { mediaType: 'image/webp' as const, bytes: new Uint8Array(3) }]]);
const NO_PICTURES: ReportPictures = new Map();

const buildRunHtml = (data: RunReportData, pictures: ReportPictures): string => renderHtml(buildRunDocument(data), pictures);
const buildComparisonHtml = (comparison: Comparison): string =>
  renderHtml(buildComparisonDocument(comparison, { invalidRunIds: new Set(), asOfMs: null, commandOptions: '' }), NO_PICTURES);

const readCsv = (text: string): Record<string, string>[] => parse(text, { columns: true, record_delimiter: '\r\n' });

describe('the name of a column', () => {
  it('parts between words, not around an equals sign', () => {
    expect(splitColumnName({ title: '|N| = 1', unit: 's', align: 'right' })).toEqual(['|N| = 1', '(s)']);
    expect(splitColumnName({ title: 'Total generation delay', unit: 's', align: 'right' })).toEqual([
      'Total',
      'generation',
      'delay',
      '(s)',
    ]);
  });
});

describe('CSV of a run', () => {
  it('has a row for each task, with units in the header and names of nodes', () => {
    const [row, ...others] = readCsv(buildRunCsv(buildReportData([buildTaskRecord(0)])));
    expect(others).toEqual([]);
    expect(row).toMatchObject({ ordinal: '0', edge_server: 'ES 1', service_model_ms: '13810', time_scale: '100', is_simulated: 'true' });
  });

  it('carries commas, quotes and line breaks through', () => {
    const prompt = `${HOSTILE}\r\nsecond line`;
    expect(readCsv(buildRunCsv(buildReportData([buildTaskRecord(0, { prompt })])))[0]?.prompt).toBe(prompt);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '  =cmd'])('does not let %j be a formula', (prompt) => {
    expect(readCsv(buildRunCsv(buildReportData([buildTaskRecord(0, { prompt })])))[0]?.prompt).toBe(`'${prompt}`);
  });

  it.each([
    ['a dog;=1+1', "a dog;'=1+1"],
    ['a dog; @SUM(A1);b', "a dog;' @SUM(A1);b"],
    ['a dog\t=1', "a dog\t'=1"],
    ['a dog\r=1', "a dog\r'=1"],
    ['a dog\n-1', "a dog\n'-1"],
    ['a dog;"=1"', 'a dog;\'"=1"'],
    ['\t=1', "'\t'=1"],
    ['a dog; two - three', 'a dog; two - three'],
  ])('does not let %j become a formula where cells end at semicolons, tabs or line ends', (prompt, cell) => {
    expect(readCsv(buildRunCsv(buildReportData([buildTaskRecord(0, { prompt })])))[0]?.prompt).toBe(cell);
  });

  it.each([';', '\t'])('has no formula for a spreadsheet that cuts it at %j', (delimiter) => {
    const prompt = 'x;=1;+2;"=3"\t=4\t@5\r\n-6;\uff1d7';
    const text = buildRunCsv(buildReportData([buildTaskRecord(0, { prompt })]));
    const cells = text.split(/\r\n|[\r\n]/).flatMap((line) => line.split(delimiter));
    expect(cells.filter((cell) => /^[\s"]*[=+\-@\uff1d]/.test(cell))).toEqual([]);
  });

  it('leaves cells of an open task empty', () => {
    const open = buildTaskRecord(0, { state: 'pending', delays: null, acceptedMs: null, edgeServerId: null, imageSha256: null });
    expect(readCsv(buildRunCsv(buildReportData([open])))[0]).toMatchObject({ state: 'pending', service_model_ms: '', edge_server: '' });
  });

  it('ends every line with CR LF', () => {
    const text = buildRunCsv(buildReportData([buildTaskRecord(0), buildTaskRecord(1)]));
    expect(text.split('\r\n')).toHaveLength(4);
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  });
});

describe('JSON of a run', () => {
  it('says its schema and holds specification, hash, nodes, figures and tasks', () => {
    const document: unknown = JSON.parse(buildRunJson(buildReportData([buildTaskRecord(0)])));
    expect(document).toMatchObject({
      schemaVersion: 2,
      run: { spec: { taskCount: 100 }, specSha256: 'a'.repeat(64), metrics: { totalGenerationDelayMs: 369_000 } },
      nodes: [{ name: 'ES 1' }],
      tasks: [{ id: 'task-0', edgeServerName: 'ES 1' }],
    });
  });
});

describe('document of a run', () => {
  it('draws the delays that its table has, under the same names', () => {
    const { blocks } = buildRunDocument(buildReportData([buildTaskRecord(0), buildTaskRecord(1)]));
    const listed = blocks.flatMap((block) => (block.kind === 'table' && block.columns[0]?.title === 'Delay' ? block.rows : []));
    const drawn = blocks.flatMap((block) => (block.kind === 'chart' && block.chart.kind === 'ecdf' ? block.chart.series : []));
    expect(drawn.map(({ name }) => name)).toEqual(listed.map(([cell]) => cell?.text));
  });
});

describe('HTML of a run', () => {
  it('escapes whatever came from outside', () => {
    const task = buildTaskRecord(0, { prompt: HOSTILE, state: 'failed', errorMessage: HOSTILE });
    const run = {
      spec: { ...buildRunSummary().spec, name: HOSTILE },
      testbedName: HOSTILE,
      validity: { isValid: false, reasons: [HOSTILE], limitations: [] },
    };
    const text = buildRunHtml(buildReportData([task], run), PICTURES);
    expect(text).not.toContain('<script');
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toMatch(/alt="[^"]*"comma"/);
  });

  it('refers to nothing outside itself', () => {
    const task = buildTaskRecord(0);
    const text = buildRunHtml(buildReportData([task]), PICTURES);
    const references = [...text.matchAll(/(?:src|href)="([^"]*)"|url\(([^)]*)\)/g)].map((match) => match[1] ?? match[2]);
    expect(references).toEqual(['data:image/webp;base64,AAAA']);
    expect(text).not.toMatch(/https?:/);
  });

  it('marks a simulated and an invalid run', () => {
    const text = buildRunHtml(
      buildReportData([buildTaskRecord(0)], { validity: { isValid: false, reasons: ['ES 2 was lost.'], limitations: [] } }),
      NO_PICTURES,
    );
    expect(text).toContain('SIMULATED');
    expect(text).toContain('INVALID');
    expect(text).toContain('ES 2 was lost.');
  });

  it('marks neither on a real and valid run', () => {
    const text = buildRunHtml(
      buildReportData([buildTaskRecord(0, { isSimulated: false })], { isSimulated: false, timeScale: 1 }),
      NO_PICTURES,
    );
    expect(text).not.toContain('SIMULATED');
    expect(text).not.toContain('INVALID');
    expect(text).not.toContain('Model time:');
  });

  it('stays small for 10,000 tasks', () => {
    const tasks = Array.from({ length: 10_000 }, (_, index) =>
      buildTaskRecord(index, { computeStartMs: index * 100, computeEndMs: index * 100 + 100, acceptedMs: index * 100 + 100 }),
    );
    const data = buildReportData(tasks, { metrics: { ...buildRunSummary().metrics, totalGenerationDelayMs: 1_000_000 } });
    expect(buildRunHtml(data, NO_PICTURES).length).toBeLessThan(100_000);
  });
});

describe('documents of the comparison', () => {
  const measured = [{ run: buildRunSummary(), nodes: REPORT_NODES }];
  const platforms = [
    {
      id: 'paper:x',
      platform: '=Platform <b>',
      model: 'SD',
      isEdge: false,
      pricePer1kUsd: 65,
      source: 'Paper',
      isAddedHere: false,
      delays: [
        { count: 1, delaySec: 5.4 },
        { count: 100, delaySec: 540 },
      ],
      edits: [],
    },
  ];
  const comparison = buildComparison({ platforms, measured, includeInvalid: false, cloudConcurrency: 1 });

  it('give delays and reductions as figures in CSV', () => {
    const [platform, run] = readCsv(buildComparisonCsv(comparison));
    expect(platform).toMatchObject({ platform: "'=Platform <b>", total_generation_delay_s_n100: '540', price_per_1k_images_usd: '65' });
    expect(Number(platform?.['reduction_fraction_of_DEdgeAI (Lab, 1 node)_n100'])).toBeCloseTo(1 - 369 / 540, 12);
    expect(run).toMatchObject({
      source: 'measured',
      is_simulated: 'true',
      total_generation_delay_s_n100: '369',
      total_generation_delay_s_n1: '',
    });
  });

  it('have notes below the table once, by their numbers in its rows', () => {
    const [platform] = platforms;
    const second = { ...platform!, id: 'paper:y', platform: 'Other' };
    const both = buildComparison({ platforms: [platform!, second], measured, includeInvalid: false, cloudConcurrency: 1 });
    const [table, notes] = buildComparisonDocument(both, { invalidRunIds: new Set(), asOfMs: null, commandOptions: '' }).blocks;
    expect(table?.kind === 'table' && table.rows.map((row) => row.at(-1)?.text)).toEqual(['1', '1', expect.stringMatching(/^2/)]);
    expect(notes?.kind === 'notes' && notes.items.slice(0, 2)).toEqual(['Note 1: Paper.', `Note 2: ${both.rows[2]?.notes[0]}`]);
  });

  it('give the whole comparison in JSON', () => {
    expect(JSON.parse(buildComparisonJson(comparison))).toEqual({ schemaVersion: 1, kind: 'dedgeai-comparison', ...comparison });
  });

  it('keep a name from turning its neighbours around in HTML', () => {
    const [platform] = platforms;
    const turned = buildComparison({
      platforms: [{ ...platform!, platform: 'abc\u202edef' }],
      measured,
      includeInvalid: false,
      cloudConcurrency: 1,
    });
    expect(buildComparisonHtml(turned)).toContain('abc\ufffddef');
  });

  it('escape names and mark simulated rows in HTML', () => {
    const text = buildComparisonHtml(comparison);
    expect(text).toContain('=Platform &lt;b&gt;');
    expect(text).not.toContain('Platform <b>');
    expect(text).toContain('SIMULATED');
    expect(text).toContain('>31.67<');
    expect(text).not.toMatch(/https?:|src=|href=/);
  });
});
