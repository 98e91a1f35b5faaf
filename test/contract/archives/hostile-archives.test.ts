// Archives that someone made to do harm, or that broke on the way: each is refused with the reason, and nothing of it is left.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { strToU8 } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CoreParts } from '../../../src/main/composition/core.js';
import type { ArchiveManifest } from '../../../src/shared/archive.js';
import { exportTo, fillFolder, importFrom, openFolder, packArchive, unpackArchive } from '../../support/archive-folders.js';

let folder: string;
let target: CoreParts;
let good: Uint8Array;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  await fillFolder(join(folder, 'a'));
  const source = await openFolder(join(folder, 'a'));
  await exportTo(source, join(folder, 'good.zip'), [{ kind: 'run', id: 'run-own' }]);
  await source.core.close();
  good = readFileSync(join(folder, 'good.zip'));
  target = await openFolder(join(folder, 'b'));
});
afterAll(async () => {
  await target.core.close();
  rmSync(folder, { recursive: true, force: true });
});

type Files = Record<string, Uint8Array>;
const RUN = 'runs/run-own.json';
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** With an entry replaced, and the manifest telling the truth about it. */
function replaced(files: Files, manifest: ArchiveManifest, name: string, bytes: Uint8Array): Uint8Array {
  const entries = manifest.entries.map((entry) => (entry.name === name ? { name, sizeBytes: bytes.length, sha256: sha256(bytes) } : entry));
  return packArchive({ ...files, [name]: bytes }, { ...manifest, entries });
}

/** With the run changed as a text, and all hashes right. */
function withRun(change: (run: Record<string, unknown>) => void): (files: Files, manifest: ArchiveManifest) => Uint8Array {
  return (files, manifest) => {
    const run = JSON.parse(Buffer.from(files[RUN] ?? []).toString()) as Record<string, unknown>;
    change(run);
    return replaced(files, manifest, RUN, strToU8(JSON.stringify(run)));
  };
}

const firstTask = (run: Record<string, unknown>): Record<string, unknown> => (run['tasks'] as Record<string, unknown>[])[0] ?? {};
const imageOf = (files: Files): string => Object.keys(files).find((name) => name.startsWith('images/')) ?? '';

const HOSTILE: [what: string, make: (files: Files, manifest: ArchiveManifest) => Uint8Array, reason: RegExp, code?: string][] = [
  ['is no ZIP file', () => strToU8('no zip at all, though it is long enough for one'), /no ZIP file/],
  ['is only a part of one', () => good.slice(0, good.length - 200), /no ZIP file|can't be imported/],
  ['has no manifest', (files) => packArchive({ [RUN]: files[RUN] ?? new Uint8Array() }, {}), /no archive of this program/],
  ['has a later schema', (files, manifest) => packArchive(files, { ...manifest, schemaVersion: 99 }), /has schema 99/, 'unsupported'],
  [
    'leads out of the folder',
    (files, manifest) => packArchive({ ...files, '../../evil.txt': strToU8('x') }, manifest),
    /invalid relative path|evil/,
  ],
  [
    'names a file from the root on',
    (files, manifest) => packArchive({ ...files, '/etc/evil': strToU8('x') }, manifest),
    /absolute path|evil/,
  ],
  [
    'leads out by backslashes',
    (files, manifest) => packArchive({ ...files, '..\\evil': strToU8('x') }, manifest),
    /invalid characters|evil/,
  ],
  [
    'has a stranger in it',
    (files, manifest) => packArchive({ ...files, 'bin/run.sh': strToU8('x') }, manifest),
    /“bin\/run.sh” is in it, and not in its manifest/,
  ],
  [
    'lists a stranger',
    (files, manifest) => {
      const bytes = strToU8('x');
      const entries = [...manifest.entries, { name: 'bin/run.sh', sizeBytes: 1, sha256: sha256(bytes) }];
      return packArchive({ ...files, 'bin/run.sh': bytes }, { ...manifest, entries });
    },
    /its manifest is not in order, at entries/,
  ],
  [
    'is a bomb',
    (files, manifest) => packArchive({ ...files, [RUN]: new Uint8Array(64 * 1024 * 1024) }, manifest, { level: 9 }),
    /packed \d+ to 1/,
  ],
  ['lacks a file that it lists', ({ [RUN]: _run, ...files }, manifest) => packArchive(files, manifest), /runs\/run-own.json is missing/],
  [
    'has other bytes than its manifest says',
    (files, manifest) => {
      const bytes = Uint8Array.from(files[RUN] ?? []);
      bytes[bytes.length - 2] = 0x20;
      return packArchive({ ...files, [RUN]: bytes }, manifest);
    },
    /not what the manifest says|no JSON/,
  ],
  ['has a record that is no JSON', (files, manifest) => replaced(files, manifest, RUN, strToU8('{')), /runs\/run-own.json is no JSON/],
  ['has a record of another form', withRun((run) => (run['tasks'] = 'all of them')), /not in order, at tasks/],
  ['has a number that is none', withRun((run) => (firstTask(run)['seed'] = -1)), /at tasks.0.seed/],
  ['has a record under another id', withRun((run) => (run['id'] = 'run-other')), /is of run-other/],
  ['has a run that still runs', withRun((run) => (run['state'] = 'running')), /at state/],
  ['has a task twice', withRun((run) => (run['tasks'] = [firstTask(run), firstTask(run)])), /a task is in it twice/],
  ['has an image that no row tells of', withRun((run) => (run['images'] = [])), /task 1 is not whole/],
  ['has a result without its delays', withRun((run) => (firstTask(run)['delays'] = null)), /task 1 is not whole/],
  [
    'has another image under the hash of one',
    (files, manifest) => replaced(files, manifest, imageOf(files), Uint8Array.from(files[imageOf(files)] ?? []).fill(7, 60)),
    /not the image that it is named for/,
  ],
  [
    'has a task that is another run’s',
    withRun((run) => {
      firstTask(run)['id'] = 'run-a-0';
      for (const attempt of run['attempts'] as Record<string, unknown>[])
        if (attempt['taskId'] === 'run-own-0') attempt['taskId'] = 'run-a-0';
    }),
    /its parts do not fit each other|can't be/,
  ],
];

describe('an archive that', () => {
  it.each(HOSTILE)('%s is refused as a whole', async (what, make, reason, code = 'invalid-input') => {
    // A run whose task the last of them claims.
    if (what.includes('another run')) {
      await fillFolder(join(folder, 'c'));
      const other = await openFolder(join(folder, 'c'));
      await exportTo(other, join(folder, 'run-a.zip'), [{ kind: 'run', id: 'run-a' }]);
      await other.core.close();
      await importFrom(target, join(folder, 'run-a.zip'));
    }
    const before = target.core.services.runs.list().map(({ id }) => id);
    const filesBefore = imageFiles();
    const path = join(folder, 'hostile.zip');
    const { files, manifest } = unpackArchive(good);
    writeFileSync(path, make(files, manifest));
    const job = await importFrom(target, path);
    expect(job.error).toMatchObject({ code, message: expect.stringMatching(reason) as string });
    expect(target.core.services.runs.list().map(({ id }) => id)).toEqual(before);
    expect(imageFiles()).toEqual(filesBefore);
    expect(existsSync(join(folder, 'b', 'archives', 'incoming'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.includes('evil'))).toEqual([]);
  });

  it('says nothing harmful comes in with its own words: names stay texts', async () => {
    const { files, manifest } = unpackArchive(good);
    const name = '<img src=x onerror=alert(1)>\u202e';
    const run = JSON.parse(Buffer.from(files[RUN] ?? []).toString()) as { spec: { name: string }; environment: unknown };
    run.spec.name = name;
    const path = join(folder, 'renamed.zip');
    writeFileSync(path, replaced(files, manifest, RUN, strToU8(JSON.stringify(run))));
    const job = await importFrom(target, path);
    expect(job.taken?.imported).toMatchObject([{ id: 'run-own' }]);
    expect(target.core.services.runs.get('run-own').spec.name).toContain('<img');
  });
});

function imageFiles(): string[] {
  const dir = join(folder, 'b', 'images');
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.png'))
    .sort();
}
