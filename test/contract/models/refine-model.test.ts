import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashModel } from '../../../src/main/domain/models/hash-model.js';
import { inspectModel } from '../../../src/main/domain/models/inspect-model.js';
import { partPath } from '../../../src/main/domain/models/part-path.js';
import { parseHeader } from '../../../src/main/domain/models/safetensors-header.js';
import { refineModel } from '../../../src/main/domain/models/refine-model.js';
import type { RefineOptions } from '../../../src/main/domain/models/refine-model.js';
import { createRandom } from '../../../src/random/random.js';
import { readInPython } from '../../support/safetensors-in-python.js';
import {
  allInOneTensors,
  buildSafetensors,
  clipTensors,
  diffusersFiles,
  t5Tensors,
  transformerTensors,
  vaeTensors,
  writeFiles,
  writeSparseModel,
} from '../../support/model-files.js';
import type { TensorSpec } from '../../support/model-files.js';

let folder: string;
let inputPath: string;
let outputPath: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'refine-model-'));
  inputPath = join(folder, 'in');
  outputPath = join(folder, 'out');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const work = { signal: new AbortController().signal, nowMs: () => performance.now(), onProgress: () => undefined };
const refine = (change: Partial<RefineOptions> = {}) => refineModel({ ...work, inputPath, outputPath, overwrite: false, ...change });

/** Every tensor of a file by name: type, shape, and the bytes as hex. */
function readTensors(path: string): Map<string, string> {
  const file = readFileSync(path);
  const headerBytes = Number(file.readBigUInt64LE());
  const { tensors, dataOffsetBytes } = parseHeader(file.subarray(8, 8 + headerBytes), path, file.length);
  return new Map(
    tensors.map(({ name, dtype, shape, startByte, endByte }) => [
      name,
      `${dtype} ${shape.join('x')} ${file.subarray(dataOffsetBytes + startByte, dataOffsetBytes + endByte).toString('hex')}`,
    ]),
  );
}

const withoutT5 = (tensors: Map<string, string>): [string, string][] =>
  [...tensors].filter(([name]) => !name.startsWith('text_encoders.t5xxl.')).sort();

describe('refining an all-in-one file', () => {
  it('leaves out T5-XXL, keeps every other tensor and the metadata, and tells the bytes', async () => {
    const before = buildSafetensors(allInOneTensors(), { metadata: { 'modelspec.title': 'SD3' } });
    writeFileSync(inputPath, before);
    const report = await refine();
    const after = readFileSync(outputPath);
    expect([...readTensors(outputPath)].sort()).toEqual(withoutT5(readTensors(inputPath)));
    expect(after.toString('latin1')).toContain('{"__metadata__":{"modelspec.title":"SD3"}');
    expect(report).toMatchObject({
      beforeBytes: before.length,
      afterBytes: after.length,
      savedBytes: before.length - after.length,
      droppedTensors: 2,
    });
    expect(report.sha256).toBe(createHash('sha256').update(after).digest('hex'));
    expect(readFileSync(inputPath).equals(before), 'the original is as it was').toBe(true);
  });

  it('writes what it recognizes itself', async () => {
    writeFileSync(inputPath, buildSafetensors(allInOneTensors([], 'F8_E4M3')));
    await refine();
    expect((await inspectModel(outputPath)).parts.map(({ name }) => name)).toEqual(['vae', 'transformer', 'clip-g', 'clip-l']);
  });

  it('keeps random tensors byte for byte, each at a multiple of its element (50 files)', async () => {
    const random = createRandom(7);
    const whole = (below: number): number => random.nextInt(0, below - 1);
    const dtypes = ['F32', 'F16', 'BF16', 'F8_E4M3', 'U8'];
    for (let round = 0; round < 50; round++) {
      const extra: TensorSpec[] = Array.from({ length: 20 }, (_, index) => ({
        name: `${whole(2) === 0 ? 'text_encoders.t5xxl.' : 'model.diffusion_model.'}extra.${index}`,
        dtype: dtypes[whole(dtypes.length)] ?? 'U8',
        shape: Array.from({ length: whole(4) }, () => whole(6)),
      }));
      const shuffled = [...allInOneTensors(), ...extra]
        .map((tensor) => ({ tensor, key: random.nextFloat() }))
        .sort((a, b) => a.key - b.key);
      writeFileSync(
        inputPath,
        buildSafetensors(
          shuffled.map(({ tensor }) => tensor),
          { seed: round + 1 },
        ),
      );
      await refine({ overwrite: true });
      expect([...readTensors(outputPath)].sort()).toEqual(withoutT5(readTensors(inputPath)));
      const file = readFileSync(outputPath);
      const { tensors, dataOffsetBytes } = parseHeader(file.subarray(8, 8 + Number(file.readBigUInt64LE())), 'out', file.length);
      const width: Record<string, number> = { F32: 4, F16: 2, BF16: 2 };
      expect(tensors.filter(({ dtype, startByte }) => (dataOffsetBytes + startByte) % (width[dtype] ?? 1) !== 0)).toEqual([]);
    }
  });

  it('is opened by the safetensors library of Python', async (context) => {
    writeFileSync(inputPath, buildSafetensors(allInOneTensors([], 'U8'), { metadata: { format: 'np' } }));
    await refine();
    const read = await readInPython(outputPath);
    if (read === null) context.skip('not run: no Python with safetensors and numpy here');
    const expected = [...readTensors(outputPath)].map(([name, text]) => [name, text.split(' ')[2]]);
    expect(read).toEqual({ metadata: { format: 'np' }, tensors: Object.fromEntries(expected) });
  });

  it('hashes as the record of the result does', async () => {
    writeFileSync(inputPath, buildSafetensors(allInOneTensors()));
    const report = await refine();
    expect((await hashModel(await inspectModel(outputPath), work)).sha256).toBe(report.sha256);
  });
});

describe('refining a folder', () => {
  it('drops the third text encoder and its tokenizer from a diffusers folder and tells the index', async () => {
    writeFiles(inputPath, diffusersFiles());
    const report = await refine();
    expect(readdirSync(outputPath).sort()).toEqual(
      [
        'LICENSE.md',
        'model_index.json',
        'scheduler',
        'text_encoder',
        'text_encoder_2',
        'tokenizer',
        'tokenizer_2',
        'transformer',
        'vae',
      ].sort(),
    );
    const index = JSON.parse(readFileSync(join(outputPath, 'model_index.json'), 'utf8')) as Record<string, unknown>;
    expect(index).toMatchObject({ text_encoder_3: [null, null], tokenizer_3: [null, null], vae: ['diffusers', 'AutoencoderKL'] });
    expect(readFileSync(join(outputPath, 'vae/diffusion_pytorch_model.safetensors'))).toEqual(
      readFileSync(join(inputPath, 'vae/diffusion_pytorch_model.safetensors')),
    );
    expect(report).toMatchObject({ layout: 'diffusers', droppedTensors: 2, keptTensors: 8 });
    expect((await hashModel(await inspectModel(outputPath), work)).sha256).toBe(report.sha256);
  });

  it('leaves the file of T5 out of separate files and copies the others', async () => {
    writeFiles(inputPath, {
      mmdit: buildSafetensors([...transformerTensors(), ...vaeTensors()]),
      'encoders/l': buildSafetensors(clipTensors('', 768)),
      'encoders/g': buildSafetensors(clipTensors('', 1280)),
      'encoders/t': buildSafetensors(t5Tensors('')),
    });
    expect(await refine()).toMatchObject({ layout: 'split', droppedTensors: 2, keptTensors: 9 });
    expect(readdirSync(join(outputPath, 'encoders')).sort()).toEqual(['g', 'l']);
    expect(readFileSync(join(outputPath, 'mmdit'))).toEqual(readFileSync(join(inputPath, 'mmdit')));
  });

  it('replaces a folder only when told to', async () => {
    writeFiles(inputPath, diffusersFiles());
    writeFiles(outputPath, { 'mine.txt': 'words' });
    await expect(refine()).rejects.toMatchObject({ code: 'conflict' });
    expect(readdirSync(outputPath)).toEqual(['mine.txt']);
    await refine({ overwrite: true });
    expect(readdirSync(outputPath)).toContain('model_index.json');
    expect(readdirSync(folder).sort()).toEqual(['in', 'out']);
  });
});

describe('refining refuses', () => {
  it('to overwrite a file, unless told to', async () => {
    writeFileSync(inputPath, buildSafetensors(allInOneTensors()));
    writeFileSync(outputPath, 'mine');
    await expect(refine()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(outputPath) as string });
    expect(readFileSync(outputPath, 'utf8')).toBe('mine');
    await refine({ overwrite: true });
    expect(readTensors(outputPath).size).toBe(9);
  });

  it('a model without a CLIP', async () => {
    writeFileSync(inputPath, buildSafetensors(allInOneTensors(['clip-g'])));
    await expect(refine()).rejects.toThrow(/lacks CLIP-G/);
  });

  it('a model that is refined already', async () => {
    writeFileSync(inputPath, buildSafetensors(allInOneTensors(['t5'])));
    await expect(refine()).rejects.toThrow(/holds no T5-XXL: it is refined already/);
  });

  it('to write over its input, even through a link and with leave to overwrite', async () => {
    writeFileSync(inputPath, buildSafetensors(allInOneTensors()));
    symlinkSync(inputPath, outputPath);
    for (const path of [inputPath, outputPath]) {
      await expect(refine({ outputPath: path, overwrite: true })).rejects.toMatchObject({ code: 'invalid-input' });
    }
  });

  it('to write a folder into itself', async () => {
    writeFiles(inputPath, diffusersFiles());
    await expect(refine({ outputPath: join(inputPath, 'refined') })).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it.runIf(process.platform === 'linux')('an output that does not fit on the disk, before a byte is written', async (context) => {
    try {
      writeSparseModel(inputPath, 8 * 1024 ** 4, 1);
    } catch {
      context.skip('not run: the file system has no files of 8 TiB, not even with holes');
    }
    await expect(refine()).rejects.toMatchObject({ code: 'no-space', message: expect.stringContaining(folder) as string });
    expect(readdirSync(folder)).toEqual(['in']);
  });

  it('an output in a folder that is not there', async () => {
    writeFileSync(inputPath, buildSafetensors(allInOneTensors()));
    await expect(refine({ outputPath: join(folder, 'no', 'out') })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('nothing half done', () => {
  it('is left by a cancelled work', async () => {
    writeFileSync(inputPath, buildSafetensors(allInOneTensors()));
    const cancel = new AbortController();
    await expect(refine({ signal: cancel.signal, onProgress: () => cancel.abort(new Error('enough')) })).rejects.toThrow('enough');
    expect(readdirSync(folder)).toEqual(['in']);
  });

  it('is left of an ended process by the next one, and what others write stays', async () => {
    writeFileSync(inputPath, buildSafetensors(allInOneTensors()));
    // No process has this number: it is beyond every system's limit.
    const left = partPath(outputPath, 99_999_999);
    writeFileSync(left, 'half');
    const others = partPath(outputPath, process.ppid);
    mkdirSync(others);
    await refine();
    expect([existsSync(left), existsSync(others)]).toEqual([false, true]);
  });
});
