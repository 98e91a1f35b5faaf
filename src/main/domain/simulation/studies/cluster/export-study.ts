// A study as a folder for a cluster: tasks, job file, instructions, the program. Everything that comes back goes in by read-results.ts.
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../../../../../shared/errors.js';
import { listCells, type StudyGrid } from '../cells/study-cells.js';
import { buildTasksFile } from './cell-files.js';
import { packProgram } from './pack-program.js';
import { type SlurmOptions, writeReadme, writeSbatch } from './slurm-files.js';

export interface StudyExportOptions extends SlurmOptions {
  folder: string;
  /** Whether the program goes along. */
  withProgram: boolean;
  programDir: string;
  programVersion: string;
}

export interface StudyExport {
  /** Absolute. */
  folder: string;
  cellCount: number;
  files: string[];
}

/** Throws `conflict` for a folder that is not empty, `io` where it can't be written, `unsupported` where the program can't be packed. */
export async function exportStudy(grid: StudyGrid, options: StudyExportOptions): Promise<StudyExport> {
  const folder = resolve(options.folder);
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length > 0) throw new AppError('conflict', `${folder} is not empty`, 'Name a new folder.');
    if (options.withProgram) await packProgram(options.programDir, join(folder, 'program.tar.gz'));
    await mkdir(join(folder, 'results'));
    // Slurm makes no folder for its logs: without it a task fails before it starts.
    await mkdir(join(folder, 'logs'));
    await writeFile(join(folder, 'tasks.json'), `${JSON.stringify(buildTasksFile(grid, options.programVersion), null, 1)}\n`);
    await writeFile(join(folder, 'study.sbatch'), writeSbatch(grid, options));
    await chmod(join(folder, 'study.sbatch'), 0o755);
    await writeFile(join(folder, 'README.md'), writeReadme(grid, { ...options, hasProgram: options.withProgram }));
    return { folder, cellCount: listCells(grid).length, files: (await readdir(folder)).sort() };
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('io', `The study cannot be written to ${folder}: ${reason}`, 'Name a folder that can be written to.');
  }
}
