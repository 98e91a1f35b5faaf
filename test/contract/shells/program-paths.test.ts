import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findProgramPaths } from '../../../src/main/foundation/program-paths.js';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'dedgeai-paths-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A folder with the program's package.json; gives the folder of its built code. */
function placeProgram(name: string, manifest = { name: 'dedgeai-control-center' }): string {
  const chunks = join(dir, name, 'out', 'main', 'chunks');
  mkdirSync(chunks, { recursive: true });
  writeFileSync(join(dir, name, 'package.json'), JSON.stringify(manifest));
  return chunks;
}

test('a checkout has everything in one folder', () => {
  const paths = findProgramPaths(placeProgram('checkout'));

  expect(paths.programDir).toBe(join(dir, 'checkout'));
  expect(paths.rendererDir).toBe(join(dir, 'checkout', 'out', 'renderer'));
  expect(paths.trainerPath).toBe(join(dir, 'checkout', 'out', 'main', 'trainer.js'));
});

test.each(['app.asar', 'app.asar.unpacked'])(
  'in a package, code in %s starts programs from plain files and shows the window of the archive',
  (name) => {
    const { programDir, rendererDir, preloadPath, ...plain } = findProgramPaths(placeProgram(name));
    const archive = join(dir, 'app.asar');
    const unpacked = join(dir, 'app.asar.unpacked');

    expect(programDir).toBe(unpacked);
    expect(rendererDir).toBe(join(archive, 'out', 'renderer'));
    expect(preloadPath).toBe(join(archive, 'out', 'preload', 'index.cjs'));
    for (const path of Object.values(plain)) expect(path.startsWith(join(unpacked, '/'))).toBe(true);
  },
);

test("another program's package.json on the way is passed by", () => {
  placeProgram('', { name: 'dedgeai-control-center' });
  const chunks = placeProgram('inner', { name: 'somebody-else' });

  expect(findProgramPaths(chunks).programDir).toBe(dir);
});
