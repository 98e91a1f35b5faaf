// A study that goes to a cluster and comes back. A shell loop stands in for Slurm: it runs the job file once an array index, as Slurm does.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trainerStarter } from '../../../src/main/programs/trainer/trainer-process.js';
import { resultFileName, runStudyTask } from '../../../src/main/domain/simulation/studies/cluster/run-study-task.js';
import type { StudyService } from '../../../src/main/domain/simulation/studies/study-service.js';
import type { StudyCell, StudyRun } from '../../../src/shared/study.js';
import { runCliJson } from '../../support/cli.js';
import { makeProgramFromSource, type ProgramFolder } from '../../support/program-from-source.js';
import { makeTemporaryFolder, openTemporaryDatabase, type TemporaryDatabase } from '../../support/storage-fixtures.js';
import { buildStudy, definitionsFolder, openStudyService, writeStudy } from '../../support/study-files.js';

const never = new AbortController().signal;

let program: ProgramFolder;
let exported: string;
let temporary: TemporaryDatabase;
let service: StudyService;
let folder: string;

beforeAll(async () => {
  // One study for all: exported and computed once, as it takes a process a cell.
  const dataDir = makeTemporaryFolder();
  writeStudy(dataDir);
  program = await makeProgramFromSource({ studiesFolder: definitionsFolder(dataDir) });
  exported = join(dataDir, 'exported');
  const args = ['study', 'export', 'small', '--seeds', '1', '--out', exported, '--no-program', '--at-once', '4', '--data', dataDir];
  const { status, stderr } = await runCliJson(args, { cliPath: program.cliPath });
  if (status !== 0) throw new Error(stderr);
  for (let index = 0; index < 6; index++) runArrayTask(exported, { SLURM_ARRAY_TASK_ID: String(index) });
}, 180_000);
afterAll(() => {
  program.remove();
  rmSync(join(exported, '..'), { recursive: true, force: true });
});
beforeEach(() => {
  temporary = openTemporaryDatabase();
  writeStudy(temporary.dataDir);
  service = openStudyService(temporary, { startTrainer: trainerStarter(program.trainerPath) });
  folder = join(temporary.dataDir, 'exported');
  cpSync(exported, folder, { recursive: true });
});
afterEach(async () => {
  await service.close();
  temporary.dispose();
});

/** Runs the job file as Slurm does: a copy of it, in the folder that it was submitted from. */
function runArrayTask(cwd: string, env: Record<string, string>): string {
  const script = readFileSync(join(cwd, 'study.sbatch'), 'utf8');
  const run = spawnSync('bash', ['-c', script], { cwd, encoding: 'utf8', env: { ...process.env, DEDGEAI_PROGRAM: program.path, ...env } });
  if (run.status !== 0) throw new Error(`${run.stdout}${run.stderr}`);
  return run.stdout;
}

async function done({ id }: StudyRun): Promise<StudyRun> {
  for await (const run of service.watch(id, never)) expect(run.id).toBe(id);
  return service.get(id);
}

/** Without what is never the same. */
const numbersOf = (cells: readonly StudyCell[]): unknown[] =>
  cells.map(({ pointIndex, method, seed, meanDelaySec, optTsDelaySec, ratioToOptTs, convergenceEpisode, curveSec }) => ({
    ...{ pointIndex, method, seed, meanDelaySec, optTsDelaySec, ratioToOptTs, convergenceEpisode, curveSec },
  }));

const resultPath = (index: number): string => join(folder, 'results', resultFileName(index));

function changeResult(index: number, change: (result: { cell: StudyCell; studySha256: string }) => void): void {
  const result = JSON.parse(readFileSync(resultPath(index), 'utf8')) as { cell: StudyCell; studySha256: string };
  change(result);
  writeFileSync(resultPath(index), JSON.stringify(result));
}

describe('the job file', () => {
  it('asks for one array task a cell, as many at once as was said', () => {
    expect(readFileSync(join(folder, 'study.sbatch'), 'utf8')).toContain('#SBATCH --array=0-5%4\n');
  });

  it('leaves one result a cell and nothing else', () => {
    expect(readdirSync(join(folder, 'results')).sort()).toEqual(Array.from({ length: 6 }, (_, index) => resultFileName(index)));
  });

  it('does nothing for a cell that has its result', () => {
    const before = readFileSync(resultPath(3));
    expect(runArrayTask(folder, { SLURM_ARRAY_TASK_ID: '1', TASK_OFFSET: '2' })).toContain('was there already');
    expect(readFileSync(resultPath(3))).toEqual(before);
  });
});

describe('an import', () => {
  it('gives the very numbers of the same study run here', async () => {
    const { run, isNew, added, refused } = await service.importResults(folder);
    expect({ isNew, added, refused }).toEqual({ isNew: true, added: 6, refused: [] });
    expect(run).toMatchObject({ state: 'succeeded', doneCount: 6 });
    const here = service.start({ study: 'small', seeds: 1, firstSeed: 1 });
    await done(here);
    expect(numbersOf(service.cells(run.id))).toEqual(numbersOf(service.cells(here.id)));
    expect(service.cells(run.id).every(({ origin }) => origin === 'imported')).toBe(true);
  });

  it('of the same results again changes nothing', async () => {
    const first = await service.importResults(folder);
    const again = await service.importResults(folder);
    expect(again).toMatchObject({ isNew: false, added: 0, known: 6, run: { id: first.run.id, doneCount: 6 } });
  });

  it('of a part can be completed here', async () => {
    for (const index of [0, 4, 5]) rmSync(resultPath(index));
    const { run } = await service.importResults(folder);
    expect(run).toMatchObject({ state: 'paused', doneCount: 3 });
    service.resume(run.id);
    expect(await done(run)).toMatchObject({ state: 'succeeded', doneCount: 6 });
    expect(service.cells(run.id).filter(({ origin }) => origin === 'here')).toHaveLength(3);
  });

  it('joins the run that has the same cells', async () => {
    const here = service.start({ study: 'small', seeds: 1 });
    await service.pause(here.id);
    const { run, isNew } = await service.importResults(folder);
    expect({ id: run.id, isNew }).toEqual({ id: here.id, isNew: false });
    expect(run.doneCount).toBe(6);
  });

  it('counts a cell that two files tell of once', async () => {
    writeFileSync(join(folder, 'results', '99999.json'), readFileSync(resultPath(0)));
    expect(await service.importResults(folder)).toMatchObject({ added: 6, known: 1 });
  });
});

describe('what an import leaves out, and says why', () => {
  const refusedOf = async (): Promise<{ added: number; reasons: string[] }> => {
    const { added, refused } = await service.importResults(folder);
    return { added, reasons: refused.map(({ file, reason }) => `${file}: ${reason}`) };
  };

  it.each([
    ['a delay that is none', (result: { cell: StudyCell }) => (result.cell.meanDelaySec = -1), /cell\.meanDelaySec|the whole/],
    ['a ratio that does not fit its delays', (result: { cell: StudyCell }) => (result.cell.ratioToOptTs = 0.1), /is not the ratio/],
    [
      'a cell that is not of the study',
      (result: { cell: StudyCell }) => (result.cell.seed = 77),
      /has no cell of point 0, lad-ts, seed 77/,
    ],
    ['a result of another definition', (result: { studySha256: string }) => (result.studySha256 = 'a'.repeat(64)), /another definition/],
    ['a curve where there is none', (result: { cell: StudyCell }) => (result.cell.curveSec = [1, 2]), /curveSec has 2 points/],
    ['a field that no one asked for', (result: { cell: StudyCell }) => Object.assign(result.cell, { extra: 1 }), /extra|the whole/],
  ] as const)('is %s', async (_what, change, reason) => {
    changeResult(0, change);
    const { added, reasons } = await refusedOf();
    expect(added).toBe(5);
    expect(reasons).toEqual([expect.stringMatching(reason)]);
    expect(reasons[0]).toMatch(/^00000\.json: /);
  });

  it('is half a file', async () => {
    writeFileSync(resultPath(2), readFileSync(resultPath(2), 'utf8').slice(0, 40));
    expect(await refusedOf()).toEqual({ added: 5, reasons: ['00002.json: it is not whole JSON'] });
  });

  it('is a link, whatever it leads to', async () => {
    rmSync(resultPath(2));
    symlinkSync('/etc/hostname', resultPath(2));
    expect(await refusedOf()).toEqual({ added: 5, reasons: [] });
  });
});

describe('a folder that is refused as a whole', () => {
  it('has a definition that was changed after the export', async () => {
    const path = join(folder, 'tasks.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"episodes": 2', '"episodes": 3'));
    await expect(service.importResults(folder)).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('changed'),
    });
    expect(service.runs()).toEqual([]);
  });

  it('has no tasks.json', async () => {
    rmSync(join(folder, 'tasks.json'));
    await expect(service.importResults(folder)).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('tasks.json'),
    });
  });
});

describe('a task', () => {
  const runTask = (index: number, signal = never, onProgress: () => void = () => undefined) =>
    runStudyTask({
      ...{ tasksPath: join(folder, 'tasks.json'), index, outFolder: join(folder, 'other') },
      ...{ startTrainer: trainerStarter(program.trainerPath), programVersion: '0.0.0-test', signal, onProgress },
    });

  it('that there is not is refused with those there are', async () => {
    await expect(runTask(6)).rejects.toMatchObject({ code: 'invalid-input', hint: 'Its tasks are 0 to 5.' });
  });

  it('that is interrupted continues from its checkpoint', async () => {
    writeStudy(temporary.dataDir, buildStudy({ methods: ['lad-ts'], points: buildStudy().points.slice(0, 1), episodes: 60, paper: [] }));
    folder = join(temporary.dataDir, 'long');
    await service.exportForCluster({ study: 'small', seeds: 1 }, { folder, withProgram: false });
    const interrupted = new AbortController();
    await expect(runTask(0, interrupted.signal, () => interrupted.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect(existsSync(join(folder, 'other', 'checkpoint-0', 'checkpoint.bin'))).toBe(true);
    const { resultPath: path } = await runTask(0);
    const { cell } = JSON.parse(readFileSync(path, 'utf8')) as { cell: StudyCell };
    const whole = await done(service.start({ study: 'small', seeds: 1 }));
    expect(cell.meanDelaySec).toBe(service.cells(whole.id)[0]?.meanDelaySec);
    expect(readdirSync(join(folder, 'other'))).toEqual([resultFileName(0)]);
  });

  it('that diverges leaves that as its result, which an import counts', async () => {
    const [point] = buildStudy().points;
    const points = [{ ...point!, settings: { ...point!.settings, rewardScale: 1e30 } }];
    writeStudy(temporary.dataDir, buildStudy({ methods: ['sac-ts'], points, episodes: 20, paper: [] }));
    folder = join(temporary.dataDir, 'diverging');
    await service.exportForCluster({ study: 'small', seeds: 1 }, { folder, withProgram: false });
    await expect(runTask(0)).rejects.toMatchObject({ code: 'training-diverged' });
    rmSync(join(folder, 'results'), { recursive: true });
    cpSync(join(folder, 'other'), join(folder, 'results'), { recursive: true });
    expect(await service.importResults(folder)).toMatchObject({ failed: 1, run: { state: 'failed', failedCount: 1 } });
  });
});

describe('an export', () => {
  it('goes into a new folder only', async () => {
    const out = join(temporary.dataDir, 'full');
    mkdirSync(out);
    writeFileSync(join(out, 'mine.txt'), 'mine');
    const act = service.exportForCluster({ study: 'small' }, { folder: out, withProgram: false });
    await expect(act).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(out) });
    expect(readdirSync(out)).toEqual(['mine.txt']);
  });

  it('of more cells than an array may have says how to submit the rest', async () => {
    const out = join(temporary.dataDir, 'large');
    await service.exportForCluster({ study: 'small', seeds: 400 }, { folder: out, withProgram: false });
    expect(readFileSync(join(out, 'study.sbatch'), 'utf8')).toContain('#SBATCH --array=0-999\n');
    expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain(
      'sbatch study.sbatch\nsbatch --array=0-999 --export=ALL,TASK_OFFSET=1000 study.sbatch\nsbatch --array=0-399 --export=ALL,TASK_OFFSET=2000 study.sbatch\n',
    );
  });
});
