// The built desktop program, whole, under Node with a stand-in for Electron. Needs `npm run build`.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockInstance } from '../../../src/main/instance-lock.js';

const PROJECT_DIR = join(import.meta.dirname, '../../..');
const HOOKS_URL = pathToFileURL(join(PROJECT_DIR, 'test/support/electron-hooks.ts')).href;

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'desktop-program-'));
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function runDesktop(): Promise<{ status: number; stdout: string; stderr: string }> {
  const args = ['--import', HOOKS_URL, join(PROJECT_DIR, 'out/main/index.js'), PROJECT_DIR, '--data', dataDir];
  // Electron's arguments begin with the program's folder where Node's begin with its file.
  const withElectronArguments = ['--import', `data:text/javascript,process.argv.splice(1, 1)`, ...args];
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      withElectronArguments,
      { cwd: PROJECT_DIR, env: { ...process.env, DEDGEAI_CORE_NODE: process.execPath } },
      (error, stdout, stderr) => resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    ),
  );
}

it('opens the core in a process of its own, answers its page over the built preload, and ends on Quit', async () => {
  const { status, stdout, stderr } = await runDesktop();
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({ kind: 'data', id: 1, data: { shell: 'electron', dataDir } });
  expect(status).toBe(0);
});

it('says in a dialog that another program has the data', async () => {
  const lock = lockInstance(dataDir);
  try {
    const { status, stdout } = await runDesktop();
    expect(JSON.parse(stdout)).toMatchObject({ title: expect.stringContaining(dataDir), text: expect.stringContaining('--data') });
    expect(status).toBe(4);
  } finally {
    lock.release();
  }
});
