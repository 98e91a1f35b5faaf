// The image worker for tests: the real one where Python has torch and diffusers, and one whose engine is stood in for, which needs only Python.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { type DiffusersWorkerConfig, REFERENCE_GENERATION } from '../../src/shared/agent-config.js';
import './entries-setup.js';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');

export const PYTHON = process.env['PYTHON'] ?? 'python3';
/** The worker's own files, as they are shipped. */
export const WORKER_DIR = join(ROOT, 'resources/worker');

/** Whether Python is here and has the modules. `npm test` brings one that has; `PYTHON` names another than python3. */
export async function hasPython(...modules: string[]): Promise<boolean> {
  // Importing them takes seconds; that they are there is reported at once.
  const look = `import importlib.util, sys; sys.exit(any(importlib.util.find_spec(name) is None for name in ${JSON.stringify(modules)}))`;
  return run(PYTHON, ['-c', look]).then(
    () => true,
    () => false,
  );
}

/** What the script printed last, as JSON: libraries may print before it. */
export async function runTinySd3(...words: string[]): Promise<unknown> {
  const { stdout } = await run(PYTHON, [join(ROOT, 'test/support/tiny_sd3.py'), ...words]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

/**
 * A Stable Diffusion 3 of the real classes with random weights, as a folder of diffusers' and as one file; made once for all files of a run of
 * tests, which change nothing in it.
 */
export async function makeTinySd3(): Promise<{ folder: string; allInOne: string }> {
  const dir = join(inject('entriesDir'), 'tiny-sd3');
  const model = { folder: join(dir, 'original'), allInOne: join(dir, 'all-in-one.safetensors') };
  if (existsSync(dir)) return model;
  const unfinished = await mkdtemp(`${dir}-`);
  await runTinySd3('both', join(unfinished, 'original'), join(unfinished, 'all-in-one.safetensors'));
  // Another worker of the run may have been quicker; its weights come from the same seed.
  await rename(unfinished, dir).catch(() => rm(unfinished, { recursive: true }));
  return model;
}

/** A folder with the worker's files, the engine stood in for. The caller removes it. */
export async function makeStandInWorker(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dedgeai-worker-'));
  await cp(WORKER_DIR, folder, { recursive: true });
  await copyFile(join(ROOT, 'test/support/worker-stand-in.py'), join(folder, 'engine.py'));
  return folder;
}

/** A worker on the processor, as in the reference otherwise. */
export function diffusersConfig(change: Partial<DiffusersWorkerConfig> & Pick<DiffusersWorkerConfig, 'modelPath'>): DiffusersWorkerConfig {
  return {
    kind: 'diffusers',
    python: PYTHON,
    scriptDir: WORKER_DIR,
    configDir: null,
    device: 'cpu',
    dtype: 'auto',
    ...REFERENCE_GENERATION,
    fixedSec: 1,
    secPerStep: 0.1,
    ...change,
  };
}
