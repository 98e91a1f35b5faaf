// Fetching wheels from an index on loopback: whole, resumed, refused, cancelled.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JobEngine } from '../../../src/main/domain/jobs/job-engine.js';
import { readWheelTable, type WheelTable } from '../../../src/main/domain/nodes/wheels/wheel-table.js';
import { WheelsService } from '../../../src/main/domain/nodes/wheels/wheels-service.js';
import { isFittingWheel } from '../../../src/main/domain/nodes/provisioning/python/cached-wheels.js';
import type { WheelsFetch } from '../../../src/shared/wheels.js';
import { startFileServer, untilKept, type FileServer } from '../../support/file-server.js';
import { makeJobEngine } from '../../support/job-fixtures.js';
import { until } from '../../support/until.js';

const TORCH = 'torch-2.8.0-cp310-cp310-linux_aarch64.whl';
const NUMPY = 'numpy-1.26.4-cp310-cp310-manylinux_2_17_aarch64.manylinux2014_aarch64.whl';
const DIFFUSERS = 'diffusers-0.36.0-py3-none-any.whl';
const torch = randomBytes(300_000);
const numpy = randomBytes(2_000);
const diffusers = randomBytes(1_000);

let server: FileServer;
let wheelsDir: string;
let jobs: JobEngine;
let table: WheelTable;
let service: WheelsService;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const folder = (): string => join(wheelsDir, 'jetpack-6');

/** Puts a package into the index, with files by their names. */
function serve(name: string, files: Record<string, Uint8Array>): void {
  const listed = Object.entries(files).map(([filename, bytes]) => ({
    filename,
    url: `../../files/${filename}`,
    hashes: { sha256: sha256(bytes) },
  }));
  server.files.set(`/simple/${name}/`, { body: JSON.stringify({ meta: { 'api-version': '1.0' }, name, files: listed }) });
  for (const [filename, body] of Object.entries(files)) server.files.set(`/files/${filename}`, { body });
}

beforeEach(async () => {
  server = await startFileServer();
  wheelsDir = mkdtempSync(join(tmpdir(), 'wheels-service-'));
  server.files.set(`/jp6/${TORCH}`, { body: torch });
  serve('numpy', {
    [NUMPY]: numpy,
    'numpy-1.26.4-cp311-cp311-manylinux_2_17_aarch64.whl': randomBytes(10),
    'numpy-2.0.0-cp310-cp310-manylinux_2_17_aarch64.whl': randomBytes(10),
  });
  serve('diffusers', { [DIFFUSERS]: diffusers, 'diffusers-0.36.0.tar.gz': randomBytes(10) });
  table = {
    index: `${server.url}/simple/`,
    jetpacks: {
      6: {
        title: 'JetPack 6',
        python: '3.10',
        machine: 'aarch64',
        notes: [],
        files: [{ name: TORCH, url: `${server.url}/jp6/${TORCH}`, sha256: sha256(torch) }],
        packages: [
          { name: 'numpy', version: '1.26.4', sha256: sha256(numpy) },
          { name: 'diffusers', version: '0.36.0', sha256: null },
        ],
      },
    },
  };
  jobs = makeJobEngine();
  service = new WheelsService({ readTable: () => Promise.resolve(table), wheelsDir, jobs });
});
afterEach(async () => {
  await jobs.close();
  await server.close();
  rmSync(wheelsDir, { recursive: true, force: true });
});

/** The fetch when it has ended. */
async function ended(started: WheelsFetch | { id: string }): Promise<WheelsFetch> {
  for await (const { state } of jobs.watchOne(started.id, new AbortController().signal)) {
    if (state !== 'running' && state !== 'stopping') break;
  }
  return service.get(started.id);
}

it('fetches torch by its address and the rest from the index, each with the right SHA-256, and nothing that does not fit', async () => {
  const fetched = await ended(await service.fetch({ jetpack: '6' }));
  expect(fetched).toMatchObject({ state: 'succeeded', error: null, fetched: [TORCH, NUMPY, DIFFUSERS] });
  expect(readdirSync(folder()).sort()).toEqual([DIFFUSERS, NUMPY, TORCH].sort());
  expect(readFileSync(join(folder(), TORCH)).equals(torch)).toBe(true);
  expect(await service.list()).toMatchObject([{ jetpack: '6', hereCount: 3, packages: [TORCH, 'numpy 1.26.4', 'diffusers 0.36.0'] }]);
});

it('asks for nothing that is here, and again for what is here with other bytes', async () => {
  await ended(await service.fetch({ jetpack: '6' }));
  server.requests.length = 0;
  expect(await ended(await service.fetch({ jetpack: '6' }))).toMatchObject({ state: 'succeeded', fetched: [] });
  expect(server.requests).toEqual([]);
  writeFileSync(join(folder(), NUMPY), 'damaged');
  expect(await ended(await service.fetch({ jetpack: '6' }))).toMatchObject({ state: 'succeeded', fetched: [NUMPY] });
  expect(readFileSync(join(folder(), NUMPY)).equals(numpy)).toBe(true);
});

it('continues from where the line broke off', async () => {
  server.files.set(`/jp6/${TORCH}`, { body: torch, cutAfterBytes: 100_000, beforeCut: () => untilKept(join(folder(), `${TORCH}.part`)) });
  const broken = await ended(await service.fetch({ jetpack: '6' }));
  expect(broken).toMatchObject({ state: 'failed', error: { code: 'io', hint: expect.stringContaining('resume') as string } });
  const partBytes = readFileSync(join(folder(), `${TORCH}.part`)).length;
  expect(partBytes).toBeGreaterThan(0);
  const resumed = jobs.resume(broken.id);
  expect(await ended(resumed)).toMatchObject({ state: 'succeeded' });
  expect(server.requests.map(({ headers }) => headers.range)).toContain(`bytes=${partBytes}-`);
  expect(readFileSync(join(folder(), TORCH)).equals(torch)).toBe(true);
});

it('throws away what has another SHA-256 than the table says, and names both', async () => {
  server.files.set(`/jp6/${TORCH}`, { body: randomBytes(torch.length) });
  const { state, error } = await ended(await service.fetch({ jetpack: '6' }));
  expect(state).toBe('failed');
  expect(error?.message).toContain(`instead of ${sha256(torch)}`);
  expect(readdirSync(folder())).toEqual([]);
});

it('takes no wheel of an index whose SHA-256 is not that of the table', async () => {
  serve('numpy', { [NUMPY]: randomBytes(50) });
  const { error } = await ended(await service.fetch({ jetpack: '6' }));
  expect(error).toMatchObject({ code: 'not-found', message: expect.stringContaining('with the SHA-256 of the table') as string });
});

it('is canceled in the middle of a file, which it continues with when it is resumed', async () => {
  server.files.set(`/jp6/${TORCH}`, { body: torch, hangsAfterBytes: 200_000 });
  const started = await service.fetch({ jetpack: '6' });
  for await (const { progress } of jobs.watchOne(started.id, new AbortController().signal)) {
    if (progress?.phase?.startsWith(TORCH)) break;
  }
  await jobs.cancel(started.id);
  expect(await ended(started)).toMatchObject({ state: 'cancelled' });
  expect(await ended(jobs.resume(started.id))).toMatchObject({ state: 'succeeded' });
});

it('is paused with what it has, also by the end of the program, and continues there', async () => {
  server.files.set(`/jp6/${TORCH}`, { body: torch, hangsAfterBytes: 200_000 });
  const started = await service.fetch({ jetpack: '6' });
  await untilKept(join(folder(), `${TORCH}.part`));
  expect(jobs.get(started.id).commands).toEqual(['pause', 'cancel']);
  await jobs.close(['wheels']);
  expect(service.get(started.id)).toMatchObject({ state: 'paused', error: null });
});

it('says of a download how far it is and how fast', async () => {
  server.files.set(`/jp6/${TORCH}`, { body: torch, hangsAfterBytes: 200_000 });
  const started = await service.fetch({ jetpack: '6' });
  await until(() => {
    const { progress } = service.get(started.id);
    return progress?.file === TORCH && progress.fileBytes > 0 && (progress.bytesPerSec ?? 0) > 0;
  });
  expect(service.get(started.id).progress).toMatchObject({ doneFiles: 0, totalFiles: 3, fileTotalBytes: torch.length });
  expect(jobs.get(started.id).progress?.phase).toMatch(/^torch.* of .*\/s$/);
  await jobs.cancel(started.id);
});

it('lists what is missing and how much is here', async () => {
  server.files.delete('/simple/diffusers/');
  expect(await service.list()).toMatchObject([{ hereCount: 0, hereBytes: 0, missing: [TORCH, 'numpy 1.26.4', 'diffusers 0.36.0'] }]);
  await ended(await service.fetch({ jetpack: '6' }));
  expect(await service.list()).toMatchObject([{ hereCount: 2, hereBytes: torch.length + numpy.length, missing: ['diffusers 0.36.0'] }]);
});

it('prefers the build for the device, called plain linux, to one for every Linux', async () => {
  const own = 'diffusers-0.36.0-cp310-cp310-linux_aarch64.whl';
  serve('diffusers', { 'diffusers-0.36.0-cp310-cp310-manylinux_2_28_aarch64.whl': randomBytes(9), [own]: diffusers });
  expect((await ended(await service.fetch({ jetpack: '6' }))).fetched).toContain(own);
});

it('refuses a JetPack without a list, and the same fetch twice', async () => {
  await expect(service.fetch({ jetpack: '4' })).rejects.toMatchObject({ code: 'not-found', hint: expect.stringContaining('6') as string });
  const started = await service.fetch({ jetpack: '6' });
  await expect(service.fetch({ jetpack: '6' })).rejects.toMatchObject({ code: 'conflict' });
  await ended(started);
});

it('ships a table that can be read, with one torch a JetPack', async () => {
  const shipped = await readWheelTable(join(import.meta.dirname, '../../../resources'));
  for (const [jetpack, { files, packages, python, machine }] of Object.entries(shipped.jetpacks)) {
    const torches = [...files.map(({ name }) => name.split('-')[0]), ...packages.map(({ name }) => name)].filter(
      (name) => name === 'torch',
    );
    expect(torches, jetpack).toHaveLength(1);
    for (const { name } of files) expect(isFittingWheel(name, { version: python, machine, system: 'linux' })).toBe(true);
  }
});

it('asks for an index where none is named, and takes the one of the user', async () => {
  const { index, ...withoutIndex } = table;
  const made = (userIndex: string | null): WheelsService =>
    new WheelsService({ readTable: () => Promise.resolve(withoutIndex), wheelsDir, userIndex: () => userIndex, jobs: makeJobEngine() });
  await expect(made(null).fetch({ jetpack: '6' })).rejects.toMatchObject({
    code: 'invalid-input',
    hint: expect.stringContaining('--index') as string,
  });
  await expect(made(index ?? null).fetch({ jetpack: '6' })).resolves.toMatchObject({ state: 'running' });
});

it('takes the index that was named last where none is named, and says which', async () => {
  const { index = '', ...withoutIndex } = table;
  const engine = makeJobEngine();
  const asked = new WheelsService({ readTable: () => Promise.resolve(withoutIndex), wheelsDir, jobs: engine });
  expect(await asked.list()).toMatchObject([{ index: null }]);
  const first = await asked.fetch({ jetpack: '6', index });
  for await (const _ of engine.watchOne(first.id, new AbortController().signal));
  expect(await asked.list()).toMatchObject([{ index, hereCount: 3 }]);
  await expect(asked.fetch({ jetpack: '6' })).resolves.toMatchObject({ state: 'running' });
  await engine.close();
});

it('refuses an address with a login, which would be on record, and one that is none of the web', async () => {
  await expect(service.fetch({ jetpack: '6', index: 'https://lab:hunter2@mirror.example/simple/' })).rejects.toThrow(/with a login/);
  await expect(service.fetch({ jetpack: '6', index: 'file:///etc/passwd' })).rejects.toThrow(/address of a package index/);
});
