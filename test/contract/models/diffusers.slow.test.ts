// Needs Python with diffusers, transformers and torch (`PYTHON` names another than python3); says so where they are missing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { refineModel } from '../../../src/main/domain/models/refine-model.js';
import { hasPython, makeTinySd3, runTinySd3 } from '../../support/worker-harness.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'diffusers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function refine(inputPath: string, outputPath: string): Promise<void> {
  const work = { signal: new AbortController().signal, nowMs: () => performance.now(), onProgress: () => undefined };
  const report = await refineModel({ ...work, inputPath, outputPath, overwrite: false });
  expect(report.droppedTensors).toBeGreaterThan(0);
}

it('refines a pipeline of random weights, as folder and as one file, and diffusers makes the same image with both as with the original', async (context) => {
  if (!(await hasPython('diffusers', 'transformers', 'torch')))
    context.skip('not run: no Python with diffusers, transformers and torch here');
  const original = await makeTinySd3();
  const [refinedFolder, refinedFile] = [join(folder, 'refined'), join(folder, 'refined.safetensors')];
  await refine(original.folder, refinedFolder);
  await refine(original.allInOne, refinedFile);
  const places = [[original.folder], [refinedFolder], [refinedFolder, refinedFile]];
  const [image, ...refined] = (await runTinySd3('generate_each', JSON.stringify(places))) as unknown[];
  expect(image).toMatchObject({ size: [32, 32], is_uniform: false });
  expect(refined).toEqual([image, image]);
}, 300_000);
