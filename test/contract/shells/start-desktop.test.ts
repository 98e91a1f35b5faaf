// `npm start` from a fresh clone to an open window: the desktop program where its binary can be had, else the browser with the reason.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startElectronMirror } from '../../support/electron-mirror.js';
import type { ElectronMirror } from '../../support/electron-mirror.js';
import { makeElectronArchive, makeLauncherClone } from '../../support/launcher-clone.js';
import type { LauncherClone } from '../../support/launcher-clone.js';

/** Debian's `no one`: Electron is not opened for root, and the tests may run as root. */
const OTHER_UID = 65_534;
const isRoot = process.getuid?.() === 0;

const archive = makeElectronArchive();
let clone: LauncherClone;
let mirror: ElectronMirror;
let node: string;

beforeEach(async () => {
  clone = makeLauncherClone(archive);
  mirror = await startElectronMirror(archive);
  node = process.execPath;
  if (!isRoot) return;
  // The other user may not reach the packages of this checkout.
  node = join(clone.dir, 'node');
  cpSync(process.execPath, node);
  clone.giveTo(OTHER_UID);
});

afterEach(async () => {
  await mirror.close();
  clone.remove();
});

function start(args: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const display = { DISPLAY: ':none', ELECTRON_MIRROR: mirror.url };
  return clone.run('scripts/start.mjs', args, { ...display, ...env }, { node, ...(isRoot && { uid: OTHER_UID }) });
}

describe.runIf(process.platform === 'linux')('npm start', () => {
  it('fetches Electron and opens the desktop program', async () => {
    const { status, output } = await start().ended;
    expect(output).toContain('opened the desktop program');
    expect(output).not.toContain('in the browser, because');
    expect(status).toBe(0);
  });

  it('opens the browser instead where the binary cannot be had, and says why and what to do', async () => {
    mirror.mode = { kind: 'status', status: 404 };
    const { status, output } = await start().ended;
    expect(output).toMatch(
      /Opening in the browser, because Electron's binary could not be fetched: 127\.0\.0\.1:\d+ answered 404 for .*\.zip\.\n/,
    );
    expect(output).toContain('ELECTRON_MIRROR can name another download site');
    expect(output).toContain('opened in the browser');
    expect(status).toBe(0);
  });

  it('fetches nothing where there is no display, or the browser was asked for', async () => {
    expect((await start([], { DISPLAY: undefined, WAYLAND_DISPLAY: undefined }).ended).output).toContain('because there is no display.');
    expect((await start(['--web']).ended).output).toContain('opened in the browser');
    expect(mirror.asked).toEqual([]);
  });

  it('stopped by Ctrl-C in the download opens nothing and says that it will continue', async () => {
    mirror.mode = { kind: 'stall', afterBytes: 1_000_000 };
    const { child, ended } = start();
    await new Promise<void>((resolve) => child.stderr?.on('data', (text: string) => text.includes('Ctrl-C stops it') && resolve()));
    child.kill('SIGINT');
    const { status, output } = await ended;
    expect(output).toContain('Stopped. What has come of Electron is kept: the next start continues from there.');
    expect(output).not.toContain('opened');
    expect(status).toBe(130);
  });
});

describe.runIf(isRoot)('npm start as root', () => {
  it('says what to do for the desktop program, and opens the browser', async () => {
    const { output } = await clone.run('scripts/start.mjs', [], { DISPLAY: ':none', ELECTRON_MIRROR: mirror.url }).ended;
    expect(output).toContain('because Electron does not run sandboxed as root.');
    expect(output).toContain('start as an ordinary user who owns this folder');
    expect(output).toContain('opened in the browser');
  });
});
