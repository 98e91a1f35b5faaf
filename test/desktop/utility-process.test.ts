// The core's line as an Electron utility process has it: real ports handed over, a real parent port. The desktop tests in an old Electron run
// the core in a forked Node.js instead; this covers what those leave out.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { desktopOfWorker } from '../support/desktop-of-worker.js';
import { copyElectronWith } from '../support/desktop-program.js';
import { chromiumArguments } from '../support/open-desktop.js';
import { STAND_IN_INFO } from '../support/stand-in-services.js';

const SUPPORT_DIR = join(import.meta.dirname, '../support');

let folder: string;
let appDir: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'utility-'));
  appDir = join(folder, 'app');
  mkdirSync(appDir);
  const files = { 'main.cjs': 'utility-main.ts', 'core.cjs': 'utility-core.ts' };
  for (const [outfile, entry] of Object.entries(files)) {
    await build({
      stdin: { contents: `import 'core-js/actual/index.js'; import './${entry}';`, resolveDir: SUPPORT_DIR, loader: 'ts' },
      outfile: join(appDir, outfile),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node16',
      external: ['electron', 'better-sqlite3', 'ssh2', 'sharp', 'onnxruntime-node'],
      logLevel: 'error',
    });
  }
  writeFileSync(join(appDir, 'package.json'), JSON.stringify({ name: 'utility-test', main: 'main.cjs' }));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('carries calls over ports, asks main for the key store, and comes back after a kill', async () => {
  const { executablePath, env } = desktopOfWorker();
  const electronPath = copyElectronWith(executablePath, appDir, join(folder, 'electron'));
  const args = [...chromiumArguments(), `--user-data-dir=${join(folder, 'profile')}`];
  const stdout = await new Promise<string>((resolve, reject) =>
    execFile(electronPath, args, { env: { ...process.env, ...env }, timeout: 60_000 }, (error, out, err) =>
      error ? reject(new Error(`${error.message}\n${out}\n${err}`)) : resolve(out),
    ),
  );
  const reported = JSON.parse(stdout.split('\n').find((line) => line.startsWith('{')) ?? '{}') as Record<string, unknown>;
  expect(reported).toMatchObject({
    info: STAND_IN_INFO,
    keyStore: { isUsable: true, description: 'The key store of main.' },
    refused: 'No testbed x',
    afterKill: STAND_IN_INFO,
  });
  expect(reported['states']).toEqual(['open', 'lost', 'connecting', 'open']);
  expect(reported['problems']).toHaveLength(1);
});
