import { resolve } from 'node:path';
import { Failure } from '../failure.mjs';
import { parseNpmOptions } from '../npm-options.mjs';
import { fromProject } from '../paths.mjs';

export const DIST_HELP = `Usage: npm run dist -- [options]

Makes packages of the desktop program for this system: on Linux an AppImage and a deb, on macOS a dmg, on Windows an installer.

  --electron DIR       an unpacked Electron to use (also ELECTRON_OVERRIDE_DIST_PATH); else that of node_modules, fetched where it is missing
  --out DIR            where the packages go (default: dist)
  --dir                only the unpacked program
  --deb                only the unpacked program and the deb, which needs nothing from outside
  --without-runtimes   without Node.js for nodes that have none
  --uncompressed       a deb that is made quickly, and large: for tests
  --help               show this`;

/** The options of `npm run dist`; folders are absolute. Throws a Failure that names what is wrong. */
export function parseDistOptions(args, env = process.env, callerDir = env.INIT_CWD ?? process.cwd()) {
  const values = parseNpmOptions('npm run dist', args, {
    electron: { type: 'string' },
    out: { type: 'string' },
    dir: { type: 'boolean' },
    deb: { type: 'boolean' },
    'without-runtimes': { type: 'boolean' },
    uncompressed: { type: 'boolean' },
  });
  for (const name of ['electron', 'out']) if (values[name] === '') throw new Failure(`--${name} needs a folder.`, DIST_HELP);
  const electron = values.electron ?? env.ELECTRON_OVERRIDE_DIST_PATH;
  return {
    help: values.help === true,
    electronDir: electron ? resolve(callerDir, electron) : null,
    outDir: values.out === undefined ? fromProject('dist') : resolve(callerDir, values.out),
    only: values.dir === true ? 'dir' : values.deb === true ? 'deb' : null,
    withRuntimes: values['without-runtimes'] !== true,
    isCompressed: values.uncompressed !== true,
  };
}
