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
async function tinySd3(...words: string[]): Promise<unknown> {
  const { stdout } = await run(python, [SCRIPT, ...words]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

async function refine(inputPath: string, outputPath: string): Promise<void> {
  const work = { signal: new AbortController().signal, nowMs: () => performance.now(), onProgress: () => undefined };
  const report = await refineModel({ ...work, inputPath, outputPath, overwrite: false });
  expect(report.droppedTensors).toBeGreaterThan(0);
}

it('refines a pipeline of random weights, as folder and as one file, and diffusers makes the same image with both as with the original', async (context) => {
  const isThere = await run(python, ['-c', 'import diffusers, transformers, torch']).then(
    () => true,
    () => false,
  );
  if (!isThere) context.skip('not run: no Python with diffusers, transformers and torch here');
  const at = (name: string): string => join(folder, name);
  await tinySd3('both', at('original'), at('all-in-one.safetensors'));
  await refine(at('original'), at('refined'));
  await refine(at('all-in-one.safetensors'), at('refined.safetensors'));
  const places = [[at('original')], [at('refined')], [at('refined'), at('refined.safetensors')]];
  const [image, ...refined] = (await tinySd3('generate_each', JSON.stringify(places))) as unknown[];
  expect(image).toMatchObject({ size: [32, 32], is_uniform: false });
  expect(refined).toEqual([image, image]);
}, 300_000);
