// Reports that are kept, through the API and the downloads of the whole core: composed, changed, shown anew, and made into files.
import { rmSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handleAsset } from '../../../src/main/api/handle-asset.js';
import { createApiCaller } from '../../../src/main/api/router.js';
import { assembleCore, type CoreParts } from '../../../src/main/composition/core.js';
import { REPORT_FORMATS } from '../../../src/shared/report-document.js';
import { buildResult, buildRun, buildTask, buildTestbed, makeTemporaryFolder } from '../../support/storage-fixtures.js';

let dataDir: string;
let parts: CoreParts;
let api: ReturnType<typeof createApiCaller>;

beforeEach(async () => {
  dataDir = makeTemporaryFolder();
  parts = await assembleCore({ dataDir, shell: 'cli', access: 'exclusive', activity: 'none' });
  api = createApiCaller({ services: parts.core.services });
  addRun('run-1', 'Batch <b>');
});
afterEach(async () => {
  await parts.core.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function addRun(id: string, name: string): void {
  const { runs } = parts.context.storage;
  const run = buildRun();
  const tasks = [0, 1, 2].map((ordinal) => ({ ...buildTask(ordinal), id: `${id}-task-${ordinal}` }));
  runs.insertRun({ ...run, id, spec: { ...run.spec, name }, state: 'succeeded', finishedAtMs: 2_000 }, tasks);
  runs.markSent(
    id,
    tasks.map((task) => ({ taskId: task.id, baseStationId: 'node-1', atMs: 1.5 })),
  );
  runs.acceptResults(tasks.map((task) => buildResult(task.id, 1)));
}

const createRunReport = () => api.reports.create({ subject: { template: 'run', id: 'run-1' } });
const download = async (path: string): Promise<Response> => {
  const answer = await handleAsset(new Request(`http://127.0.0.1/exports/report/${path}`), parts.core.services);
  if (!answer) throw new Error(`Nothing answers ${path}`);
  return answer;
};

describe('a report that is kept', () => {
  it('has the blocks of its template, named after their record', async () => {
    const report = await createRunReport();
    expect(report).toMatchObject({ title: 'Batch <b>', template: 'run', revision: 1 });
    expect(report.blocks.map(({ source }) => source.kind === 'run' && source.part)).toEqual([
      ...['figures', 'delays', 'timeline', 'images', 'nodes', 'failures', 'prediction', 'again'],
    ]);
    expect(report.blocks.every(({ recordName }) => recordName === 'Batch <b>')).toBe(true);
    expect(await api.reports.list()).toEqual([report]);
    expect(await api.reports.templates()).toHaveLength(5);
  });

  it('is of something that is there, and of any template', async () => {
    const missing = api.reports.create({ subject: { template: 'run', id: 'run-9' } });
    await expect(missing).rejects.toMatchObject({ cause: { code: 'not-found' } });
    const tableV = await api.reports.create({ subject: { template: 'table-v', comparison: {} }, title: 'Mine' });
    expect(tableV).toMatchObject({ title: 'Mine', blocks: [{ recordName: null }, {}, {}, {}] });
    expect(await api.reports.create({})).toMatchObject({ title: 'New report', template: null, blocks: [] });
  });

  it('is reordered, and gets texts, with every block keeping its id', async () => {
    const { id, revision, blocks } = await createRunReport();
    const text = { kind: 'text' as const, title: 'Why', text: 'Because **so**.' };
    const reversed = [...blocks].reverse();
    const changed = await api.reports.setBlocks({ id, revision, blocks: [{ source: text }, ...reversed] });
    expect(changed.revision).toBe(2);
    expect(changed.blocks.slice(1)).toEqual(reversed);
    expect(changed.blocks[0]).toMatchObject({ source: text, recordName: null });
    expect(await api.reports.get({ id })).toEqual(changed);
  });

  it('refuses a change of someone who saw an earlier one, and keeps the other', async () => {
    const { id, revision, blocks } = await createRunReport();
    await api.reports.setBlocks({ id, revision, blocks: blocks.slice(1) });
    const late = api.reports.setBlocks({ id, revision, blocks: [] });
    await expect(late).rejects.toMatchObject({ cause: { code: 'conflict' } });
    expect((await api.reports.get({ id })).blocks).toEqual(blocks.slice(1));
  });

  it('is added to at its end, renamed, and forgotten when the bin is emptied', async () => {
    const { id, blocks } = await createRunReport();
    const added = await api.reports.addBlocks({
      id,
      sources: [{ kind: 'table-v', part: 'table', comparison: { runIds: null, includeInvalid: false, cloudConcurrency: 1 } }],
    });
    expect(added.blocks.slice(0, -1)).toEqual(blocks);
    expect(await api.reports.rename({ id, title: 'Night' })).toMatchObject({ title: 'Night', revision: 3 });
    await api.history.moveToBin({ items: [{ kind: 'report', id }] });
    await api.history.emptyBin();
    await expect(api.reports.get({ id })).rejects.toMatchObject({ cause: { code: 'not-found' } });
  });

  it('takes no block with a part that its kind does not have', async () => {
    const { id } = await createRunReport();
    const wrong = { kind: 'run', id: 'run-1', part: 'settings' } as unknown as { kind: 'run'; id: string; part: 'nodes' };
    await expect(api.reports.addBlocks({ id, sources: [wrong] })).rejects.toThrow();
  });

  it('is shown with the figures of now: runs that are added are in it', async () => {
    const { id } = await api.reports.create({ subject: { template: 'table-v', comparison: { includeInvalid: true } } });
    const rowsNow = async (): Promise<number> => {
      const [table] = (await api.reports.preview({ id })).blocks[0]?.content ?? [];
      return table?.kind === 'table' ? table.rows.length : 0;
    };
    const before = await rowsNow();
    const { runs } = parts.context.storage;
    const run = buildRun();
    const task = { ...buildTask(0), id: 'other-task' };
    runs.insertRun(
      { ...run, id: 'run-2', spec: { ...run.spec, name: 'Other', scheduler: 'random' }, state: 'succeeded', finishedAtMs: 3_000 },
      [task],
    );
    runs.markSent('run-2', [{ taskId: task.id, baseStationId: 'node-1', atMs: 1.5 }]);
    runs.acceptResults([buildResult(task.id, 1)]);
    expect(await rowsNow()).toBe(before + 1);
  });

  it('says whose record is in the bin, while it can still be restored', async () => {
    const { id } = await createRunReport();
    const item = { kind: 'run' as const, id: 'run-1' };
    await api.history.moveToBin({ items: [item] });
    const binned = await api.reports.preview({ id });
    expect(binned.blocks.map(({ inBin, problem }) => [inBin, problem])).toEqual(binned.blocks.map(() => [[item], null]));
    expect(binned.caveats.filter(({ text }) => text.includes('until the bin is emptied'))).toHaveLength(binned.blocks.length);
    await api.history.restore({ items: [item] });
    const { blocks, caveats } = await api.reports.preview({ id });
    expect(blocks.every(({ inBin }) => inBin.length === 0)).toBe(true);
    expect(caveats.some(({ text }) => text.includes('bin'))).toBe(false);
  });

  it('says which block has lost its record, and keeps what is there', async () => {
    parts.context.storage.testbeds.insertTestbed(buildTestbed());
    const { id } = await createRunReport();
    await api.reports.addBlocks({ id, sources: [{ kind: 'testbed', id: 'testbed-1', part: 'topology' }] });
    await api.runs.remove({ id: 'run-1' });
    const { blocks, caveats } = await api.reports.preview({ id });
    expect(blocks[0]).toMatchObject({ title: 'Batch <b>: Figures', problem: expect.stringContaining('run-1') as string });
    expect(blocks.at(-1)).toMatchObject({ problem: null });
    expect(caveats.some(({ text }) => text.startsWith('“Batch <b>: Figures” is not shown'))).toBe(true);
    // It may be ordered and dropped all the same.
    const report = await api.reports.get({ id });
    const kept = await api.reports.setBlocks({ id, revision: report.revision, blocks: report.blocks.slice(1) });
    expect(kept.blocks).toHaveLength(report.blocks.length - 1);
  });
});

describe('a download of a report that is kept', () => {
  it.each(REPORT_FORMATS)('as %s has its blocks', async (format) => {
    const { id } = await createRunReport();
    const answer = await download(`${id}.${format}`);
    expect(answer.status).toBe(200);
    const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1];
    expect(name).toBe(`batch-b-${id}.${format}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect(bytes.length).toBeGreaterThan(1000);
    if (format === 'json')
      expect(JSON.parse(new TextDecoder().decode(bytes))).toMatchObject({ kind: 'dedgeai-report', title: 'Batch <b>' });
    if (format === 'pdf') expect(new TextDecoder('latin1').decode(bytes.subarray(0, 5))).toBe('%PDF-');
  });

  it('is the same file for the same data', async () => {
    const { id } = await createRunReport();
    const [first, second] = [await download(`${id}.pdf`), await download(`${id}.pdf`)];
    expect(Buffer.from(await first.arrayBuffer()).equals(Buffer.from(await second.arrayBuffer()))).toBe(true);
  });

  it('refuses what is no format, and no report', async () => {
    const { id } = await createRunReport();
    expect((await download(`${id}.exe`)).status).toBe(400);
    expect((await download('report-9.pdf')).status).toBe(404);
  });

  it('as LaTeX is an archive with its pictures, where it has any', async () => {
    const { packReport } = await import('../../../src/main/domain/reports/pack-report.js');
    const bytes = new Uint8Array([1, 2, 3]);
    const file = { fileName: 'x.tex', mediaType: 'application/x-tex', body: '\\x', pictures: [{ path: 'x-images/a.jpg', bytes }] };
    const { fileName, body } = packReport(file);
    expect(fileName).toBe('x-tex.zip');
    expect(Object.keys(unzipSync(body as Uint8Array))).toEqual(['x.tex', 'x-images/a.jpg']);
    expect(packReport({ ...file, pictures: [] })).toMatchObject({ fileName: 'x.tex', body: '\\x' });
  });
});
