// The command that takes a file in, reads it back and names it, run by this machine's own shell.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { receiveScript, UNIT_BYTES } from '../../../src/main/domain/models/push/remote-scripts.js';
import { BLOCK_BYTES } from '../../../src/shared/model-layout.js';

let dir: string;
let file: string;
let bytes: Buffer;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'receive-script-'));
  file = join(dir, "it's $(a) file");
  bytes = randomBytes(2 * BLOCK_BYTES + UNIT_BYTES + 777);
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Runs it with this as its input; `prepare` and `publish` leave a trace. */
function receive(...input: (string | Buffer)[]): Promise<{ status: number; lines: string[] }> {
  const script = receiveScript(file, { look: 'echo free 5', prepare: 'touch made', publish: 'touch published' });
  return new Promise((resolve) => {
    const shell = execFile('/bin/sh', ['-c', script], { cwd: dir }, (error, stdout) =>
      resolve({ status: error === null ? 0 : Number(error.code), lines: stdout.trim().split('\n') }),
    );
    shell.stdin?.on('error', () => undefined);
    shell.stdin?.end(Buffer.concat(input.map((part) => Buffer.from(part))));
  });
}

/** The word for bytes of the file from a block on, and the bytes. */
function blocks(index: number, length: number): Buffer {
  const part = bytes.subarray(index * BLOCK_BYTES, index * BLOCK_BYTES + length);
  return Buffer.concat([Buffer.from(`block ${index} ${Math.floor(part.length / UNIT_BYTES)} ${part.length % UNIT_BYTES}\n`), part]);
}

const last = (): Buffer => blocks(2, BLOCK_BYTES);
const FOLLOW_ALL = 'follow 0\nfollow 1\nfollow 2\n';
const sha256 = (): string => createHash('sha256').update(bytes).digest('hex');

test('blocks in any order, one or several at once, are written, hashed in their order, and named at the word for it', async () => {
  const { status, lines } = await receive('prepare\n', last(), blocks(0, 2 * BLOCK_BYTES), FOLLOW_ALL, 'hash\nname publish\n');

  expect(status).toBe(0);
  expect(lines).toEqual(['free 5', 'looked', 'prepared', 'written 2', 'written 0', `hash ${sha256()}`]);
  expect(readFileSync(file).equals(bytes)).toBe(true);
  expect(existsSync(`${file}.part`)).toBe(false);
  expect(existsSync(join(dir, 'made'))).toBe(true);
  expect(existsSync(join(dir, 'published'))).toBe(true);
});

test('blocks that were there before are read back like those that were sent', async () => {
  writeFileSync(`${file}.part`, bytes);

  const { status, lines } = await receive(FOLLOW_ALL, 'hash\nname\n');

  expect(status).toBe(0);
  expect(lines.at(-1)).toBe(`hash ${sha256()}`);
  expect(readFileSync(file).equals(bytes)).toBe(true);
  expect(existsSync(join(dir, 'made'))).toBe(false);
  expect(existsSync(join(dir, 'published'))).toBe(false);
});

test('what is hashed is what the disk gives back, not what was sent', async () => {
  const flipped = Buffer.from(bytes);
  flipped[5]! ^= 1;
  writeFileSync(`${file}.part`, flipped);

  const { lines } = await receive(blocks(1, BLOCK_BYTES), FOLLOW_ALL, 'hash\n');

  expect(lines.at(-1)).toBe(`hash ${createHash('sha256').update(flipped).digest('hex')}`);
});

test.each([
  ['after the hash', `${FOLLOW_ALL}hash\n`],
  ['before the hash is asked for', FOLLOW_ALL],
  ['before the first word', ''],
  ['within the last word', `${FOLLOW_ALL}hash\nname`],
])('input that ends %s leaves the file without its name', async (_when, input) => {
  writeFileSync(`${file}.part`, bytes);

  const { status } = await receive(input);

  expect(status).toBe(0);
  expect(existsSync(file)).toBe(false);
  expect(existsSync(join(dir, 'published'))).toBe(false);
  expect(readFileSync(`${file}.part`).equals(bytes)).toBe(true);
});

test('input that ends within a block leaves what came of it, without its name', async () => {
  await receive(blocks(0, BLOCK_BYTES).subarray(0, BLOCK_BYTES - UNIT_BYTES));

  expect(existsSync(file)).toBe(false);
  const part = readFileSync(`${file}.part`);
  expect(part.equals(bytes.subarray(0, part.length))).toBe(true);
});

test('a file that is gone when it is to be named fails the command, and nothing is published', async () => {
  const { status } = await receive('hash\nname publish\n');

  expect(status).not.toBe(0);
  expect(existsSync(join(dir, 'published'))).toBe(false);
});

test('a folder that is not there fails the command, and no block counts as written', async () => {
  file = join(dir, 'nowhere', 'file');

  const { status, lines } = await receive(blocks(0, BLOCK_BYTES), 'follow 0\nhash\nname\n');

  expect(status).not.toBe(0);
  expect(lines).not.toContain('written 0');
});
