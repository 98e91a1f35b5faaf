// The built desktop program, whole, under Node with a stand-in for Electron. Needs `npm run build`.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockInstance } from '../../../src/main/adapters/storage/instance-lock.js';
import type { InstanceLock } from '../../../src/main/adapters/storage/instance-lock.js';
import { logPathOf } from '../../../src/main/adapters/log/open-log.js';
import { readLastLines } from '../../../src/main/adapters/log/read-log.js';

const PROJECT_DIR = join(import.meta.dirname, '../../..');
const HOOKS_URL = pathToFileURL(join(PROJECT_DIR, 'test/support/electron-hooks.ts')).href;

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'desktop-program-'));
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

interface RunningDesktop {
  child: ChildProcess;
  /** The first line that it writes, which JSON is. */
  firstWords(): Promise<unknown>;
  ended: Promise<{ status: number | null; stderr: string }>;
}

function startDesktop(): RunningDesktop {
  const args = ['--import', HOOKS_URL, join(PROJECT_DIR, 'out/main/index.js'), PROJECT_DIR, '--data', dataDir];
  // Electron's arguments start with the program's folder where Node's start with its file.
  const withElectronArguments = ['--import', `data:text/javascript,process.argv.splice(1, 1)`, ...args];
  const child = spawn(process.execPath, withElectronArguments, {
    cwd: PROJECT_DIR,
    env: { ...process.env, DEDGEAI_CORE_NODE: process.execPath },
    stdio: 'pipe',
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const lines = createInterface({ input: child.stdout });
  const firstLine = once(lines, 'line') as Promise<[string]>;
  return {
    child,
    firstWords: async () => JSON.parse((await firstLine)[0]) as unknown,
    ended: once(child, 'close').then(([status]) => ({ status: status as number | null, stderr })),
  };
}

it('opens the core in a process of its own, answers its page over the built preload, and ends on Quit', async () => {
  const desktop = startDesktop();
  const words = await desktop.firstWords();
  const { status, stderr } = await desktop.ended;
  expect(stderr).toBe('');
  expect(words).toMatchObject({ kind: 'data', id: 1, data: { shell: 'electron', dataDir } });
  expect(status).toBe(0);
});

describe('while another program has the data', () => {
  let lock: InstanceLock;
  beforeEach(() => (lock = lockInstance(dataDir)));
  afterEach(() => lock.release());

  it('says so in a dialog and in the log, and ends when that is answered', async () => {
    const desktop = startDesktop();
    expect(await desktop.firstWords()).toMatchObject({
      type: 'error',
      message: expect.stringContaining(dataDir),
      detail: expect.stringContaining('--data'),
      buttons: ['Quit'],
    });
    desktop.child.stdin?.end('Quit\n');
    const { status, stderr } = await desktop.ended;
    expect(status).toBe(4);
    expect(stderr).toContain('Error (instance-locked)');
    const reported = readLastLines(logPathOf(dataDir), 10).find(({ fields }) => fields.some(({ value }) => value === 'electron-main'));
    expect(reported).toMatchObject({ level: 'error', message: expect.stringContaining('instance-locked') });
  });

  it('ends on SIGTERM although no one has answered the dialog', async () => {
    const desktop = startDesktop();
    await desktop.firstWords();
    desktop.child.kill('SIGTERM');
    expect((await desktop.ended).status).toBe(4);
  });
});
