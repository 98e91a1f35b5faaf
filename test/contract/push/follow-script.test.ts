// The command that reads a pushed file back and names it, run by this machine's own shell.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followScript } from '../../../src/main/domain/models/push/remote-scripts.js';
import { BLOCK_BYTES } from '../../../src/shared/model-layout.js';

let dir: string;
let file: string;
let bytes: Buffer;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'follow-script-'));
  file = join(dir, "it's $(a) file");
  bytes = randomBytes(BLOCK_BYTES + 777);
  writeFileSync(`${file}.part`, bytes);
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Runs it with this as its input; `publish` leaves a trace. */
function follow(input: string): Promise<{ status: number; stdout: string }> {
  return new Promise((resolve) => {
    const shell = execFile('/bin/sh', ['-c', followScript(file, 'touch published')], { cwd: dir }, (error, stdout) =>
      resolve({ status: error === null ? 0 : Number(error.code), stdout }),
    );
    shell.stdin?.end(input);
  });
}

test('the blocks that are told are hashed in their order, and the file gets its name at the word for it', async () => {
  const { status, stdout } = await follow('0\n1\nhash\nname\n');

  expect(status).toBe(0);
  expect(stdout.trim()).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(readFileSync(file).equals(bytes)).toBe(true);
  expect(existsSync(`${file}.part`)).toBe(false);
  expect(existsSync(join(dir, 'published'))).toBe(true);
});

test.each([
  ['after the hash', '0\n1\nhash\n'],
  ['before the hash is asked for', '0\n1\n'],
  ['before the first block', ''],
  ['within the last word', '0\n1\nhash\nname'],
])('input that ends %s leaves the file without its name', async (_when, input) => {
  const { status } = await follow(input);

  expect(status).toBe(0);
  expect(existsSync(file)).toBe(false);
  expect(existsSync(join(dir, 'published'))).toBe(false);
  expect(readFileSync(`${file}.part`).equals(bytes)).toBe(true);
});

test('a file that is gone when it is to be named fails the command, and nothing is published', async () => {
  rmSync(`${file}.part`);

  const { status } = await follow('hash\nname\n');

  expect(status).not.toBe(0);
  expect(existsSync(join(dir, 'published'))).toBe(false);
});
