import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import {
  endNodeProcesses,
  findNodeProcesses,
  HOST_PID_VARIABLE,
  NODE_MARK_VARIABLE,
} from '../../../src/main/programs/virtual-nodes/node-processes.js';

const HOME = `/tmp/dedgeai-no-such-home-${process.pid}`;
const hasProc = existsSync('/proc/self/environ');
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** A process of a virtual node that says `ready` once its signals are set. */
async function startMarked(options: { hostPid: number; home?: string; script?: string }): Promise<ChildProcess> {
  const environment = {
    PATH: process.env['PATH'] ?? '',
    [NODE_MARK_VARIABLE]: options.home ?? HOME,
    [HOST_PID_VARIABLE]: String(options.hostPid),
  };
  const child = spawn('/bin/sh', ['-c', options.script ?? 'echo ready; exec sleep 600'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  await once(child.stdout, 'data');
  return child;
}

test.runIf(hasProc)('a host ends its own processes and leaves those of another host alone', async () => {
  const own = await startMarked({ hostPid: process.pid });
  const others = await startMarked({ hostPid: 1 });

  await endNodeProcesses(HOME, 'this-host', 0);

  expect(findNodeProcesses(HOME)).toEqual([others.pid]);
  await endNodeProcesses(HOME, 'former-host', 0);
  expect(findNodeProcesses(HOME)).toEqual([]);
  expect(own.pid).not.toBe(others.pid);
});

test.runIf(hasProc)('processes of another node, even of one whose folder starts alike, are left alone', async () => {
  const other = await startMarked({ hostPid: process.pid, home: `${HOME}-2` });

  await endNodeProcesses(HOME, 'any-host', 0);

  expect(findNodeProcesses(`${HOME}-2`)).toEqual([other.pid]);
});

test.runIf(hasProc)('a process gets its time to end by itself, and is killed when it does not', async () => {
  const polite = await startMarked({ hostPid: process.pid, script: 'trap "exit 7" TERM; echo ready; while :; do sleep 0.05; done' });
  const politeEnd = once(polite, 'exit');
  await endNodeProcesses(HOME, 'this-host', 40_000);
  expect(await politeEnd).toEqual([7, null]);

  const stubborn = await startMarked({ hostPid: process.pid, script: 'trap "" TERM; echo ready; while :; do sleep 0.05; done' });
  const stubbornEnd = once(stubborn, 'exit');
  await endNodeProcesses(HOME, 'this-host', 400);
  expect(await stubbornEnd).toEqual([null, 'SIGKILL']);
});
