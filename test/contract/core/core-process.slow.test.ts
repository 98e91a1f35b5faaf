// The built core as the desktop's main process starts it, with a forked Node.js in Electron's place. Needs `npm run build`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRemoteApi } from '../../../src/main/shells/cli/remote-api.js';
import { connectToCore } from '../../../src/main/transport/link/connect-to-core.js';
import { coreLauncher } from '../../../src/main/shells/electron/core-launcher.js';
import { CoreSupervisor } from '../../../src/main/shells/electron/core-supervisor.js';
import { lockInstance } from '../../../src/main/adapters/storage/instance-lock.js';
import type { CoreState } from '../../../src/shared/api/desktop-bridge.js';
import { until } from '../../support/until.js';

vi.mock('electron', () => import('../../support/electron-stand-in.js'));

const PROJECT_DIR = join(import.meta.dirname, '../../..');
const SEALED = { describe: 'The key store of this test.', mark: 'sealed:' };

let dataDir: string;
let supervisor: CoreSupervisor;
let states: CoreState[];
let problems: string[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'core-process-'));
  states = [];
  problems = [];
  supervisor = new CoreSupervisor({
    launch: coreLauncher({ entryPath: join(PROJECT_DIR, 'out/main/core.js'), dataDir, nodePath: process.execPath }),
    protection: {
      describe: () => Promise.resolve({ isUsable: true, description: SEALED.describe }),
      encrypt: (text) => Promise.resolve(Buffer.from(SEALED.mark + text)),
      decrypt: (sealed) => Promise.resolve(Buffer.from(sealed).toString('utf8').slice(SEALED.mark.length)),
    },
    onProblem: (message) => problems.push(message),
  });
  supervisor.onState((state) => states.push(state));
});

afterEach(async () => {
  await supervisor.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function dedgeai(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const path = join(PROJECT_DIR, 'out/main/cli.js');
  return spawnSync(process.execPath, [path, ...args, '--data', dataDir], { encoding: 'utf8' });
}

async function pidOfCore(): Promise<number> {
  const { readInstance } = await import('../../../src/main/foundation/instance-file.js');
  return readInstance(dataDir)!.pid;
}

describe('the core’s process', () => {
  it('reaches the key store through main', async () => {
    await supervisor.start();
    const { api } = createRemoteApi(await connectToCore(supervisor.endpoint!));
    expect(await api.credentials.status()).toMatchObject({ system: { isUsable: true, description: SEALED.describe } });
  });

  it('refuses data that another program has, in the words of the lock', async () => {
    const lock = lockInstance(dataDir);
    try {
      await expect(supervisor.start()).rejects.toMatchObject({
        code: 'instance-locked',
        hint: expect.stringContaining('--data') as string,
      });
    } finally {
      lock.release();
    }
  });

  it('is started again after a kill, and says why it was away', async () => {
    await supervisor.start();
    const first = await pidOfCore();
    process.kill(first, 'SIGKILL');
    await until(() => states.at(-1)?.kind === 'open' && states.length > 1);
    expect(await pidOfCore()).not.toBe(first);
    expect(states.map(({ kind }) => kind)).toEqual(['open', 'lost', 'connecting', 'open']);
    expect(problems).toEqual([expect.stringContaining('SIGKILL')]);
  });

  it('closes when it is told to, and leaves neither socket nor note', async () => {
    await supervisor.start();
    const { socketPath } = supervisor.endpoint!;
    await supervisor.close();
    expect(existsSync(dirname(socketPath))).toBe(false);
    expect(existsSync(join(dataDir, 'instance.json'))).toBe(false);
  });
});

describe('a terminal beside an open window', () => {
  it('changes and reads the same data through the window’s core', async () => {
    await supervisor.start();
    expect(dedgeai('dataset', 'import', '--sample')).toMatchObject({ status: 0 });
    const { api } = createRemoteApi(await connectToCore(supervisor.endpoint!));
    const [dataset] = await api.datasets.list();
    expect(dataset?.name).toBe('Sample prompts');
    expect(dedgeai('dataset', 'list').stdout).toContain('Sample prompts');
  });

  it('gets the program’s own errors and exit statuses', async () => {
    await supervisor.start();
    const { status, stderr } = dedgeai('run', 'show', 'run-none');
    expect(status).toBe(3);
    expect(stderr).toContain('not-found');
  });

  it('opens the data by itself when the window was killed', async () => {
    await supervisor.start();
    const pid = await pidOfCore();
    await supervisor.close();
    // What a killed program leaves behind: the note of a socket that no one answers.
    const { writeInstance } = await import('../../../src/main/foundation/instance-file.js');
    writeInstance(dataDir, { pid, startedAtMs: 0, version: '0.1.0', endpoint: { socketPath: join(dataDir, 'gone.sock'), token: 't' } });
    expect(dedgeai('dataset', 'import', '--sample')).toMatchObject({ status: 0 });
  });

  it('of another version does not change what that window has open', async () => {
    await supervisor.start();
    const { readInstance, writeInstance } = await import('../../../src/main/foundation/instance-file.js');
    writeInstance(dataDir, { ...readInstance(dataDir)!, version: '99.0.0' });
    const { status, stderr } = dedgeai('dataset', 'import', '--sample');
    expect(status).toBe(4);
    expect(stderr).toContain('99.0.0');
    expect(dedgeai('dataset', 'list').status).toBe(0);
  });
});
