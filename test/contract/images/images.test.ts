import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImageServiceImpl } from '../../../src/main/images/image-service.js';
import { ImageStore } from '../../../src/main/images/image-store.js';
import { ThumbnailProcess } from '../../../src/main/images/thumbnail-process.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';

/** Node runs the source as it stands: it has no imports of its own but types. */
const THUMBNAILER = join(import.meta.dirname, '../../../src/main/images/thumbnailer.ts');

let dataDir: string;
let referenced: Set<string>;
let store: ImageStore;
let images: ImageServiceImpl;
beforeEach(() => {
  dataDir = makeTemporaryFolder();
  referenced = new Set();
  store = new ImageStore({ dataDir, isReferenced: (sha256) => referenced.has(sha256) });
  images = new ImageServiceImpl({ dataDir, store, thumbnailerPath: THUMBNAILER });
});
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
    expect(await store.findImage(stored.sha256)).toBe(join(dataDir, 'images', stored.sha256.slice(0, 2), `${stored.sha256}.png`));
    expect(readFileSync((await store.findImage(stored.sha256)) ?? '').equals(bytes)).toBe(true);
    expect(readdirSync(join(dataDir, 'images', 'incoming'))).toEqual([]);
  });

  it('stores the same image twice at once as one file', async () => {
    const bytes = await drawPng('green');
    const [first, second] = await Promise.all([store.storeImage(bytes), store.storeImage(bytes)]);
    expect(second).toEqual(first);
    expect(readdirSync(join(dataDir, 'images', 'incoming'))).toEqual([]);
  });

  it('stores many images at once from the first moment on', async () => {
    const colours = Array.from({ length: 20 }, (_, index) => `rgb(${index * 10}, 80, 120)`);
    const stored = await Promise.all(colours.map(async (colour) => store.storeImage(await drawPng(colour))));
    expect(new Set(stored.map((each) => each.sha256)).size).toBe(20);
  });

  it('puts an image right that a crash left cut off', async () => {
    const bytes = await drawPng('blue');
    const { sha256 } = await store.storeImage(bytes);
    const path = (await store.findImage(sha256)) ?? '';
    writeFileSync(path, bytes.subarray(0, 10));
    await store.storeImage(bytes);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it('refuses what is no image', async () => {
    await expect(store.storeImage(Buffer.from('#!/bin/sh'))).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('finds nothing under a name that is no hash', async () => {
    expect(await store.findImage('../../dedgeai.sqlite')).toBeNull();
    await expect(images.imagePath('../x')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('says where an image can not be written', async () => {
    writeFileSync(join(dataDir, 'images'), 'in the way');
    await expect(store.storeImage(await drawPng('red'))).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining(dataDir) as string,
    });
  });

  it('deletes only what nothing refers to and what is not just stored', async () => {
    const { sha256 } = await store.storeImage(await drawPng('red'));
    const later = new ImageStore({ dataDir, isReferenced: (name) => referenced.has(name) });
    await store.deleteImages([sha256]);
    referenced.add(sha256);
    await later.deleteImages([sha256]);
    expect(await store.findImage(sha256)).not.toBeNull();
    referenced.clear();
    await later.deleteImages([sha256, '../../etc']);
    expect(await store.findImage(sha256)).toBeNull();
  });
});

describe('thumbnails', () => {
  it('makes a WebP picture of 320 px once, however often it is asked for', async () => {
    const { sha256 } = await store.storeImage(await drawPng('orange'));
    const [path, again] = await Promise.all([images.thumbnailPath(sha256), images.thumbnailPath(sha256)]);
    expect(again).toBe(path);
    expect(await sharp(readFileSync(path)).metadata()).toMatchObject({ format: 'webp', width: 320, height: 320 });
  });

  it('says that a damaged image gives none, and goes on with the next', async () => {
    const { sha256 } = await store.storeImage(await drawPng('navy'));
    const path = (await store.findImage(sha256)) ?? '';
    const damaged = readFileSync(path);
    damaged.fill(0, 50, damaged.length - 12);
    writeFileSync(path, damaged);
    await expect(images.thumbnailPath(sha256)).rejects.toMatchObject({ code: 'io' });
    const sound = await store.storeImage(await drawPng('teal'));
    expect(existsSync(await images.thumbnailPath(sound.sha256))).toBe(true);
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
