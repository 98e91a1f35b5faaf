// What a virtual node starts as `node`, and how it is behind a window of the same machine.
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeScript } from '../../../src/main/programs/virtual-nodes/node-script.js';

const run = promisify(execFile);
const LOOK = `process.stdout.write(JSON.stringify({
  nice: os.getPriority(), group: fs.existsSync('/proc/self/autogroup') ? fs.readFileSync('/proc/self/autogroup', 'utf8') : null, args: process.argv.slice(1),
}))`;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'node-script-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the script in a session of its own, as an agent has one. */
async function look(isBehindWindow: boolean): Promise<{ nice: number; group: string | null; args: string[] }> {
  const path = join(folder, 'node');
  writeFileSync(path, nodeScript(isBehindWindow));
  chmodSync(path, 0o755);
  const words = [path, '-e', LOOK, 'two words', "it's"];
  const inSession = `require('node:child_process').spawnSync(process.argv[1], process.argv.slice(2), { stdio: 'inherit', detached: true })`;
  const { stdout } = await run(process.execPath, ['-e', inSession, ...words]);
  return JSON.parse(stdout) as { nice: number; group: string | null; args: string[] };
}

test('without a window it is this Node.js as it stands', async () => {
  expect(await look(false)).toMatchObject({ nice: getPriority(), args: ['two words', "it's"] });
});

test.runIf(process.platform !== 'win32')('behind a window it is less than anyone who starts it, and gets the same arguments', async () => {
  expect(await look(true)).toMatchObject({ nice: Math.min(19, getPriority() + 5), args: ['two words', "it's"] });
});

test.runIf(existsSync('/proc/self/autogroup'))('so is its session, which Linux would give a full share', async () => {
  const { group } = await look(true);
  const { group: usual } = await look(false);
  expect(group).toMatch(/nice 5$/m);
  expect(usual).not.toMatch(/nice 5$/m);
});

test('in Electron it is told to be a Node.js', () => {
  const program = { execPath: "/opt/it's/electron", versions: { ...process.versions, electron: '45.0.0' } };
  expect(nodeScript(false, program)).toBe(`#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec '/opt/it'\\''s/electron' "$@"\n`);
});
