// What `npm run dist` says where it cannot make a package: before anything is built, fetched or written.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runDist } from '../../support/package-harness.js';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'dedgeai-dist-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** The words with which it stops; its exit status is 1. */
async function refusal(args: string[], env: Record<string, string> = {}): Promise<string> {
  const ended = await runDist(args, env).then(
    () => ({ code: 0, stderr: '' }),
    (error: unknown) => error as { code: number; stderr: string },
  );
  expect(ended.code).toBe(1);
  return ended.stderr;
}

function placeElectron(content = 'no program'): string {
  const electron = join(dir, 'electron');
  mkdirSync(join(electron, 'resources'), { recursive: true });
  writeFileSync(join(electron, 'electron'), content);
  return electron;
}

test('an option that it does not have is named', async () => {
  expect(await refusal(['--windows'])).toContain("Unknown option '--windows'");
});

describe.skipIf(process.platform !== 'linux')('an Electron that cannot be used', () => {
  test.each([['--electron'], ['ELECTRON_OVERRIDE_DIST_PATH']])('a folder without one is named, given by %s', async (by) => {
    const words = by === '--electron' ? refusal(['--electron', dir]) : refusal([], { [by]: dir });
    expect(await words).toContain(`There is no Electron in ${dir}: ${join(dir, 'electron')} is missing.`);
  });

  test('one that holds a program already is refused, since that would be handed out', async () => {
    const electron = placeElectron('Electron/45.0.0');
    mkdirSync(join(electron, 'resources', 'app'));
    expect(await refusal(['--electron', electron])).toContain('holds a program already (app)');
  });

  test('a file of that name that is none is refused', async () => {
    expect(await refusal(['--electron', placeElectron()])).toContain('is no Electron');
  });
});

test('--help lists the options and makes nothing', async () => {
  expect(await runDist(['--help', '--out', join(dir, 'dist')])).toContain('--without-runtimes');
  expect(existsSync(join(dir, 'dist'))).toBe(false);
});
