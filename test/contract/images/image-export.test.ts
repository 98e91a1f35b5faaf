// Exports of images through the API and the terminal: files with their facts, manifests that say the same, nothing written over.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiCaller } from '../../../src/main/api/router.js';
import { handleAsset } from '../../../src/main/api/handle-asset.js';
import { imageFilePath } from '../../../src/main/adapters/images/image-paths.js';
import { createCore, type Core } from '../../../src/main/composition/core.js';
import { gallerySelectionInput } from '../../../src/shared/api/gallery-inputs.js';
import type { DataJob } from '../../../src/shared/data-care.js';
import { isOpenState } from '../../../src/shared/job.js';
import { fillHistory } from '../../support/filled-history.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';

let dataDir: string;
let outDir: string;
let core: Core;
const api = (): ReturnType<typeof createApiCaller> => createApiCaller({ services: core.services });
beforeEach(async () => {
  dataDir = makeTemporaryFolder();
  outDir = makeTemporaryFolder();
  await fillHistory(dataDir, [
    { name: 'Night: "1"', scheduler: 'random', taskCount: 3 },
    { name: '=Night 2', scheduler: 'round-robin', taskCount: 2 },
  ]);
  core = await createCore({ dataDir, shell: 'web', access: 'exclusive', activity: 'none' });
});
afterEach(async () => {
  await core.close();
  for (const folder of [dataDir, outDir]) rmSync(folder, { recursive: true, force: true });
});

type Order = Omit<Parameters<ReturnType<typeof createApiCaller>['gallery']['export']>[0], 'selection'> & {
  query?: string;
  only?: string[];
};
async function exportImages({ query = '', only, ...order }: Order): Promise<DataJob> {
  const selection = gallerySelectionInput.parse({ query, sort: 'oldest', only: only ?? null });
  const { id } = await api().gallery.export({ selection, ...order });
  let last: DataJob | null = null;
  for await (const job of await api().archives.watchJob({ id })) {
    last = job;
    if (!isOpenState(job.state)) break;
  }
  if (!last) throw new Error('The job says nothing');
  return last;
}

/** Of iTXt chunks, by a reader of its own. */
function textsOf(bytes: Uint8Array): Record<string, string> {
  const png = Buffer.from(bytes);
  const texts: Record<string, string> = {};
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) !== 'iTXt') continue;
    const data = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    const end = data.indexOf(0);
    texts[data.toString('latin1', 0, end)] = data.toString('utf8', end + 5);
  }
  return texts;
}

describe('an export into a folder', () => {
  it('writes each image with its facts and a line in both manifests', async () => {
    const path = join(outDir, 'images');
    const job = await exportImages({ form: 'folder', path });
    expect(job).toMatchObject({ state: 'succeeded', images: { path, count: 5, missing: 0 } });
    const { images } = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as {
      images: Record<string, string | number | boolean>[];
    };
    const lines: Record<string, string>[] = parse(readFileSync(join(path, 'manifest.csv')), { columns: true });
    expect(images).toHaveLength(5);
    expect(lines.map(({ file }) => file)).toEqual(images.map(({ file }) => file));
    expect(readdirSync(path).toSorted()).toEqual([...images.map(({ file }) => String(file)), 'manifest.csv', 'manifest.json'].toSorted());
    for (const [index, image] of images.entries()) {
      const texts = textsOf(readFileSync(join(path, String(image['file']))));
      expect(texts).toMatchObject({
        prompt: image['prompt'],
        seed: String(image['seed']),
        steps: String(image['steps']),
        node: image['node'],
        run: image['run'],
        simulated: 'yes',
        model: 'none',
        'stored sha256': image['sha256'],
      });
      expect(texts['Software']).toMatch(/^DEdgeAI Control Center \d/);
      expect(lines[index]).toMatchObject({ seed: String(image['seed']), scheduler: image['scheduler'], simulated: 'true' });
    }
    // A spreadsheet would run it otherwise.
    expect(lines.at(-1)?.['run']).toBe("'=Night 2");
  });

  it('leaves the stored images as they are', async () => {
    const { items } = await api().gallery.page({});
    const before = items.map(({ sha256 }) => readFileSync(imageFilePath(dataDir, sha256, 'image/png')));
    await exportImages({ form: 'folder', path: join(outDir, 'images') });
    expect(items.map(({ sha256 }) => readFileSync(imageFilePath(dataDir, sha256, 'image/png')))).toEqual(before);
  });

  it('writes over nothing', async () => {
    const path = join(outDir, 'mine');
    mkdirSync(path);
    writeFileSync(join(path, 'notes.txt'), 'mine');
    expect(await exportImages({ form: 'folder', path })).toMatchObject({ state: 'failed', error: { code: 'conflict' } });
    expect(readdirSync(outDir)).toEqual(['mine']);
    expect(readdirSync(path)).toEqual(['notes.txt']);
    rmSync(join(path, 'notes.txt'));
    expect(await exportImages({ form: 'folder', path })).toMatchObject({ state: 'succeeded' });
  });

  it('names what is lost and writes the rest', async () => {
    const [lost] = (await api().gallery.page({ sort: 'newest' })).items;
    rmSync(imageFilePath(dataDir, lost?.sha256 ?? '', 'image/png'));
    const path = join(outDir, 'images');
    const job = await exportImages({ form: 'folder', path });
    const { images } = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as {
      images: { taskId: string; file: string | null; problem: string | null }[];
    };
    // Tasks of a run share their picture here.
    const without = images.filter(({ file }) => file === null);
    expect(job).toMatchObject({ state: 'succeeded', images: { count: 5, missing: without.length } });
    expect(without.map(({ taskId }) => taskId)).toContain(lost?.taskId);
    expect(without[0]?.problem).toContain('missing');
  });

  it('exports what is selected, of what a query finds', async () => {
    const [first] = (await api().gallery.page({ query: 'scheduler:random' })).items;
    const path = join(outDir, 'images');
    const job = await exportImages({
      query: 'scheduler:random',
      only: [first?.taskId ?? '', 'run-2-task-0'],
      form: 'folder',
      path,
      namePattern: '{scheduler}-{seed}',
    });
    expect(job).toMatchObject({ state: 'succeeded', images: { count: 1 } });
    expect(readdirSync(path)).toContain(`random-${first?.seed}.png`);
    expect(await exportImages({ query: 'scheduler:learned', form: 'folder', path: join(outDir, 'none') })).toMatchObject({
      state: 'failed',
      error: { code: 'not-found' },
    });
  });

  it('refuses what it can not do before it is a job', async () => {
    const selection = gallerySelectionInput.parse({});
    await expect(api().gallery.export({ selection, form: 'folder', path: 'here' })).rejects.toThrow('absolute');
    await expect(api().gallery.export({ selection, form: 'folder' })).rejects.toThrow('No folder is named');
    await expect(api().gallery.export({ selection, namePattern: '{color}' })).rejects.toThrow('{color}');
  });

  it('leaves nothing when it is canceled', async () => {
    const selection = gallerySelectionInput.parse({});
    const { id } = await api().gallery.export({ selection, form: 'folder', path: join(outDir, 'images') });
    await api().jobs.cancel({ id });
    for await (const job of await api().archives.watchJob({ id })) {
      if (isOpenState(job.state)) continue;
      expect(job.state).toBe('cancelled');
      break;
    }
    expect(readdirSync(outDir)).toEqual([]);
  });
});

describe('an export to be downloaded', () => {
  it('is a ZIP file with the same in it', async () => {
    const job = await exportImages({});
    const answer = await handleAsset(new Request(`http://here/exports/images/${job.images?.fileName}`), core.services);
    const files = unzipSync(new Uint8Array((await answer?.arrayBuffer()) ?? new ArrayBuffer(0)));
    const names = Object.keys(files);
    expect(names).toHaveLength(7);
    const { images } = JSON.parse(Buffer.from(files['manifest.json'] ?? []).toString()) as { images: { file: string; prompt: string }[] };
    for (const { file, prompt } of images) expect(textsOf(files[file] ?? new Uint8Array())).toMatchObject({ prompt });
    const outside = await handleAsset(new Request('http://here/exports/images/..%2Fdedgeai.sqlite'), core.services);
    expect(outside?.status).toBe(404);
  });

  it('is one image with its facts, or what is wrong with it', async () => {
    const [image] = (await api().gallery.page({})).items;
    const load = async (): Promise<Response | null> =>
      handleAsset(new Request(`http://here/exports/image/${image?.taskId}`), core.services);
    const answer = await load();
    expect(answer?.headers.get('content-disposition')).toContain('attachment; filename="Night-2-0002.png"');
    expect(textsOf(new Uint8Array((await answer?.arrayBuffer()) ?? new ArrayBuffer(0)))).toMatchObject({ prompt: image?.prompt });
    writeFileSync(imageFilePath(dataDir, image?.sha256 ?? '', 'image/png'), 'other');
    expect((await load())?.status).toBe(404);
  });
});

it('measures a selection before anything is written', async () => {
  const { items } = await api().gallery.page({});
  const selection = gallerySelectionInput.parse({ except: [items[0]?.taskId ?? ''] });
  expect(await api().gallery.measure(selection)).toEqual({
    count: 4,
    sizeBytes: items.slice(1).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  });
  expect(existsSync(join(outDir, 'images'))).toBe(false);
});
