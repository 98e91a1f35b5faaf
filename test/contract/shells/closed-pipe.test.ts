// Output whose reader has gone: `dedgeai ... | head -1`. Needs `npm run build`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCliJson } from '../../support/cli.js';

const CLI = join(import.meta.dirname, '../../../out/main/cli.js');
/** Episodes take milliseconds. */
const SMALL = ['--preset', 'paper', '--base-stations', '2', '--slots', '8', '--max-tasks', '3', '--set', 'learningStarts=6'];

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'dedgeai-closed-pipe-'));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

/** Runs a command whose output is closed after `bytes` of it; what it writes to the other stream comes back. */
async function closeAfter(bytes: number, which: 'stdout' | 'stderr', args: string[]): Promise<{ status: number | null; other: string }> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const other = text(which === 'stdout' ? child.stderr : child.stdout);
  const read = child[which];
  let seen = 0;
  if (bytes === 0) read.destroy();
  read.on('data', (piece: Buffer) => {
    seen += piece.length;
    if (seen >= bytes) read.destroy();
  });
  const [status] = await closed;
  return { status, other: await other };
}

test('help that no one reads ends without a word', async () => {
  expect(await closeAfter(0, 'stdout', ['--help'])).toEqual({ status: 130, other: '' });
});

test('a training whose progress no one reads any more is paused as by Ctrl-C', async () => {
  const { status } = await closeAfter(1, 'stderr', ['train', '--data', dataDir, ...SMALL, '--method', 'sac-ts', '--episodes', '5000']);
  expect(status).toBe(130);
  const { document } = await runCliJson(['jobs', 'list', '--data', dataDir]);
  expect(JSON.stringify(document)).toContain('"paused"');
});
