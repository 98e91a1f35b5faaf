import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeWhole } from '../../../src/main/shells/cli/write-output.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'write-output-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('writes a file whole, and leaves nothing beside it', async () => {
  await writeWhole(join(folder, 'report.md'), 'text', false);
  expect(readFileSync(join(folder, 'report.md'), 'utf8')).toBe('text');
  expect(readdirSync(folder)).toEqual(['report.md']);
});

it('leaves what is there, unless it may be replaced', async () => {
  const path = join(folder, 'report.md');
  writeFileSync(path, 'before');
  await expect(writeWhole(path, 'text', false)).rejects.toMatchObject({ code: 'conflict' });
  expect(readFileSync(path, 'utf8')).toBe('before');
  await writeWhole(path, 'text', true);
  expect(readFileSync(path, 'utf8')).toBe('text');
  expect(readdirSync(folder)).toEqual(['report.md']);
});

it('says where it can not write', async () => {
  await expect(writeWhole(join(folder, 'missing', 'report.md'), 'text', false)).rejects.toMatchObject({ code: 'io' });
});
