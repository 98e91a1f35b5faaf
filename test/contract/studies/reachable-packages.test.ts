import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findReachablePackages } from '../../../src/main/domain/simulation/studies/cluster/reachable-packages.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'program-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function writePackage(path: string, manifest: object = {}): void {
  write(`node_modules/${path}/package.json`, JSON.stringify(manifest));
}

it('finds what is imported, through chunks, and what that needs', () => {
  write('out/main/cli.js', `import { a } from "./chunks/part.js";\nimport fs from 'node:fs';\nawait import("late");`);
  write('out/main/chunks/part.js', `import{x}from"@scope/one/part";import "./cli.js";`);
  writePackage('@scope/one', { dependencies: { two: '1' }, optionalDependencies: { absent: '1' } });
  writePackage('two', { dependencies: { nested: '1', late: '1' } });
  writePackage('two/node_modules/nested');
  writePackage('nested');
  writePackage('late');
  writePackage('of-the-window');
  expect(findReachablePackages(folder, [join(folder, 'out/main/cli.js')])).toEqual([
    'node_modules/@scope/one',
    'node_modules/late',
    'node_modules/two',
    'node_modules/two/node_modules/nested',
  ]);
});

it('takes a sentence in a text for no package', () => {
  write('out/main/cli.js', `throw new Error("taken from \\"nowhere\\"");`);
  expect(findReachablePackages(folder, [join(folder, 'out/main/cli.js')])).toEqual([]);
});
