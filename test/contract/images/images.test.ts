import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DamagedImages } from '../../../src/main/domain/images/damaged-images.js';
import type { ImageOnRecord } from '../../../src/main/adapters/images/examine-image.js';
import { imageFilePath } from '../../../src/main/adapters/images/image-paths.js';
import { ImageService } from '../../../src/main/domain/images/image-service.js';
import { ImageStore } from '../../../src/main/adapters/images/image-store.js';
import { ThumbnailProcess } from '../../../src/main/programs/thumbnailer/thumbnail-process.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';

/** Node runs the source as it stands: it has no imports of its own but types. */
const THUMBNAILER = join(import.meta.dirname, '../../../src/main/programs/thumbnailer/thumbnailer.ts');

let dataDir: string;
let referenced: Set<string>;
let store: ImageStore;
let images: ImageService;
let damaged: DamagedImages;
/** What a task's row would say of each image. */
let onRecord: Map<string, ImageOnRecord>;
beforeEach(() => {
  dataDir = makeTemporaryFolder();
  referenced = new Set();
  onRecord = new Map();
  damaged = new DamagedImages();
  store = new ImageStore({ dataDir, isReferenced: (sha256) => referenced.has(sha256) });
  images = new ImageService({
    dataDir,
    findOnRecord: (sha256) => onRecord.get(sha256) ?? null,
    findRemade: () => null,
    damaged,
    thumbnailer: new ThumbnailProcess(THUMBNAILER),
  });
});

/** Stores an image and puts it on record. */
async function keep(bytes: Buffer): Promise<{ sha256: string; path: string }> {
  const stored = await store.storeImage(bytes);
  onRecord.set(stored.sha256, stored);
  return { sha256: stored.sha256, path: pathOf(stored.sha256) };
}

const pathOf = (sha256: string): string => imageFilePath(dataDir, sha256, 'image/png');

function flipBit(path: string): void {
  const bytes = readFileSync(path);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

afterEach(async () => {
  await images.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const drawPng = (background: string): Promise<Buffer> =>
  sharp({ create: { width: 512, height: 512, channels: 3, background } })
    .png()
    .toBuffer();

describe('ImageStore', () => {
  it('stores an image under the hash of its content', async () => {
    const bytes = await drawPng('red');
    const stored = await store.storeImage(bytes);
    expect(stored).toMatchObject({ sizeBytes: bytes.length, widthPx: 512, heightPx: 512, mediaType: 'image/png' });
    const path = join(dataDir, 'images', stored.sha256.slice(0, 2), `${stored.sha256}.png`);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(readdirSync(join(dataDir, 'images', 'incoming'))).toEqual([]);
  });

  it('stores the same image twice at once as one file', async () => {
    const bytes = await drawPng('green');
    const [first, second] = await Promise.all([store.storeImage(bytes), store.storeImage(bytes)]);
    expect(second).toEqual(first);
    expect(readdirSync(join(dataDir, 'images', 'incoming'))).toEqual([]);
  });

  it('stores many images at once from the first moment on', async () => {
    const colors = Array.from({ length: 20 }, (_, index) => `rgb(${index * 10}, 80, 120)`);
    const stored = await Promise.all(colors.map(async (color) => store.storeImage(await drawPng(color))));
    expect(new Set(stored.map((each) => each.sha256)).size).toBe(20);
  });

  it('puts an image right that a crash left cut off', async () => {
    const bytes = await drawPng('blue');
    const { path } = await keep(bytes);
    writeFileSync(path, bytes.subarray(0, 10));
    await store.storeImage(bytes);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it('puts an image right of which one bit has changed', async () => {
    const bytes = await drawPng('blue');
    const { path } = await keep(bytes);
    flipBit(path);
    await store.storeImage(bytes);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it('refuses what is no image', async () => {
    await expect(store.storeImage(Buffer.from('#!/bin/sh'))).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('finds nothing under a name that is no hash', async () => {
    await expect(images.imagePath('../x')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('says where an image can not be written', async () => {
    writeFileSync(join(dataDir, 'images'), 'in the way');
    const bytes = await drawPng('red');
    await expect(store.storeImage(bytes)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining(dataDir) as string,
      path: join(dataDir, 'images'),
      neededBytes: bytes.length,
      freeBytes: expect.any(Number) as number,
    });
  });

  it('deletes only what nothing refers to and what is not just stored', async () => {
    const { sha256 } = await store.storeImage(await drawPng('red'));
    const later = new ImageStore({ dataDir, isReferenced: (name) => referenced.has(name) });
    await store.deleteImages([sha256]);
    referenced.add(sha256);
    await later.deleteImages([sha256]);
    expect(existsSync(pathOf(sha256))).toBe(true);
    referenced.clear();
    await later.deleteImages([sha256, '../../etc']);
    expect(existsSync(pathOf(sha256))).toBe(false);
  });
});

describe('opening an image', () => {
  it('gives the file of a sound one', async () => {
    const { sha256, path } = await keep(await drawPng('red'));
    expect(await images.imagePath(sha256)).toBe(path);
  });

  it('says that one is damaged of which a bit has changed, remembers it, and forgets it when it is put right', async () => {
    const bytes = await drawPng('red');
    const { sha256, path } = await keep(bytes);
    await images.thumbnailPath(sha256);
    flipBit(path);
    await expect(images.imagePath(sha256)).rejects.toMatchObject({
      code: 'image-damaged',
      message: expect.stringContaining('hash') as string,
    });
    expect(damaged.list()).toMatchObject([{ sha256, state: 'damaged' }]);
    await expect(images.thumbnailPath(sha256)).rejects.toMatchObject({ code: 'image-damaged' });
    await store.storeImage(bytes);
    expect(await images.examine(sha256)).toMatchObject({ state: 'sound' });
    expect(damaged.list()).toEqual([]);
    expect(existsSync(await images.thumbnailPath(sha256))).toBe(true);
  });

  it('says that one is missing', async () => {
    const { sha256, path } = await keep(await drawPng('red'));
    rmSync(path);
    await expect(images.imagePath(sha256)).rejects.toMatchObject({
      code: 'image-damaged',
      message: expect.stringContaining('missing') as string,
    });
    expect(await images.examine(sha256)).toMatchObject({ state: 'missing' });
  });
});

describe('thumbnails', () => {
  it('makes a WebP picture of 320 px once, however often it is asked for', async () => {
    const { sha256 } = await keep(await drawPng('orange'));
    const [path, again] = await Promise.all([images.thumbnailPath(sha256), images.thumbnailPath(sha256)]);
    expect(again).toBe(path);
    expect(await sharp(readFileSync(path)).metadata()).toMatchObject({ format: 'webp', width: 320, height: 320 });
  });

  it('is made of no image that is damaged, and continues with the next', async () => {
    const { sha256, path } = await keep(await drawPng('navy'));
    flipBit(path);
    await expect(images.thumbnailPath(sha256)).rejects.toMatchObject({ code: 'image-damaged' });
    const sound = await keep(await drawPng('teal'));
    expect(existsSync(await images.thumbnailPath(sound.sha256))).toBe(true);
  });

  it('shows no picture any more of an image that is gone or was emptied', async () => {
    const gone = await keep(await drawPng('navy'));
    const emptied = await keep(await drawPng('teal'));
    await Promise.all([images.thumbnailPath(gone.sha256), images.thumbnailPath(emptied.sha256)]);
    rmSync(gone.path);
    writeFileSync(emptied.path, '');
    await expect(images.thumbnailPath(gone.sha256)).rejects.toMatchObject({ code: 'image-damaged' });
    await expect(images.thumbnailPath(emptied.sha256)).rejects.toMatchObject({ code: 'image-damaged' });
  });

  it('is made again where its own file was emptied', async () => {
    const { sha256 } = await keep(await drawPng('navy'));
    const path = await images.thumbnailPath(sha256);
    writeFileSync(path, '');
    expect(await sharp(readFileSync(await images.thumbnailPath(sha256))).metadata()).toMatchObject({ format: 'webp' });
  });

  it('does a job again in a new process when the process died', async () => {
    const marker = join(dataDir, 'died-once');
    const entry = join(dataDir, 'dies-once.mjs');
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(
      entry,
      `import { existsSync, writeFileSync } from 'node:fs';
       process.on('message', (job) => {
         if (!existsSync(${JSON.stringify(marker)})) { writeFileSync(${JSON.stringify(marker)}, ''); process.kill(process.pid, 'SIGKILL'); }
         else process.send({ id: job.id, problem: null });
       });`,
    );
    const thumbnails = new ThumbnailProcess(entry);
    await thumbnails.make('/source', '/target');
    expect(existsSync(marker)).toBe(true);
    await thumbnails.close();
  });

  it('gives up a job that kills every process', async () => {
    const entry = join(dataDir, 'always-dies.mjs');
    writeFileSync(entry, `process.on('message', () => process.exit(1));`);
    const thumbnails = new ThumbnailProcess(entry);
    await expect(thumbnails.make('/source', '/target')).rejects.toMatchObject({ code: 'io' });
    await thumbnails.close();
    await expect(thumbnails.make('/source', '/target')).rejects.toMatchObject({ code: 'cancelled' });
  });
});
