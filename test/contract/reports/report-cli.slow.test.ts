// Reports from the terminal: of every template that needs no nodes, of a series that ran, and those that are kept.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredReport } from '../../../src/shared/report-composition.js';
import type { SeriesDetail } from '../../../src/shared/series.js';
import { runCli, runCliJson } from '../../support/cli.js';

let dataDir: string;
let out: string;

const cli = (...args: string[]): ReturnType<typeof runCli> => runCli([...args, '--data', dataDir]);
const cliJson = async <T>(...args: string[]): Promise<T> => (await runCliJson([...args, '--data', dataDir])).document as T;
const read = (name: RegExp): string => readFileSync(join(out, readdirSync(out).find((each) => name.test(each)) ?? 'missing'), 'utf8');

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'report-cli-'));
  out = join(dataDir, 'out');
  await cli('testbed', 'create-virtual', '--nodes', '2', '--time-scale', '60', '--name', 'Lab');
  await cli('provision', 'Lab');
  await cli('dataset', 'import', '--sample');
  const words = ['--schedulers', 'round-robin,random', '-n', '2', '--repeat', '2', '--keep-invalid', '--warm-up', '0', '--allow-overload'];
  const started = await cli('series', 'start', '--name', 'Night', ...words);
  expect(started.status, started.stderr).toBe(0);
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('report make', () => {
  it('writes everything about a series, with the figures that the terminal shows', async () => {
    const { series } = await cliJson<{ series: SeriesDetail }>('series', 'show', 'Night');
    const made = await cli('report', 'make', '--template', 'series', '--series', 'Night', '--format', 'md,json,pdf,tex', '--out', out);
    expect(made.status, made.stderr).toBe(0);
    const text = read(/^night-.*-report\.md$/);
    for (const { runId } of series.cells) expect(text).toContain(runId);
    expect(text).toContain('Round\\-robin'.replace('\\-', '-'));
    expect(text).toContain('npm run cli -- series start');
    expect(text).toContain('**SIMULATED**');
  });

  it('writes Table V with the rows of a series', async () => {
    const made = await cli('report', 'make', '--template', 'table-v', '--series', 'Night', '--format', 'csv', '--out', out);
    expect(made.status, made.stderr).toBe(0);
    expect(read(/^table-v-report\.csv$/)).toContain('Round-robin (Lab)');
  });

  it('writes a training, with what its policy does', async () => {
    const words = ['--base-stations', '2', '--slots', '8', '--max-tasks', '3', '--episodes', '4', '--checkpoint-every', '2'];
    const trained = await cli('train', '--method', 'lad-ts', '--preset', 'paper', ...words);
    expect(trained.status, trained.stderr).toBe(0);
    const [training] = await cliJson<{ id: string }[]>('train', 'list');
    const made = await cli('report', 'make', '--template', 'training', '--training', training?.id ?? '', '--format', 'md', '--out', out);
    expect(made.status, made.stderr).toBe(0);
    const text = read(/^lad-ts.*-report\.md$/);
    expect(text).toContain('Where tasks and work go');
    expect(text).toContain('## Settings');
  });

  it('says which option a template needs', async () => {
    const made = await cli('report', 'make', '--template', 'study', '--out', out);
    expect(made.status).toBe(2);
    expect(made.stderr).toContain('--study');
  });
});

describe('reports that are kept', () => {
  it('are created, changed, shown, made and removed', async () => {
    const created = await cliJson<StoredReport>('report', 'create', '--template', 'series', '--series', 'Night', '--title', 'For the lab');
    expect(created.blocks).toHaveLength(7);
    expect((await cli('report', 'add-text', 'For the lab', 'All is **well**.', '--heading', 'Summary')).status).toBe(0);
    expect((await cli('report', 'drop-block', 'For the lab', '1')).status).toBe(0);
    expect((await cli('report', 'rename', 'For the lab', 'Summary for the lab')).status).toBe(0);
    const shown = await cli('report', 'show', 'Summary for the lab');
    expect(shown.stdout).toMatch(/1 +series +Night: Figures with intervals/);
    expect(shown.stdout).toMatch(/7 +text +Summary/);
    expect((await cli('report', 'list')).stdout).toContain('Summary for the lab');

    const made = await cli('report', 'make', '--report', 'Summary for the lab', '--format', 'md,html', '--out', out);
    expect(made.status, made.stderr).toBe(0);
    expect(read(/^summary-for-the-lab-.*\.md$/)).toContain('All is **well**.');

    expect((await cli('report', 'remove', created.id)).status).toBe(0);
    const gone = await cli('report', 'make', '--report', 'Summary for the lab', '--out', join(out, 'none'));
    expect(gone.status).toBe(3);
    expect(existsSync(join(out, 'none'))).toBe(false);
  });
});
