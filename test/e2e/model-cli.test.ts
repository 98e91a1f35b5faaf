// Models from a terminal: recognize, put on record, refine. The files only look like SD3 medium: their bytes are random.
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli, runCliJson } from '../support/cli.js';
import { allInOneTensors, buildSafetensors, writeSparseModel } from '../support/model-files.js';

let folder: string;
let inputPath: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'model-cli-'));
  inputPath = join(folder, 'sd3.safetensors');
  writeFileSync(inputPath, buildSafetensors(allInOneTensors()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const on = (...args: string[]): string[] => ['model', ...args, '--data', join(folder, 'data')];

it('adds a model, lists it and shows its parts', async () => {
  expect(await runCliJson(on('add', inputPath, '--name', 'SD3', '--accept-license'))).toMatchObject({
    status: 0,
    document: { name: 'SD3', layout: 'all-in-one' },
  });
  expect(await runCliJson(on('list'))).toMatchObject({ status: 0, document: [{ name: 'SD3', path: inputPath }] });
  const shown = await runCli(on('show', 'SD3'));
  expect(shown.stdout).toMatch(/T5-XXL\s+2\s+8222\s+F16/);
});

it('strips T5-XXL and tells the bytes before, after and saved', async () => {
  const outputPath = join(folder, 'refined.safetensors');
  const { status, stdout, stderr } = await runCli(on('strip', inputPath, outputPath));
  expect(status, stderr).toBe(0);
  const [before, after] = [statSync(inputPath).size, statSync(outputPath).size];
  expect(stdout).toMatch(new RegExp(`before +${before} bytes .*\nafter +${after} bytes .*\nsaved +${before - after} bytes`));
});

it('answers strip with one JSON document', async () => {
  const outputPath = join(folder, 'refined-again.safetensors');
  const { document } = await runCliJson(on('strip', inputPath, outputPath));
  expect(document).toMatchObject({ outputPath, afterBytes: statSync(outputPath).size, droppedTensors: 2 });
});

it('remarks on a name that diffusers does not open', async () => {
  const { status, stderr } = await runCli(on('strip', inputPath, join(folder, 'refined')));
  expect(status).toBe(0);
  expect(stderr).toContain('names end with .safetensors');
});

it.each([
  ['2 for a model without CLIP-L', 2, ['clip-l'], 'new'],
  ['2 for a model that is refined already', 2, ['t5'], 'new'],
  ['4 when the output is there', 4, [], 'sd3.safetensors'],
] as const)('ends with %s', async (_what, status, leaveOut, outputName) => {
  const path = join(folder, 'other.safetensors');
  writeFileSync(path, buildSafetensors(allInOneTensors(leaveOut)));
  expect((await runCliJson(on('strip', path, join(folder, outputName)))).status).toBe(status);
});

it('ends with 3 for a path that is not there', async () => {
  expect((await runCliJson(on('strip', join(folder, 'nothing'), join(folder, 'new')))).status).toBe(3);
});

it('ends with 130 at Ctrl-C and leaves nothing half done', async () => {
  const path = join(folder, 'large.safetensors');
  writeSparseModel(path, 1024 ** 3, 1);
  const outputPath = join(folder, 'never.safetensors');
  const interrupted = await runCliJson(on('strip', path, outputPath), { interruptAt: (line) => line.startsWith('copying') });
  expect(interrupted).toMatchObject({ status: 130, document: { error: { code: 'cancelled' } } });
  expect(readdirSync(folder).filter((name) => name.startsWith('never'))).toEqual([]);
});
