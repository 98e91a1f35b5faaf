// Where the program's own files are, found from wherever this code runs: the built bundle, a package, or the sources under a test.
//
// A package has two folders side by side: the archive app.asar, which only Electron can read, holds the window and what opens it;
// app.asar.unpacked holds the core with its child programs as plain files, because no process starts from inside an archive.
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const PACKAGE_NAME = 'dedgeai-control-center';
const ARCHIVE = 'app.asar';
const UNPACKED = 'app.asar.unpacked';

export interface ProgramPaths {
  /** The folder of package.json: of plain files, in a package too. */
  programDir: string;
  /** The built window: index.html and its assets. */
  rendererDir: string;
  /** The built preload script of the desktop shell. */
  preloadPath: string;
  /** The single file that runs on every node. */
  agentBundlePath: string;
  /** Shipped files that are never imported. */
  resourcesDir: string;
  /** The core's own process behind the desktop's windows. */
  corePath: string;
  /** Built programs that the core runs as child processes. */
  virtualTestbedHostPath: string;
  thumbnailerPath: string;
  dataWorkerPath: string;
  modelWorkerPath: string;
  pushWorkerPath: string;
  trainerPath: string;
  evaluatorPath: string;
  /** Not in packages. */
  crashPointsPath: string;
}

/** Throws when the code lies outside its own package, which is a fault of the packaging. */
export function findProgramPaths(startDir: string = import.meta.dirname): ProgramPaths {
  const foundDir = findProgramDir(startDir);
  const programDir = beside(foundDir, ARCHIVE, UNPACKED);
  const windowDir = join(beside(foundDir, UNPACKED, ARCHIVE), 'out');
  const built = join(programDir, 'out');
  return {
    programDir,
    rendererDir: join(windowDir, 'renderer'),
    preloadPath: join(windowDir, 'preload', 'index.cjs'),
    agentBundlePath: join(built, 'agent', 'agent.mjs'),
    resourcesDir: join(programDir, 'resources'),
    corePath: join(built, 'main', 'core.js'),
    virtualTestbedHostPath: join(built, 'main', 'virtual-testbed-host.js'),
    thumbnailerPath: join(built, 'main', 'thumbnailer.js'),
    dataWorkerPath: join(built, 'main', 'data-worker.js'),
    modelWorkerPath: join(built, 'main', 'model-worker.js'),
    pushWorkerPath: join(built, 'main', 'push-worker.js'),
    trainerPath: join(built, 'main', 'trainer.js'),
    evaluatorPath: join(built, 'main', 'evaluator.js'),
    crashPointsPath: join(built, 'main', 'crash-points.js'),
  };
}

/** Whether the program's own folder is that of a package: nothing can be built or installed there. */
export function isPackaged(programDir: string): boolean {
  return basename(programDir) === UNPACKED;
}

/** The folder `to` where `dir` is its neighbor `from`; any other folder stays what it is. */
function beside(dir: string, from: string, to: string): string {
  return basename(dir) === from ? join(dirname(dir), to) : dir;
}

function findProgramDir(startDir: string): string {
  for (let dir = startDir; ; dir = dirname(dir)) {
    const manifestPath = join(dir, 'package.json');
    if (existsSync(manifestPath)) {
      const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as { name?: unknown };
      if (manifest.name === PACKAGE_NAME) return dir;
    }
    if (dirname(dir) === dir) throw new Error(`No package.json of ${PACKAGE_NAME} above ${startDir}`);
  }
}
