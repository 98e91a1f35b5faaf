// The web shell ends when it is asked to, with a run going and with nodes that do not answer: within five seconds, with every child, also
// behind the launcher on whatever Node.js that runs on. Needs `npm run build`.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../support/cli.js';

const PROJECT_DIR = join(import.meta.dirname, '../../..');
/** Older than the program's own where the machine has one; the launcher then starts another process for the program. */
const OTHER_NODE = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path)) ?? process.execPath;

let dataDir: string;
let started: ChildProcess | null;
beforeEach(() => {
  started = null;
  dataDir = mkdtempSync(join(tmpdir(), 'dedgeai-ending-'));
});
afterEach(() => {
  for (const pid of processesOfData()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended in between.
    }
  }
  rmSync(dataDir, { recursive: true, force: true });
});

/** Every process with the data folder in its arguments or environment: the program, its children, and what runs on virtual nodes. */
function processesOfData(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return ['cmdline', 'environ'].some((file) => readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(dataDir));
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Empty for a process that has just ended. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

/** Starts it and resolves with the port when it serves. */
async function serve(command: string, args: string[]): Promise<number> {
  const child = spawn(command, [...args, '--data', dataDir, '--port', '0', '--no-open'], {
    env: { ...process.env, npm_lifecycle_event: undefined, INIT_CWD: undefined },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started = child;
  for await (const line of createInterface(child.stdout)) {
    const port = /127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error('It ended before it served');
}

async function endsOn(signal: NodeJS.Signals, port: number): Promise<void> {
  const program = started!;
  const ended = once(program, 'exit');
  program.kill(signal);
  // The program cuts off what is not closed before five seconds; without that a node that does not answer would hold it for good.
  expect(await Promise.race([ended.then(() => 'ended'), delay(20_000, 'still there', { ref: false })])).toBe('ended');
  await expect.poll(() => processesOfData(), { message: 'what is left of it' }).toEqual([]);
  const refused = once(connect(port, '127.0.0.1'), 'connect');
  await expect(refused).rejects.toMatchObject({ code: 'ECONNREFUSED' });
}

const CLI = join(PROJECT_DIR, 'out/main/cli.js');
const LAUNCHER = join(PROJECT_DIR, 'bin/dedgeai.mjs');

async function provisionedTestbed(): Promise<void> {
  expect(
    (await runCli(['testbed', 'create-virtual', '--name', 'Lab', '--nodes', '2', '--time-scale', '1', '--data', dataDir])).status,
  ).toBe(0);
  expect((await runCli(['provision', 'Lab', '--accept-new', '--data', dataDir])).status).toBe(0);
}

test.each([
  ['SIGTERM', process.execPath, CLI],
  ['SIGINT', process.execPath, CLI],
  ['SIGTERM', OTHER_NODE, LAUNCHER],
  ['SIGINT', OTHER_NODE, LAUNCHER],
] as const)('%s ends it: %s %s', async (signal, node, script) => {
  const port = await serve(node, [script, 'serve']);

  await endsOn(signal, port);
});

test('with a run going and a node that does not answer, its children end with it', { timeout: 120_000 }, async () => {
  await provisionedTestbed();
  expect((await runCli(['dataset', 'import', join(PROJECT_DIR, 'resources/prompts/sample-prompts.txt'), '--data', dataDir])).status).toBe(
    0,
  );
  const run = await runCli(
    ['run', 'start', '--testbed', 'Lab', '--dataset', 'sample-prompts', '--count', '50', '--repeat-prompts', '--data', dataDir],
    { interruptAt: (line) => line.includes('/50') },
  );
  expect(run.status).toBe(130);
  const port = await serve(OTHER_NODE, [LAUNCHER, 'serve']);
  const agents = (): number[] => processesOfData().filter((pid) => commandOf(pid).includes('agent.mjs'));
  await expect.poll(agents).toHaveLength(2);
  process.kill(agents()[0]!, 'SIGSTOP');

  await endsOn('SIGTERM', port);
});

test('a launcher that is still installing ends with what it has started', async () => {
  const clone = mkdtempSync(join(tmpdir(), 'dedgeai-launcher-'));
  try {
    for (const folder of ['scripts', 'bin']) cpSync(join(PROJECT_DIR, folder), join(clone, folder), { recursive: true });
    writeFileSync(join(clone, 'package.json'), JSON.stringify({ name: 'dedgeai-control-center', type: 'module' }));
    const locked = { '': {}, 'node_modules/absent': { version: '1.0.0', integrity: 'sha512-x' } };
    writeFileSync(join(clone, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages: locked }));
    // Stands in for an npm that is busy in a child of its own, which holds its output.
    const busy = `import { spawn } from 'node:child_process'; import { writeFileSync } from 'node:fs';
      const child = spawn('sleep', ['1000'], { stdio: 'inherit' }); writeFileSync(${JSON.stringify(join(clone, 'pids'))}, process.pid + ' ' + child.pid);
      process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000);`;
    writeFileSync(join(clone, 'npm.mjs'), busy);
    const launcher = spawn(process.execPath, [join(clone, 'scripts/start.mjs'), '--web'], {
      env: { ...process.env, npm_execpath: join(clone, 'npm.mjs'), npm_lifecycle_event: undefined },
      stdio: 'ignore',
    });
    const ended = once(launcher, 'exit');
    await expect.poll(() => existsSync(join(clone, 'pids'))).toBe(true);
    launcher.kill('SIGTERM');

    expect((await ended)[0]).toBe(143);
    const isAlive = (pid: string): boolean =>
      existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    await expect.poll(() => readFileSync(join(clone, 'pids'), 'utf8').split(' ').filter(isAlive)).toEqual([]);
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
});
