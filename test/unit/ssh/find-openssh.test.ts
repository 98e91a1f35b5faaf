import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findOpenSsh } from '../../../src/main/adapters/ssh/find-openssh.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'find-openssh-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function folderWith(name: string, mode: number): string {
  mkdirSync(join(dir, name));
  writeFileSync(join(dir, name, 'ssh'), '#!/bin/sh\n');
  chmodSync(join(dir, name, 'ssh'), mode);
  return join(dir, name);
}

test('the first ssh on PATH that can be run is found; a relative folder is not looked into', () => {
  const [broken, good] = [folderWith('broken', 0o644), folderWith('good', 0o755)];
  const PATH = ['.', 'relative', join(dir, 'nowhere'), broken, good].join(delimiter);

  expect(findOpenSsh({ PATH }, 'linux')).toBe(join(good, 'ssh'));
});

test('there is none on an empty PATH, and on Windows', () => {
  const good = folderWith('good', 0o755);

  expect(findOpenSsh({}, 'linux')).toBeNull();
  expect(findOpenSsh({ PATH: good }, 'win32')).toBeNull();
});
