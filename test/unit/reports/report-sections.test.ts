// Parts of reports: the figures that went in come out, marked, with the record and the command that make them again.
import { describe, expect, it } from 'vitest';
import { type BlockReader, composeReport } from '../../../src/main/domain/reports/compose-report.js';
import type { ReportSection } from '../../../src/main/domain/reports/documents/report-section.js';
import type { HistoryItem } from '../../../src/shared/history.js';
import { buildGallerySection } from '../../../src/main/domain/reports/documents/gallery-document.js';
import { nameRun } from '../../../src/main/domain/reports/documents/report-data.js';
import { buildRunPart } from '../../../src/main/domain/reports/documents/run-document.js';
import { buildSeriesPart } from '../../../src/main/domain/reports/documents/series-document.js';
import { buildStudyPart } from '../../../src/main/domain/reports/documents/study-document.js';
import { buildTrainingPart, listDifferences } from '../../../src/main/domain/reports/documents/training-document.js';
import { renderMarkdown } from '../../../src/main/domain/reports/formats/render-markdown.js';
import { sourcesOf } from '../../../src/main/domain/reports/report-templates.js';
import { showReport } from '../../../src/main/domain/reports/show-report.js';
import { toSeriesCommand } from '../../../src/shared/series-command-line.js';
import { AppError } from '../../../src/shared/errors.js';
import type { ReportBlock, ReportTable } from '../../../src/shared/report-document.js';
import { buildReportData, buildTasksInTurn } from '../../support/report-fixtures.js';
import { buildSeriesData, POLICY_DETAIL, sectionOf } from '../../support/report-sections.js';
import { buildRunSummary, buildTaskRecord } from '../../support/run-fixtures.js';
import { buildCell, buildFigure, buildRun } from '../renderer/studies/study-fixture.js';
import { buildEpisode, buildSpec, buildTraining } from '../renderer/train/training-fixture.js';

const tables = (blocks: readonly ReportBlock[]): ReportTable[] => blocks.filter((block) => block.kind === 'table');
const texts = ({ rows }: ReportTable): string[][] => rows.map((row) => row.map(({ text }) => text));
const charts = (blocks: readonly ReportBlock[]) => blocks.filter((block) => block.kind === 'chart');

describe('a run', () => {
  it('leaves percentiles of few tasks out of its delays, and says how many it takes', () => {
    const data = buildReportData(buildTasksInTurn(5, 1000));
    const delaysOf = (succeeded: number): ReportTable | undefined => {
      const run = { ...data.run, counts: { ...data.run.counts, succeeded } };
      return tables(buildRunPart({ ...data, run }, 'delays').blocks).find(({ caption }) => caption?.startsWith('Delays of a task'));
    };
    const [all, few] = [delaysOf(59)!, delaysOf(5)!];
    expect(texts(all)[0]).toEqual(['Service', '180.000', '181.000', '350.000', '369.000']);
    expect(all.caption).not.toContain('left out');
    expect(texts(few)[0]).toEqual(['Service', '180.000', '–', '–', '369.000']);
    expect(few.caption).toContain('left out (–) where a run has too few tasks for it: it takes 6 for the median, 59 for p95.');
  });
});

describe('a series', () => {
  it('has means with intervals a condition, marked, and says what is hidden', () => {
    const { blocks, caveats } = buildSeriesPart(buildSeriesData('Night'), 'figures');
    const [one, twenty] = tables(blocks);
    expect(one?.caption).toContain('|N| = 1');
    expect(texts(twenty!)).toEqual([
      ['Round-robin', '2', '820.0 ± 82.0', '90.0', '1.00 ± 0.10', '10.0 ± 1.0', '9.5 ± 0.9', '–', '–'],
      ['Learned policy (Night)', '2', '821.0 ± 82.1', '90.0', '1.00 ± 0.10', '10.0 ± 1.0', '9.5 ± 0.9', '–', '–'],
    ]);
    expect(twenty?.rows[0]?.[0]?.marks).toEqual(['simulated']);
    expect(twenty?.rows[0]?.[2]?.value).toBe(820);
    expect(caveats.map(({ mark }) => mark)).toEqual(['simulated']);
    expect(blocks.at(-1)).toMatchObject({ kind: 'notes', items: ['Night'] });
  });

  it('has a chart with intervals, logarithmic where bars are far apart, that names its record and its command', () => {
    const [chart] = charts(buildSeriesPart(buildSeriesData('Night'), 'chart').blocks);
    expect(chart?.chart).toMatchObject({ kind: 'bars', category: { labels: ['|N| = 1', '|N| = 20'] }, value: { scale: 'logarithmic' } });
    expect(chart?.chart.kind === 'bars' && chart.chart.series[0]).toMatchObject({ values: [20, 820], halfWidths: [2, 82] });
    expect(chart?.note).toBe('From series series-1; again: npm run cli -- report make --template series --series series-1 --format pdf');
  });

  it('has paired differences with what is significant, and a sentence for each', () => {
    const { blocks } = buildSeriesPart(buildSeriesData('Night'), 'differences');
    expect(texts(tables(blocks)[0]!)[0]).toEqual([
      'Round-robin against Learned policy (Night)',
      '|N| = 20, 10 to 19 steps per image, all tasks at once',
      ...['2', '-12.34 ± 3.21', '4.56', '-1.50', '0.012', 'significant'],
    ]);
  });

  it('lists every cell with its run, invalid ones marked', () => {
    const data = buildSeriesData('Night');
    const cells = data.series.cells.map((cell, index) => ({ ...cell, state: index === 0 ? ('invalid' as const) : cell.state }));
    const counts = { ...data.series.counts, valid: 7, invalid: 1 };
    const { blocks, caveats } = buildSeriesPart({ ...data, series: { ...data.series, cells, counts } }, 'runs');
    expect(tables(blocks)[0]?.rows).toHaveLength(8);
    expect(tables(blocks)[0]?.rows[0]?.[0]?.marks).toEqual(['simulated', 'invalid']);
    expect(caveats.some(({ mark, text }) => mark === 'invalid' && text.startsWith('1 cell of 8'))).toBe(true);
  });

  it('says the command that starts it again', () => {
    const { spec } = buildSeriesData('Night shift').series;
    expect(toSeriesCommand(spec)).toBe(
      'npm run cli -- series start --testbed testbed-1 --dataset dataset-1 --count 1,20 ' +
        "--schedulers 'round-robin,learned:Night shift' --repeat 2 --seed 1 --steps 10-19 --arrivals at-once --name 'Night shift' " +
        '--cool-down 0 --warm-up 0 --tries 3 --attempts 3',
    );
  });
});

describe('a training', () => {
  const training = buildTraining({
    state: 'succeeded',
    isHeldBack: false,
    doneEpisodes: 60,
    checkpointEpisodes: 60,
    last: buildEpisode(60, { meanDelaySec: 7.5 }),
    spec: buildSpec({ changes: { maxTasksPerSlot: 30 }, settings: { ...buildSpec().settings, discount: 0.9 } }),
  });

  it('lists what differs from the preset and from the method’s own settings', () => {
    expect(listDifferences(training)).toEqual([
      { setting: 'N max', value: '30', usual: 'as in “reference”' },
      { setting: 'Discount', value: '0.9', usual: '0.95' },
    ]);
    expect(listDifferences(buildTraining())).toEqual([]);
  });

  it('has its learning curve beside Opt-TS, and says that nothing of it was measured on nodes', () => {
    const curve = [1, 2, 3].map((episode) => buildEpisode(episode));
    const { blocks, caveats } = buildTrainingPart({ training, curve, detail: null }, 'curve');
    const [delay] = charts(blocks);
    expect(delay?.chart.kind === 'lines' && delay.chart.series.map(({ name }) => name)).toEqual(['Policy', 'Opt-TS, same arrivals']);
    expect(delay?.note).toContain('From training training-1; again: npm run cli -- report make --template training --training training-1');
    expect(caveats[0]?.mark).toBe('simulated');
  });

  it('has what its policy does on unseen arrivals', () => {
    const { blocks } = buildTrainingPart({ training, curve: [], detail: POLICY_DETAIL }, 'policy');
    expect(texts(tables(blocks)[0]!)[0]).toEqual(['LAD-TS', '7.123', '15.500']);
    expect(charts(blocks)).toHaveLength(2);
    expect(charts(blocks)[0]?.note).toContain('evaluate --policy training-1');
  });

  it('says so where there is no policy yet', () => {
    const { blocks } = buildTrainingPart({ training: buildTraining(), curve: [], detail: null }, 'policy');
    expect(blocks).toEqual([{ kind: 'text', text: 'There is no checkpoint yet, so there is no policy to measure.' }]);
  });
});

describe('a study', () => {
  const data = { figure: buildFigure(), cells: [buildCell(), buildCell({ seed: 2, origin: 'imported' })] };

  it('has its figure with the paper’s values, and the command of the study', () => {
    const [chart] = charts(buildStudyPart(data, 'figure').blocks);
    const names = chart?.chart.kind === 'lines' ? chart.chart.series.map(({ name }) => name) : [];
    expect(names).toEqual(['LAD-TS', 'Opt-TS', 'LAD-TS, the paper’s']);
    expect(chart?.note).toContain('From study run study-1; again: npm run cli -- study run fig-6a --seeds 3');
  });

  it('has the same as a table', () => {
    const [delays] = tables(buildStudyPart(data, 'table').blocks);
    expect(delays?.columns.map(({ title }) => title)).toEqual(['Most tasks', 'LAD-TS', 'LAD-TS, the paper’s', 'Opt-TS']);
    expect(texts(delays!)).toEqual([
      ['10', '1.00 ± 0.10', '–', '0.90'],
      ['50', '8.00 ± 0.50', '7.67', '–'],
    ]);
  });

  it('has every seed, and marks what came in from elsewhere', () => {
    const { blocks, caveats } = buildStudyPart(data, 'seeds');
    expect(tables(blocks)[0]?.rows[1]?.[0]?.marks).toEqual(['simulated', 'imported']);
    expect(caveats.map(({ mark, text }) => `${mark}: ${text}`)).toEqual([
      expect.stringMatching(/^simulated/),
      'imported: 1 cell came in from other machines.',
      'limited: 8 cells of 12 have no result.',
      'limited: 3 seeds where the paper averages over 50.',
    ]);
  });

  it('has bars where it is about one place', () => {
    const study = { ...buildRun().study, points: buildRun().study.points.slice(0, 1) };
    const [chart] = charts(buildStudyPart({ figure: buildFigure({ run: buildRun({ study }) }), cells: [] }, 'figure').blocks);
    expect(chart?.chart.kind).toBe('bars');
  });
});

describe('images side by side', () => {
  const named = (id: string, name: string) => buildRunSummary({ id, spec: { ...buildRunSummary().spec, name } });
  const first = {
    run: named('run-1', 'SD3'),
    tasks: ['a', 'b', 'c'].map((prompt, index) => buildTaskRecord(index, { prompt })),
    model: 'SD3 medium',
  };
  const second = {
    ...{ run: named('run-2', 'reSD3'), model: null },
    tasks: [buildTaskRecord(0, { prompt: 'c' }), buildTaskRecord(1, { prompt: 'b', imageSha256: null })],
  };

  it('have a row a prompt that every run has, and a column a run with its model and mark', () => {
    const [grid] = buildGallerySection([first, second], null, 4).blocks;
    expect(grid).toMatchObject({
      columns: [
        { title: 'SD3 (SD3 medium)', marks: ['simulated'] },
        { title: 'reSD3', marks: ['simulated'] },
      ],
      rows: [{ title: 'c', cells: [{ alt: 'c' }, { alt: 'c' }] }],
    });
  });

  it('show chosen prompts, with a gap where a run has no image', () => {
    const [grid] = buildGallerySection([first, second], ['b'], 4).blocks;
    expect(grid).toMatchObject({ rows: [{ title: 'b', cells: [{ alt: 'b' }, null] }] });
  });

  it('say so where no run has an image', () => {
    expect(buildGallerySection([], null, 4).blocks).toEqual([{ kind: 'text', text: 'None of the runs has an image yet.' }]);
  });
});

describe('a run of a series', () => {
  const series = { seriesId: 'series-1', condition: 0, scheduler: 0, repetition: 3 };
  const spec = { ...buildRunSummary().spec, taskCount: 20 };

  it('that an earlier version named by the word of a command gets the title of its scheduler', () => {
    const run = { spec: { ...spec, name: '|N| = 1, 20: shortest-expected-completion, |N| = 20, 3' }, series };
    expect(nameRun(run)).toBe('|N| = 1, 20: Shortest expected completion, |N| = 20, repetition 3');
  });

  it('keeps a name that is its own', () => {
    expect(nameRun({ spec: { ...spec, name: 'random, |N| = 20, 3' }, series: null })).toBe('random, |N| = 20, 3');
  });
});

describe('a composed report', () => {
  const block = (id: string, part: 'delays' | 'nodes', recordName = 'Batch') => ({
    ...{ id, recordName },
    source: { kind: 'run' as const, id: 'run-1', part },
  });
  type Source = Parameters<typeof sectionOf>[0];
  const ofRun = (source: Source) =>
    source.kind === 'run' ? buildRunPart(buildReportData(buildTasksInTurn(5, 1000)), source.part) : sectionOf(source, 'x');
  const reading = (section: (source: Source) => ReportSection | Promise<ReportSection>, bin: HistoryItem[] = []): BlockReader => ({
    section: async (source) => section(source),
    inBin: () => bin,
  });
  const fromRun = reading(ofRun);

  it('has a heading a block, every caveat once, and the instant of its newest figures', async () => {
    const { document, parts } = await composeReport({ title: 'Mine', blocks: [block('a', 'delays'), block('b', 'nodes')] }, fromRun);
    expect(document.blocks.filter(({ kind }) => kind === 'heading')).toEqual([
      { kind: 'heading', text: 'Delays' },
      { kind: 'heading', text: 'Nodes' },
    ]);
    expect(document.caveats.map(({ mark }) => mark)).toEqual(['simulated', 'model-time']);
    expect(document.asOfMs).toBe(3_700);
    expect(parts.map(({ title }) => title)).toEqual(['Batch: Delays', 'Batch: Nodes']);
  });

  it('of several records says whose each part and caveat is', async () => {
    const { document } = await composeReport({ title: 'Mine', blocks: [block('a', 'delays'), block('b', 'delays', 'Other')] }, fromRun);
    expect(document.blocks.flatMap((each) => (each.kind === 'heading' ? each.text : []))).toEqual(['Batch: Delays', 'Other: Delays']);
    expect(document.caveats.map(({ text }) => text.split(':')[0])).toEqual(['Batch', 'Batch', 'Other', 'Other']);
  });

  it('says which block has lost its record, and keeps the rest', async () => {
    const { document, parts } = await composeReport(
      { title: 'Mine', blocks: [block('a', 'delays'), block('b', 'nodes')] },
      reading((source) => {
        if (source.kind === 'run' && source.part === 'nodes') throw new AppError('not-found', 'There is no run run-1');
        return ofRun(source);
      }),
    );
    expect(parts.map(({ problem }) => problem)).toEqual([null, 'There is no run run-1.']);
    expect(document.caveats.at(-1)).toEqual({ mark: 'limited', text: '“Batch: Nodes” is not shown. There is no run run-1.' });
    expect(document.blocks.at(-1)).toEqual({ kind: 'text', text: 'Nothing can be shown here. There is no run run-1.' });
  });

  it('shows what is in the bin, and says that it is', async () => {
    const bin: HistoryItem[] = [{ kind: 'run', id: 'run-1' }];
    const { document, parts } = await composeReport({ title: 'Mine', blocks: [block('a', 'delays')] }, reading(ofRun, bin));
    expect(parts).toMatchObject([{ problem: null, inBin: bin }]);
    expect(parts[0]?.blocks).toEqual(ofRun(block('a', 'delays').source).blocks);
    expect(document.caveats.at(-1)).toEqual({
      mark: 'limited',
      text: '“Batch: Delays” can be shown until the bin is emptied: its record is in the bin.',
    });
  });

  it('passes on a fault of the program', async () => {
    const fault = composeReport(
      { title: 'Mine', blocks: [block('a', 'delays')] },
      reading(() => Promise.reject(new TypeError('a fault'))),
    );
    await expect(fault).rejects.toThrow('a fault');
  });

  it('has its texts as they are written, with a heading where there is one', async () => {
    const source = { kind: 'text' as const, title: ' Why ', text: 'Because **so**.' };
    const { document } = await composeReport({ title: 'Mine', blocks: [{ id: 'a', recordName: null, source }] }, fromRun);
    expect(document.blocks).toEqual([
      { kind: 'heading', text: 'Why' },
      { kind: 'text', text: 'Because **so**.' },
    ]);
  });

  it('keeps the spaces about strong words and code in Markdown', async () => {
    const source = { kind: 'text' as const, title: '', text: 'All is **well** with `code` here.' };
    const { document } = await composeReport({ title: 'Mine', blocks: [{ id: 'a', recordName: null, source }] }, fromRun);
    expect(renderMarkdown(document)).toContain('All is **well** with <code>code</code> here.');
  });

  it('is shown with its charts drawn and its long tables cut, which it says', async () => {
    const rows = Array.from({ length: 250 }, (_, index) => [{ value: index, text: String(index) }]);
    const table = { kind: 'table' as const, caption: 'Long', columns: [{ title: 'n', align: 'right' as const }], rows };
    const composed = await composeReport(
      { title: 'a\u202eb', blocks: [block('a', 'delays')] },
      reading((source) => {
        const section = ofRun(source);
        return { ...section, blocks: [...section.blocks, table] };
      }),
    );
    const { title, blocks } = showReport(composed, 5);
    expect(title).toBe('a\ufffdb');
    expect(blocks[0]?.content.map(({ kind }) => kind)).toEqual(['text', 'table', 'drawing', 'table', 'notes']);
    expect(blocks[0]?.content.at(-1)).toEqual({ kind: 'notes', items: ['50 more rows in the files.'] });
  });
});

it('the templates have every part of their subject', () => {
  expect(sourcesOf({ template: 'study', id: 'study-1' })).toEqual(
    ['figure', 'table', 'seeds', 'again'].map((part) => ({ kind: 'study', id: 'study-1', part })),
  );
  const comparison = { runIds: null, includeInvalid: false, cloudConcurrency: 1 };
  expect(sourcesOf({ template: 'table-v', comparison }).map((source) => source.kind !== 'text' && source.part)).toEqual([
    ...['table', 'charts', 'reductions', 'again'],
  ]);
});
