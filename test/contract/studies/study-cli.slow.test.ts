// Studies from the terminal, and what is left when the program dies in the middle of one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { StudyCell, StudyFigure } from '../../../src/shared/study.js';
import { runCli, runCliJson } from '../../support/cli.js';
import { makeProgramFromSource, type ProgramFolder } from '../../support/program-from-source.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';
import { buildStudy, definitionsFolder, writeStudy } from '../../support/study-files.js';

let program: ProgramFolder;
let dataDir: string;

beforeAll(async () => {
  const folder = makeTemporaryFolder();
  writeStudy(folder);
  writeStudy(folder, buildStudy({ name: 'longer', episodes: 30 }));
  program = await makeProgramFromSource({ studiesFolder: definitionsFolder(folder) });
  rmSync(folder, { recursive: true });
});
afterAll(() => program.remove());
beforeEach(() => {
  dataDir = makeTemporaryFolder();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

type Shown = StudyFigure & { cells: StudyCell[] };

async function study(...args: string[]): Promise<{ status: number | null; document: Shown }> {
  const { status, document } = await runCliJson(['study', ...args, '--data', dataDir], { cliPath: program.cliPath });
  return { status, document: document as Shown };
}

const numbersOf = (cells: readonly StudyCell[]): unknown[] =>
  cells.map(({ pointIndex, method, seed, meanDelaySec, optTsDelaySec }) => [pointIndex, method, seed, meanDelaySec, optTsDelaySec]);

/** Runs a command until a line of its progress fits, and then ends it as `kill -9` does. */
async function killAt(line: RegExp, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [program.cliPath, 'study', ...args, '--data', dataDir], { stdio: ['ignore', 'ignore', 'pipe'] });
  const closed = once(child, 'exit');
  createInterface(child.stderr).on('line', (text) => {
    if (line.test(text)) child.kill('SIGKILL');
  });
  const [, signal] = (await closed) as [number | null, NodeJS.Signals | null];
  expect(signal).toBe('SIGKILL');
}

it('a run killed in the middle continues, with the same cells as one that was not', async () => {
  await killAt(/^[1-9]\d* of 12 cells/, 'run', 'longer', '--seeds', '2');
  const interrupted = (await study('show', 'longer')).document;
  expect(interrupted.run.doneCount).toBeGreaterThan(0);
  expect(interrupted.run.doneCount).toBeLessThan(12);
  const resumed = await study('resume', interrupted.run.id);
  expect(resumed).toMatchObject({ status: 0, document: { run: { state: 'succeeded', doneCount: 12 } } });
  const whole = (await study('run', 'longer', '--seeds', '2')).document;
  expect(numbersOf(resumed.document.cells)).toEqual(numbersOf(whole.cells));
}, 180_000);

it('Ctrl-C pauses a run and says how to continue', async () => {
  const args = ['study', 'run', 'longer', '--data', dataDir];
  const { status, stderr } = await runCli(args, { cliPath: program.cliPath, interruptAt: (line) => /^[1-9]\d* of 18 cells/.test(line) });
  expect(status).toBe(130);
  expect(stderr).toMatch(/Paused: \d+ of 18 cells.*\. Resume: npm run cli -- study resume study-/);
});

it("a run is shown as a table of points and methods, with the paper's values, and its cells as CSV", async () => {
  await study('run', 'small', '--seeds', '2', '--methods', 'sac-ts,lad-ts');
  const csvPath = join(dataDir, 'cells.csv');
  const args = ['study', 'show', 'small', '--csv', csvPath, '--data', dataDir];
  const { stdout } = await runCli(args, { cliPath: program.cliPath });
  expect(stdout).toMatch(/^Tasks +lad-ts +sac-ts$/m);
  expect(stdout).toMatch(/^4 +\d+\.\d\d ± \d+\.\d\d \[7\.70\]/m);
  expect(stdout).toContain('Again: npm run cli -- study run small --seeds 2 --methods lad-ts,sac-ts');
  const rows = readFileSync(csvPath, 'utf8').trim().split('\r\n');
  expect(rows[0]).toBe(
    'study,x,method,seed,mean_delay_sec,opt_ts_delay_sec,ratio_to_opt_ts,convergence_episode,cpu_sec,episode_cpu_sec,origin,program_version',
  );
  expect(rows).toHaveLength(9);
}, 180_000);

it('studies and runs are listed, and a run is removed', async () => {
  expect((await study('list')).document).toMatchObject([{ name: 'longer' }, { name: 'small' }]);
  const { document } = await study('run', 'small', '--seeds', '1', '--methods', 'opt-ts');
  expect((await study('runs')).document).toMatchObject([{ id: document.run.id, state: 'succeeded' }]);
  await study('remove', document.run.id);
  expect((await study('runs')).document).toEqual([]);
}, 180_000);

it('an unknown study is refused with those there are', async () => {
  expect(await study('run', 'none')).toMatchObject({
    status: 3,
    document: { error: { code: 'not-found', hint: 'Known: longer, small.' } },
  });
});
