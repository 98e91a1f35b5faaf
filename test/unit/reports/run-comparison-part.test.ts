// Runs beside each other in a report: the figures of the page Compare, marked, with the command that compares them again.
import { describe, expect, it } from 'vitest';
import { buildRunComparisonPart, type RunComparisonPart } from '../../../src/main/domain/reports/documents/run-comparison-document.js';
import { describeComparisonChart } from '../../../src/shared/describe-run-comparison.js';
import type { ReportTable } from '../../../src/shared/report-document.js';
import { buildRunComparisonData } from '../../support/report-sections.js';

const data = buildRunComparisonData('Night');
const part = (name: RunComparisonPart) => buildRunComparisonPart(data, name);
const tableOf = (name: RunComparisonPart): ReportTable => {
  const table = part(name).blocks.find((block) => block.kind === 'table');
  if (table?.kind !== 'table') throw new Error(`No table in ${name}`);
  return table;
};
const texts = (name: RunComparisonPart): string[][] => tableOf(name).rows.map((row) => row.map(({ text }) => text));

describe('a comparison of runs in a report', () => {
  it('lists what differs, a column a run', () => {
    expect(tableOf('differs').columns.map(({ title }) => title)).toEqual([
      'Setting',
      ...['Night round-robin 1', 'Night round-robin 2', 'Night random 1', 'Night random 2'],
    ]);
    expect(texts('differs')).toContainEqual(['Seed', '1', '2', '1', '2']);
  });

  it('has a row a group with its marks and its difference from the reference', () => {
    const [reference, random] = tableOf('results').rows;
    expect(reference?.[0]).toMatchObject({ text: 'Round-robin', marks: ['simulated'] });
    expect(random?.[0]).toMatchObject({ text: 'Random', marks: ['simulated', 'invalid'] });
    expect([reference?.[2]?.value, random?.[2]?.value]).toEqual([21.5, 41.5]);
    expect(reference?.at(-1)?.value).toBeNull();
    expect(random?.at(-1)?.value).toBeCloseTo((41.5 / 21.5 - 1) * 100, 9);
    expect(tableOf('results').caption).toContain('against Round-robin (simulated)');
  });

  it('draws the charts of the page, with their record and command', () => {
    for (const name of ['ecdf', 'boxes', 'parts', 'timeline'] as const) {
      const [chart] = part(name).blocks;
      expect(chart).toMatchObject({ kind: 'chart', note: expect.stringMatching(/^From runs round-robin-1, .* again: .* run compare /) });
      const { comparison, timelines } = data;
      expect(chart?.kind === 'chart' && chart.chart).toEqual(describeComparisonChart(comparison, name, { timelines }));
    }
  });

  it('pairs the same tasks, and says it in words', () => {
    // Random takes 4, 6, 8 and 10 s longer on the four tasks of each of two pairs of runs.
    expect(texts('pairs')).toEqual([['Random', '2', '8', '7.00', '0.0', '100.0']]);
    const [pairing] = data.comparison.pairings;
    expect(pairing?.sentence).toContain('7.0');
    expect(part('pairs').blocks.at(-1)).toEqual({ kind: 'notes', items: [pairing?.sentence, pairing?.totalSentence] });
  });

  it('says before everything else what is simulated, invalid and gone', () => {
    expect(part('nodes').caveats).toEqual([
      { mark: 'simulated', text: 'Runs with this mark come from simulated nodes.' },
      { mark: 'invalid', text: 'Not valid, yet counted: Night random 2.' },
      { mark: 'limited', text: '1 run of the comparison is gone.' },
    ]);
    expect(part('nodes').asOfMs).toBe(2);
    expect(texts('nodes')).toHaveLength(4);
  });

  it('shows no figure where no run counts, but how to ask again', () => {
    const open = data.comparison.runs.map((run) => ({ ...run, leftOut: 'open' as const }));
    const empty = { ...data, comparison: { ...data.comparison, runs: open, groups: [], pairings: [] } };
    expect(buildRunComparisonPart(empty, 'results').blocks).toMatchObject([
      { kind: 'text', text: expect.stringMatching(/^None of these runs/) },
    ]);
    expect(buildRunComparisonPart(empty, 'again').blocks).toMatchObject([{ kind: 'code' }]);
  });
});
