import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectModel } from '../../../src/main/domain/models/inspect-model.js';
import {
  allInOneTensors,
  buildSafetensors,
  clipTensors,
  diffusersFiles,
  frame,
  t5Tensors,
  transformerTensors,
  vaeTensors,
  writeFiles,
} from '../../support/model-files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inspect-model-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes one file of any name and returns its path. */
function write(bytes: string | Uint8Array, name = 'download.bin'): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const splitFiles = (): Record<string, Uint8Array> => ({
  one: buildSafetensors([...transformerTensors(), ...vaeTensors()]),
  'encoders/two': buildSafetensors(clipTensors('', 768)),
  'encoders/three': buildSafetensors(clipTensors('', 1280)),
  'encoders/four': buildSafetensors(t5Tensors('', 'F8_E4M3')),
});

describe('inspectModel', () => {
  it.each(['F16', 'F8_E4M3'])('recognizes an all-in-one file with T5 in %s under any name', async (dtype) => {
    const model = await inspectModel(write(buildSafetensors(allInOneTensors([], dtype)), 'notes.txt'));
    expect(model).toMatchObject({ layout: 'all-in-one', family: 'sd3-medium' });
    expect(model.parts.find(({ name }) => name === 't5')).toMatchObject({ tensorCount: 2, dtypes: [dtype] });
  });

  it('recognizes an all-in-one file without T5', async () => {
    const { parts } = await inspectModel(write(buildSafetensors(allInOneTensors(['t5']))));
    expect(parts.map(({ name }) => name).sort()).toEqual(['clip-g', 'clip-l', 'transformer', 'vae']);
  });

  it('recognizes separate files by what they hold', async () => {
    writeFiles(folder, { ...splitFiles(), 'README.md': 'words' });
    const model = await inspectModel(folder);
    expect(model.layout).toBe('split');
    expect(model.files.map(({ relativePath, parts }) => [relativePath, ...parts])).toEqual([
      ['encoders/four', 't5'],
      ['encoders/three', 'clip-g'],
      ['encoders/two', 'clip-l'],
      ['one', 'transformer', 'vae'],
    ]);
  });

  it('recognizes a diffusers folder with shards', async () => {
    writeFiles(folder, diffusersFiles());
    const model = await inspectModel(folder);
    expect(model).toMatchObject({ layout: 'diffusers', family: 'sd3-medium' });
    expect(model.parts.map(({ name, tensorCount }) => `${name} ${tensorCount}`)).toEqual([
      'clip-l 2',
      'clip-g 2',
      't5 2',
      'transformer 2',
      'vae 2',
    ]);
  });

  it.runIf(process.platform !== 'win32')('follows the links of a download cache', async () => {
    writeFiles(folder, { 'blobs/abc': buildSafetensors(allInOneTensors()) });
    symlinkSync('blobs/abc', join(folder, 'sd3'));
    expect((await inspectModel(join(folder, 'sd3'))).layout).toBe('all-in-one');
  });

  it.each([
    ['CLIP-L', ['clip-l']],
    ['CLIP-G', ['clip-g']],
    ['CLIP-L, CLIP-G', ['clip-l', 'clip-g', 't5']],
    ['transformer (MMDiT)', ['transformer']],
    ['VAE', ['vae']],
  ])('names what is missing: %s', async (missing, leaveOut) => {
    await expect(inspectModel(write(buildSafetensors(allInOneTensors(leaveOut))))).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining(`lacks ${missing} (it holds`) as string,
    });
  });

  it('names what is missing in a folder', async () => {
    const { 'encoders/three': _clipG, ...rest } = splitFiles();
    writeFiles(folder, rest);
    await expect(inspectModel(folder)).rejects.toThrow(/lacks CLIP-G/);
  });

  it('refuses a folder that has a part twice and names both files', async () => {
    writeFiles(folder, { ...splitFiles(), whole: buildSafetensors(allInOneTensors()) });
    await expect(inspectModel(folder)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/VAE twice: in one and in whole/) as string,
    });
  });

  it('refuses an empty folder', async () => {
    await expect(inspectModel(folder)).rejects.toThrow(/no model in the folder/);
  });

  it.each([
    ['a pickle', Buffer.from('PK\x03\x04archive/data.pkl', 'latin1'), 'unsupported', /pickle, which can run code/],
    ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1\n', 'invalid-input', /pointer of Git LFS/],
    ['text', 'Some words', 'invalid-input', /not in the safetensors format/],
    ['an empty file', '', 'invalid-input', /not in the safetensors format/],
    ['a header longer than the file', frame('{}').subarray(0, 9), 'invalid-input', /cut off: its header takes 2 bytes/],
  ])('refuses %s', async (_what, bytes, code, message) => {
    await expect(inspectModel(write(bytes))).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });

  it('refuses a header beyond the limit of the format before it reads it', async () => {
    const bytes = frame('{}');
    bytes.writeBigUInt64LE(100_000_001n);
    const path = write(bytes);
    truncateSync(path, 100_001_000);
    await expect(inspectModel(path)).rejects.toThrow(/header of 100000001 bytes; this program reads 8388608 at most/);
  });

  it('refuses a file of which the end is missing', async () => {
    const bytes = buildSafetensors(allInOneTensors());
    await expect(inspectModel(write(bytes.subarray(0, -1)))).rejects.toThrow(/cut off: tensor "text_encoders\.clip_l/);
  });

  it('names the path that is not there', async () => {
    const path = join(folder, 'missing');
    await expect(inspectModel(path)).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining(path) as string });
  });

  it.runIf(process.platform !== 'win32')('refuses a named pipe instead of waiting for it', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    await expect(inspectModel(path)).rejects.toMatchObject({ code: 'invalid-input' });
  });
});

describe('inspectModel on a diffusers folder', () => {
  it.each<[string, Record<string, string | Uint8Array>, RegExp]>([
    ['an index that is no JSON', { 'model_index.json': '{' }, /model_index\.json is not JSON/],
    ['another pipeline', { 'model_index.json': '{"_class_name":"FluxPipeline"}' }, /describes "FluxPipeline"/],
    [
      'a component that leaves the folder',
      { 'model_index.json': '{"_class_name":"StableDiffusion3Pipeline","../vae":["a","b"]}' },
      /can't be a folder/,
    ],
    ['a shard that is broken', { 'text_encoder_3/model-00002-of-00002.safetensors': frame('[]') }, /names the shard "model-00002-of-00002/],
    [
      'a tensor that no shard holds',
      { 'text_encoder_3/model.safetensors.index.json': indexWith('lost.weight', 'model-00001-of-00002.safetensors') },
      /"lost\.weight", which no shard/,
    ],
    [
      'a shard that is not there',
      { 'text_encoder_3/model.safetensors.index.json': indexWith('lost.weight', '../../model-3.safetensors') },
      /shard "\.\.\/\.\.\/model-3\.safetensors", which is not there/,
    ],
    [
      'another part in the place of a part',
      { 'text_encoder/model.safetensors': buildSafetensors(vaeTensors('')) },
      /lacks text_model\.embeddings/,
    ],
    ['a pickle in the place of weights', { 'vae/diffusion_pytorch_model.safetensors': Buffer.from('PK\x03\x04', 'latin1') }, /pickle/],
  ])('refuses %s', async (_what, change, message) => {
    writeFiles(folder, { ...diffusersFiles(), ...change });
    await expect(inspectModel(folder)).rejects.toThrow(message);
  });

  it('names a component whose folder is missing', async () => {
    writeFiles(folder, diffusersFiles());
    rmSync(join(folder, 'vae'), { recursive: true });
    await expect(inspectModel(folder)).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('vae') as string });
  });
});

/** The shard index of T5 with one more tensor. */
function indexWith(tensor: string, shard: string): string {
  const index = JSON.parse(String(diffusersFiles()['text_encoder_3/model.safetensors.index.json'])) as {
    weight_map: Record<string, string>;
  };
  return JSON.stringify({ weight_map: { ...index.weight_map, [tensor]: shard } });
}
