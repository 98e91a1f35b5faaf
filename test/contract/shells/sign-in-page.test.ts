// The browser that the desktop opens is signed in, and no other user of the machine can read how. Needs Chromium.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startWebShell, type WebShell } from '../../../src/main/shells/web/start-web-shell.js';
import { launchBrowser } from '../../support/browser.js';
import { standInServices } from '../../support/stand-in-services.js';

let folder: string;
let shell: WebShell | null = null;

/** Stands in for the desktop's opener: keeps what it was called with. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sign-in-'));
  mkdirSync(join(folder, 'window'));
  writeFileSync(join(folder, 'window', 'index.html'), '<title>the window</title><h1>Signed in</h1>');
  mkdirSync(join(folder, 'bin'));
  for (const name of ['xdg-open', 'open']) {
    writeFileSync(
      join(folder, 'bin', name),
      `#!/bin/sh\nprintf '%s\\n' "$@" > ${folder}/called.part && mv ${folder}/called.part ${folder}/called\n`,
    );
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  vi.stubEnv('PATH', `${join(folder, 'bin')}:${process.env['PATH']}`);
  vi.stubEnv('DISPLAY', ':99');
  vi.stubEnv('TMPDIR', folder);
});
afterEach(async () => {
  await shell?.close();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const calledWith = async (): Promise<string> => {
  await expect.poll(() => existsSync(join(folder, 'called'))).toBe(true);
  return readFileSync(join(folder, 'called'), 'utf8').trim();
};
const open = (): Promise<WebShell> =>
  startWebShell({ core: { services: standInServices() }, port: 0, openBrowser: true, rendererDir: join(folder, 'window') });

test('the opener gets a file that only this user may read, and not the token', async () => {
  shell = await open();
  const token = new URL(shell.url).searchParams.get('token')!;

  const path = await calledWith();

  expect(path).not.toContain(token);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  expect(readFileSync(path, 'utf8')).toContain(token);
  await shell.close();
  expect(existsSync(dirname(path))).toBe(false);
});

test('a browser that opens the file is signed in, stays so, and the file is gone', async () => {
  shell = await open();
  const path = await calledWith();
  const browser = await launchBrowser();
  try {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`file://${path}`);
    await page.getByRole('heading', { name: 'Signed in' }).waitFor();
    expect(page.url()).toBe(`http://127.0.0.1:${shell.port}/`);
    await page.reload();
    await page.getByRole('heading', { name: 'Signed in' }).waitFor();
    expect(readdirSync(folder).filter((name) => name.startsWith('dedgeai-sign-in'))).toEqual([]);
  } finally {
    await browser.close();
  }
});
