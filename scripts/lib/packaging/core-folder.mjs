// The plain files of a package, as they will stand beside the archive: the core with its child programs, and what it reads.
import { cpSync, linkSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fromProject } from '../paths.mjs';

/** The window's opener is in the archive; what kills the program at given moments is for tests alone. */
const NOT_OF_THE_CORE = ['out/main/index.js', 'out/main/crash-points.js'];

/** Lays the folder out again. electron-builder takes it from here, since what it copies from the project itself never gets into the archive. */
export function layOutCore(coreDir, runtimes) {
  rmSync(coreDir, { recursive: true, force: true });
  const copy = (path, filter = () => true) => cpSync(fromProject(path), join(coreDir, path), { recursive: true, filter });
  copy('package.json');
  copy(
    'out/main',
    (source) => !/\.map$|bundled-packages\.json$/.test(source) && !NOT_OF_THE_CORE.some((path) => source === fromProject(path)),
  );
  copy('out/agent/agent.mjs');
  copy('resources');
  mkdirSync(join(coreDir, 'resources/runtimes'));
  for (const { path } of runtimes) linkSync(path, join(coreDir, 'resources/runtimes', basename(path)));
}
