// Needs Python with diffusers, transformers and torch (`PYTHON` names another than python3); says so where they are missing.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { refineModel } from '../../../src/main/models/refine-model.js';

const run = promisify(execFile);
const python = process.env['PYTHON'] ?? 'python3';
const SCRIPT = join(import.meta.dirname, '../../support/tiny_sd3.py');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'diffusers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the script printed last: libraries may print before it. */
async function tinySd3(command: 'make' | 'generate', path: string): Promise<unknown> {
  const { stdout } = await run(python, [SCRIPT, command, path]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

it('refines a pipeline of random weights that diffusers saved, and diffusers makes an image with the result', async (context) => {
  const isThere = await run(python, ['-c', 'import diffusers, transformers, torch']).then(
    () => true,
    () => false,
  );
  if (!isThere) context.skip('not run: no Python with diffusers, transformers and torch here');
  const [inputPath, outputPath] = [join(folder, 'in'), join(folder, 'out')];
  await tinySd3('make', inputPath);
  const work = { signal: new AbortController().signal, nowMs: () => performance.now(), onProgress: () => undefined };
  const report = await refineModel({ ...work, inputPath, outputPath, overwrite: false });
  expect(report.droppedTensors).toBeGreaterThan(0);
  expect(await tinySd3('generate', outputPath)).toEqual({ size: [32, 32], has_t5: false, is_uniform: false });
}, 180_000);
