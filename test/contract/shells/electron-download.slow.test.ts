// The launcher gets Electron's binary over networks that are slow, broken or absent, from a mirror on the loopback.
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startElectronMirror } from '../../support/electron-mirror.js';
import type { ElectronMirror } from '../../support/electron-mirror.js';
import { ARCHIVE_NAME, makeElectronArchive, makeLauncherClone } from '../../support/launcher-clone.js';
import type { LauncherClone } from '../../support/launcher-clone.js';
import { until } from '../../support/until.js';

const HALF = 1_000_000;
const LONG = { answerWithinMs: 30_000, stallMs: 30_000, tries: 1, retryAfterMs: 1 };
/** However busy the machine is, a mirror that answers is waited for. */
const PATIENCE = { usual: LONG, quick: LONG, insisting: { ...LONG, tries: 2 } };
/** For a mirror that never answers. Three kinds of patience that can be distinguished by their words. */
const FOR_SILENCE = {
  usual: { ...LONG, answerWithinMs: 700 },
  quick: { ...LONG, answerWithinMs: 300 },
  insisting: { ...LONG, answerWithinMs: 900, tries: 2 },
};
/** For a mirror that stops in the middle: longer than a busy machine pauses by itself. */
const FOR_STALLS = { ...PATIENCE, usual: { ...LONG, stallMs: 2_000 } };

interface Outcome {
  path?: string;
  reason?: string;
  hint?: string;
  isStopped?: boolean;
  /** All that was printed. */
  output: string;
}

const archive = makeElectronArchive();
let clone: LauncherClone;
let mirror: ElectronMirror;

beforeEach(async () => {
  clone = makeLauncherClone(archive);
  mirror = await startElectronMirror(archive);
});

afterEach(async () => {
  await mirror.close();
  clone.remove();
});

function start({ insist = false, patience = PATIENCE } = {}) {
  const { child, ended } = clone.run('obtain.mjs', [JSON.stringify({ insist, patience })], { ELECTRON_MIRROR: mirror.url });
  const outcome = ended.then(({ output }): Outcome => ({ ...parseLast(output), output }));
  return { child, outcome };
}

const obtain = (options?: Parameters<typeof start>[0]): Promise<Outcome> => start(options).outcome;

function parseLast(output: string): Partial<Outcome> {
  const line = output.split('\n').find((text) => text.startsWith('{'));
  return line === undefined ? {} : (JSON.parse(line) as Partial<Outcome>);
}

/** Names under the cache and the package that are neither the archive nor the installed program. */
function leftovers(): string[] {
  const cached = existsSync(clone.cacheDir) ? (readdirSync(clone.cacheDir, { recursive: true }) as string[]) : [];
  const names = [...cached.filter((name) => name.includes('/')), ...readdirSync(clone.electronDir)];
  return names.filter((name) => !/\/electron-v[^/]*\.zip$|^(package\.json|checksums\.json|dist|path\.txt)$/.test(name));
}

/** Bytes of the part file. */
function keptBytes(): number {
  const [name] = (readdirSync(clone.cacheDir, { recursive: true }) as string[]).filter((file) => file.endsWith('.zip.part'));
  return name === undefined ? 0 : statSync(join(clone.cacheDir, name)).size;
}

const program = (): string => join(clone.electronDir, 'dist/electron');

describe('a mirror that works', () => {
  it('gives a program that runs, and leaves nothing else behind', async () => {
    const { path, output } = await obtain();
    expect(path, output).toBe(program());
    expect(statSync(program()).mode & 0o111).toBe(0o111);
    expect(mirror.paths).toEqual([`/v99.1.2/${ARCHIVE_NAME}`]);
    expect(output).toContain('Fetching Electron 99.1.2 from 127.0.0.1:');
    expect(leftovers()).toEqual([]);
  });

  it('is asked once: the next start finds the program, and after a new install of the packages the archive', async () => {
    await obtain();
    expect((await obtain()).path).toBe(program());
    rmSync(join(clone.electronDir, 'dist'), { recursive: true });
    expect((await obtain()).path).toBe(program());
    expect(mirror.asked).toHaveLength(1);
  });

  it('may take longer in all than it may pause', async () => {
    mirror.mode = { kind: 'slow', chunkBytes: 200_000, everyMs: 300 };
    const { path, output } = await obtain({ patience: FOR_STALLS });
    expect(path, output).toBe(program());
    expect(mirror.asked).toHaveLength(1);
  });

  it('is asked by one of two starts at the same time; the other waits for it', async () => {
    let goOn = (): void => {};
    mirror.mode = { kind: 'stall', afterBytes: HALF, until: new Promise((resolve) => (goOn = resolve)) };
    const first = start();
    await until(() => keptBytes() > 0);
    const started = start();
    await new Promise((resolve) => started.child.stderr?.once('data', resolve));
    goOn();
    const second = await started.outcome;
    expect(second.path, second.output).toBe(program());
    expect(second.output).toContain('Another start is fetching Electron');
    expect((await first.outcome).path).toBe(program());
    expect(mirror.asked).toHaveLength(1);
    expect(leftovers()).toEqual([]);
  });

  it('replaces an Electron of another version', async () => {
    mkdirSync(join(clone.electronDir, 'dist'));
    writeFileSync(join(clone.electronDir, 'dist/version'), '98.0.0');
    writeFileSync(program(), 'old');
    expect((await obtain()).path).toBe(program());
    expect(statSync(program()).mode & 0o111).toBe(0o111);
  });
});

describe('a download that is cut off', () => {
  it('continues by itself from where it was', async () => {
    mirror.mode = { kind: 'cut', afterBytes: HALF };
    const { path, output } = await obtain();
    expect(path, output).toBe(program());
    expect(mirror.asked).toEqual([null, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    expect(output).toContain('trying again');
  });

  it('stops when nothing comes for the limit, and resumes at the next start', async () => {
    mirror.mode = { kind: 'stall', afterBytes: HALF };
    const first = await obtain({ patience: FOR_STALLS });
    expect(first.reason).toContain('sent nothing for 2 s');
    expect(first.hint).toContain('What has come is kept');
    const kept = keptBytes();
    expect(kept).toBeGreaterThan(0);

    mirror.mode = { kind: 'good' };
    const second = await obtain();
    expect(second.path, second.output).toBe(program());
    expect(mirror.asked.at(-1)).toBe(`bytes=${kept}-`);
    expect(second.output).toMatch(/from \d\.\d MB on/);
    expect(leftovers()).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('stops at once on %s and keeps what has come', async (signal) => {
    mirror.mode = { kind: 'stall', afterBytes: HALF };
    const first = start();
    await until(() => keptBytes() > 0);
    first.child.kill(signal);
    expect(await first.outcome).toMatchObject({ isStopped: true });
    const kept = keptBytes();
    expect(kept).toBeGreaterThan(0);
    mirror.mode = { kind: 'good' };
    expect((await obtain()).path).toBe(program());
    expect(mirror.asked).toEqual([null, `bytes=${kept}-`]);
  });

  it('continues after the start itself was killed, past its lock and its half-unpacked folder', async () => {
    mirror.mode = { kind: 'stall', afterBytes: HALF };
    const first = start();
    await until(() => keptBytes() > 0);
    first.child.kill('SIGKILL');
    await first.outcome;
    mkdirSync(join(clone.electronDir, 'dist.unpacking-1'));
    mirror.mode = { kind: 'good' };
    const second = await obtain();
    expect(second.path, second.output).toBe(program());
    expect(second.output).not.toContain('Another start');
    expect(mirror.asked.at(-1)).toMatch(/^bytes=[1-9]\d*-$/);
    expect(leftovers()).toEqual([]);
  });

  it('starts again where the server takes no ranges', async () => {
    mirror.takesRanges = false;
    mirror.mode = { kind: 'cut', afterBytes: HALF };
    expect((await obtain()).path).toBe(program());
    expect(mirror.asked).toHaveLength(2);
  });

  it.each([
    ['names its versions', '"other"', 3],
    ['does not', null, 4],
  ])('takes no piece of another file for its own where the server %s', async (_name, etag, requests) => {
    mirror.etag = etag;
    mirror.content = Buffer.from(archive).fill(0, 0, HALF);
    mirror.mode = { kind: 'stall', afterBytes: HALF };
    await obtain({ patience: FOR_STALLS });
    mirror.etag = etag && '"first"';
    mirror.content = archive;
    mirror.mode = { kind: 'good' };
    const { path, output } = await obtain();
    expect(path, output).toBe(program());
    expect(mirror.asked).toHaveLength(requests);
  });

  it('is removed by a later start when no one came back for it', async () => {
    const old = join(clone.cacheDir, 'of-an-older-electron', 'electron-v1.0.0-linux-x64.zip.part');
    mkdirSync(join(old, '..'), { recursive: true });
    writeFileSync(old, '');
    utimesSync(old, 0, 0);
    await obtain();
    expect(existsSync(old)).toBe(false);
  });
});

describe('a mirror that does not give it', () => {
  it.each([
    ['404', { kind: 'status', status: 404 }, `answered 404 for /v99.1.2/${ARCHIVE_NAME}`, 'ELECTRON_MIRROR'],
    ['503', { kind: 'status', status: 503 }, 'answered 503', 'npm start -- --electron'],
    ['a login page', { kind: 'page' }, 'a web page instead of the file', 'log in first'],
    ['silence', { kind: 'hang' }, 'sent nothing for 0.7 s', 'npm start -- --electron'],
  ] as const)('is distinguished: %s', async (_name, mode, words, hint) => {
    mirror.mode = mode;
    const { reason, hint: advice } = await obtain({ patience: mode.kind === 'hang' ? FOR_SILENCE : PATIENCE });
    expect(reason).toMatch(/^Electron's binary could not be fetched: 127\.0\.0\.1:\d+ /);
    expect(reason).toContain(words);
    expect(advice).toContain(hint);
    expect(leftovers()).toEqual([]);
  });

  it('costs the next start little, an insisting one its patience, and no start is refused', async () => {
    mirror.mode = { kind: 'hang' };
    const patience = FOR_SILENCE;
    await obtain({ patience });
    expect((await obtain({ patience })).reason).toContain('for 0.3 s');
    expect((await obtain({ insist: true, patience })).reason).toContain('for 0.9 s');
    expect(mirror.asked).toHaveLength(4);
    mirror.mode = { kind: 'good' };
    expect((await obtain()).path).toBe(program());
  });

  it('is not trusted when the checksum is wrong: nothing is kept, and it is not asked again by itself', async () => {
    mirror.content = Buffer.from(archive).fill(1, 100, 101);
    const first = await obtain();
    expect(first.reason).toContain(`is not ${ARCHIVE_NAME}: its checksum is wrong`);
    expect(leftovers()).toEqual([]);
    expect(existsSync(join(clone.electronDir, 'dist'))).toBe(false);
    expect((await obtain()).reason).toBe(first.reason);
    expect(mirror.asked).toHaveLength(1);
    mirror.content = archive;
    expect((await obtain({ insist: true })).path).toBe(program());
  });
});
