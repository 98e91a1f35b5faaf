// A series from the terminal on virtual nodes, killed on the way; its figures against a recomputation from its exported rows in Python.
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comparison } from '../../../src/shared/comparison.js';
import { nameSeriesScheduler, type SeriesDetail, type SeriesFigure, type SeriesResult } from '../../../src/shared/series.js';
import { runCli, runCliJson } from '../../support/cli.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';

const PYTHON = process.env['PYTHON'] ?? 'python3';
const NO_PYTHON = 'There is no python3 on this machine, so the figures were not recomputed.';
const hasPython = spawnSync(PYTHON, ['--version']).status === 0;

interface Recomputed {
  cells: ({ condition: number; scheduler: string } & Record<
    string,
    { mean: number; halfWidth95: number | null; repetitions: number } | null
  >)[];
  differences: { condition: number; first: string; second: string; mean: number; halfWidth95: number | null; repetitions: number }[];
}
type Shown = { series: SeriesDetail; result: SeriesResult };

let dataDir: string;
let id: string;

const cli = (...args: string[]): ReturnType<typeof runCli> => runCli([...args, '--data', dataDir]);
const cliJson = async <T>(...args: string[]): Promise<T> => (await runCliJson([...args, '--data', dataDir])).document as T;
const startArguments = [
  'series',
  'start',
  '--name',
  'Night',
  '--schedulers',
  'round-robin,random',
  '-n',
  '1,20',
  '--repeat',
  '2',
  '--keep-invalid',
];

beforeAll(async () => {
  dataDir = makeTemporaryFolder();
  await cli('testbed', 'create-virtual', '--nodes', '3', '--time-scale', '60', '--name', 'Lab');
  await cli('provision', 'Lab');
  await cli('dataset', 'import', '--sample');
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('a series from the terminal', () => {
  it('says beforehand what it would take', async () => {
    const estimate = await cliJson('series', ...startArguments.slice(1), '--estimate');
    expect(estimate).toMatchObject({ runCount: 8, taskCount: 87, problems: [], boundProblem: null });
    expect(await cliJson<unknown[]>('series', 'list')).toEqual([]);
  });

  it('dies with its program in the middle, and fills every cell when it is resumed', async () => {
    let pid: number | undefined;
    const killed = await runCli([...startArguments, '--data', dataDir], {
      onStarted: (started) => (pid = started),
      interruptAt: (line) => {
        // No Ctrl-C: nothing may be said to anyone.
        if (pid !== undefined && /^running: [2-6]\/8 cells.*\|N\| = 20/.test(line)) process.kill(pid, 'SIGKILL');
        return false;
      },
    });
    expect(killed.status).toBeNull();
    const [interrupted] = await cliJson<SeriesDetail[]>('series', 'list');
    id = interrupted?.id ?? '';
    expect(interrupted?.counts.waiting).toBeGreaterThan(0);

    const resumed = await runCliJson(['series', 'resume', 'Night', '--data', dataDir]);
    expect(resumed.status, resumed.stderr).toBe(0);
    const { series } = resumed.document as Shown;
    expect(series).toMatchObject({ state: 'succeeded', counts: { total: 8, failed: 0, waiting: 0, running: 0 } });
    expect(series.counts.valid + series.counts.invalid).toBe(8);
  });

  it('has every figure that Python computes from its rows', async ({ skip }) => {
    if (!hasPython) skip(NO_PYTHON);
    const csvPath = join(dataDir, 'rows.csv');
    await cli('series', 'export', id, '--out', csvPath);
    const script = join(import.meta.dirname, '../../fixtures/series/recompute.py');
    const { stdout } = await promisify(execFile)(PYTHON, [script, csvPath, '--include-invalid']);
    const recomputed = JSON.parse(stdout) as Recomputed;
    const { series, result } = await cliJson<Shown>('series', 'show', id, '--include-invalid');
    const nameOf = (index: number): string => nameSeriesScheduler(series.spec.schedulers[index] ?? { scheduler: 'random' });
    expect(recomputed.cells).toHaveLength(4);
    for (const cell of result.cells) {
      const twin = recomputed.cells.find(
        ({ condition, scheduler }) => condition === cell.condition + 1 && scheduler === nameOf(cell.scheduler),
      );
      for (const name of ['totalSec', 'efficiency', 'controlShare', 'meanServiceSec'] as const) expectAlike(cell[name], twin?.[name]);
      for (const name of ['medianServiceSec', 'p95ServiceSec', 'p99ServiceSec'] as const) expectAlike(cell[name].figure, twin?.[name]);
    }
    expect(result.cells.filter(({ medianServiceSec }) => medianServiceSec.figure !== null).map(({ condition }) => condition)).toEqual([
      1, 1,
    ]);
    for (const { condition, first, second, meanSec, halfWidth95Sec, pairs } of result.differences) {
      const twin = recomputed.differences.find(
        (each) => each.condition === condition + 1 && each.first === nameOf(first) && each.second === nameOf(second),
      );
      expectAlike({ mean: meanSec, halfWidth95: halfWidth95Sec, repetitions: pairs }, twin);
    }
    expect(result.differences).toHaveLength(2);
  });

  it('fills Table V, each cell with its interval, marked as simulated', async () => {
    const { rows } = await cliJson<Comparison>('compare', '--series', 'Night', '--include-invalid');
    const own = rows.filter(({ source }) => source === 'measured');
    expect(own.map(({ platform, isSimulated }) => [platform, isSimulated])).toEqual([
      ['Round-robin (Lab)', true],
      ['Random (Lab)', true],
    ]);
    const { result } = await cliJson<Shown>('series', 'show', id, '--include-invalid');
    const twenty = own[0]?.delaySec.find(({ count }) => count === 20);
    expect(twenty?.delaySec).toBe(result.cells.find(({ condition, scheduler }) => condition === 1 && scheduler === 0)?.totalSec?.mean);
    expect(twenty?.series).toMatchObject({ repetitions: 2, missing: 0, halfWidth95Sec: expect.any(Number) as number });
    expect(own[0]?.delaySec.find(({ count }) => count === 500)?.delaySec).toBeNull();
    expect((await cli('compare', '--series', 'Night', '--include-invalid')).stdout).toMatch(/Round-robin \(Lab\) \[simulated\].* ± /);
    const htmlPath = join(dataDir, 'table-v.html');
    await cli('compare', '--series', 'Night', '--include-invalid', '--format', 'html', '--out', htmlPath);
    expect(readFileSync(htmlPath, 'utf8')).toMatch(/Round-robin \(Lab\).*SIMULATED[\s\S]*\d ± \d/);
  });

  it('shows its figures as tables, and is exported with plan and figures', async () => {
    const { stdout } = await cli('series', 'show', 'Night', '--include-invalid');
    expect(stdout).toMatch(/^2\. \|N\| = 20, 10-19 steps, arrivals all-at-once$/m);
    expect(stdout).toMatch(/^Round-robin \[simulated\] +2 .* ± .* –$/m);
    expect(stdout).toMatch(/difference between Round-robin and Random|takes .* less than/);
    const exported = JSON.parse((await cli('series', 'export', id, '--format', 'json', '--out', '-')).stdout) as Record<string, unknown>;
    expect(exported).toMatchObject({
      kind: 'dedgeai-series',
      series: { id },
      results: [{ includesInvalid: false }, { includesInvalid: true }],
    });
  });

  it('is extended, and removed without its runs', async () => {
    const extended = await runCliJson(['series', 'extend', 'Night', '--repeat', '1', '--data', dataDir]);
    expect(extended.document).toMatchObject({ series: { state: 'succeeded', counts: { total: 12, waiting: 0 } } });
    expect((await cli('series', 'remove', 'Night', '--yes')).status).toBe(0);
    expect(await cliJson('series', 'list')).toEqual([]);
    // Twelve cells and the warm-ups.
    expect((await cliJson<unknown[]>('run', 'list')).length).toBeGreaterThanOrEqual(13);
  });

  it('refuses what is no scheduler, and a learned policy without its training', async () => {
    const unknown = await cli('series', 'start', '--schedulers', 'fastest');
    expect(unknown).toMatchObject({ status: 2 });
    expect(unknown.stderr).toContain('“fastest” is none of');
    expect((await cli('series', 'start', '--schedulers', 'learned')).stderr).toContain('as in learned:TRAINING_ID');
  });
});

function expectAlike(
  found: SeriesFigure | null,
  twin: { mean: number; halfWidth95: number | null; repetitions: number } | null | undefined,
): void {
  expect(found?.repetitions).toBe(twin?.repetitions);
  expect(found?.mean ?? 0).toBeCloseTo(twin?.mean ?? 0, 6);
  expect(found?.halfWidth95 ?? 0).toBeCloseTo(twin?.halfWidth95 ?? 0, 4);
}
