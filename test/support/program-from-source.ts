// A program folder as the build makes it, with the command line and the training process from the sources as they are now.
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '../..');

export interface ProgramFolder {
  path: string;
  cliPath: string;
  trainerPath: string;
  remove(): void;
}

/** `studiesFolder` takes the place of resources/studies. Packages are those of the project. */
export async function makeProgramFromSource({ studiesFolder }: { studiesFolder: string }): Promise<ProgramFolder> {
  const path = mkdtempSync(join(tmpdir(), 'program-'));
  const outdir = join(path, 'out', 'main');
  await build({
    entryPoints: { cli: join(ROOT, 'src/main/cli.ts'), trainer: join(ROOT, 'src/main/programs/trainer/trainer.ts') },
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    logLevel: 'error',
  });
  for (const part of ['package.json', 'bin', 'scripts/lib']) cpSync(join(ROOT, part), join(path, part), { recursive: true });
  cpSync(studiesFolder, join(path, 'resources', 'studies'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(path, 'node_modules'));
  return {
    path,
    cliPath: join(outdir, 'cli.js'),
    trainerPath: join(outdir, 'trainer.js'),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
