// The image worker for tests: the real one where Python has torch and diffusers, and one whose engine is stood in for, which needs only Python.
import { execFile } from 'node:child_process';
import { copyFile, cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type DiffusersWorkerConfig, REFERENCE_GENERATION } from '../../src/shared/agent-config.js';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');

export const PYTHON = process.env['PYTHON'] ?? 'python3';
/** The worker's own files, as they are shipped. */
export const WORKER_DIR = join(ROOT, 'resources/worker');

/** Whether Python is here and has the modules. `npm test` brings one that has; `PYTHON` names another than python3. */
export async function hasPython(...modules: string[]): Promise<boolean> {
  // Importing them takes seconds; that they are there is told at once.
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
