// The launcher's words for what it cannot do, and what it gives away before anything is installed.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const PROJECT_DIR = join(import.meta.dirname, '../../..');

let clone: string;

/** A clone with nothing but the launcher and a lockfile of one package that is not installed. */
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'launcher-'));
  for (const folder of ['scripts', 'bin']) cpSync(join(PROJECT_DIR, folder), join(clone, folder), { recursive: true });
  writeFileSync(
    join(clone, 'package.json'),
    JSON.stringify({ name: 'dedgeai-control-center', type: 'module', dependencies: { absent: '1.0.0' } }),
  );
  const locked = { '': { dependencies: { absent: '1.0.0' } }, 'node_modules/absent': { version: '1.0.0', integrity: 'sha512-x' } };
  writeFileSync(join(clone, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages: locked }));
});

afterEach(() => rmSync(clone, { recursive: true, force: true }));

function launch(script: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    const inherited = { ...process.env, npm_execpath: undefined, npm_lifecycle_event: undefined, INIT_CWD: undefined };
    execFile(process.execPath, [join(clone, script), ...args], { cwd: clone, env: { ...inherited, ...env } }, (error, stdout, stderr) =>
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr }),
    );
  });
}

/** Stands in for npm: writes the given words to standard error and fails. */
function failingNpm(words: string): NodeJS.ProcessEnv {
  const path = join(clone, 'npm.mjs');
  writeFileSync(path, `console.error(${JSON.stringify(words)}); process.exit(1);`);
  return { npm_execpath: path };
}

describe('npm start', () => {
  it('shows its options without installing anything', async () => {
    const { status, output } = await launch('scripts/start.mjs', ['--help'], failingNpm('must not run'));
    expect(status).toBe(0);
    expect(output).toContain('--no-open');
    expect(output).not.toContain('must not run');
  });

  it.each([
    [['--wbe'], '--wbe'],
    [['extra'], 'extra'],
    [['--port', 'many'], 'many is not a port'],
    [['--port', '70000'], '70000 is not a port'],
    [['--data', ''], '--data needs a folder'],
  ])('refuses %j and names it', async (args, words) => {
    const { status, output } = await launch('scripts/start.mjs', args);
    expect(status).toBe(1);
    expect(output).toContain(words);
    expect(output).not.toContain('    at ');
  });

  it.each([
    ['npm error code ENOTFOUND', 'registry cannot be reached'],
    ['npm error ENOSPC: no space left on device', 'disk is full'],
    ['npm error code EINTEGRITY', 'EINTEGRITY'],
  ])('says what to do when the install ends with “%s”', async (npmWords, words) => {
    const { status, output } = await launch('scripts/start.mjs', ['--web'], failingNpm(npmWords));
    expect(status).toBe(1);
    expect(output).toContain(words);
    expect(output).not.toContain('    at ');
  });

  it('says that npm is missing', async () => {
    const empty = join(clone, 'empty');
    mkdirSync(empty);
    const { status, output } = await launch('scripts/start.mjs', ['--web'], { PATH: empty });
    expect(status).toBe(1);
    expect(output).toContain('npm is missing');
  });
});

describe('the command line', () => {
  it('says how to build when the program is not built', async () => {
    const { status, output } = await launch('bin/dedgeai.mjs', ['doctor']);
    expect(status).toBe(1);
    expect(output).toContain('npm start');
  });
});
