// The script by which the agent starts the worker's Python. A service inherits nothing of a shell, so that the folders of libraries have to be
// named here: those that came as packages lie off the loader's path, and torch looks for them only beside itself.
import { createHash } from 'node:crypto';
import { shellQuote } from '../../../../adapters/ssh/shell-quote.js';
import type { FoundPython } from './find-python.js';
import type { WorkerFile } from './worker-files.js';

/** In the worker's folder; the agent's configuration names it. */
export const LAUNCHER = 'python';

export function launcherOf({ path, version, machine }: Pick<FoundPython, 'path' | 'version' | 'machine'>): WorkerFile {
  const minor = version.split('.').slice(0, 2).join('.');
  const prefix = path.replace(/\/bin\/[^/]+$/, '');
  const folders = [
    `${shellQuote(prefix)}/lib/python${minor}/site-packages`,
    `"$HOME"/.local/lib/python${minor}/site-packages`,
    `/usr/local/lib/python${minor}/dist-packages`,
  ];
  // Elsewhere torch brings a CUDA of its own, which that of the system must not come before.
  const system = machine === 'aarch64' ? ' /usr/local/cuda/lib64' : '';
  const script = [
    '#!/bin/sh',
    '# Written by the DEdgeAI control center: the Python of the image worker.',
    'libraries=',
    `for folder in ${folders.map((folder) => `${folder}/nvidia/*/lib ${folder}/nvpl/lib`).join(' ')}${system}; do`,
    '  [ -d "$folder" ] && libraries=$libraries${libraries:+:}$folder',
    'done',
    '[ -z "$libraries" ] || export LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"',
    `exec ${shellQuote(path)} "$@"`,
    '',
  ].join('\n');
  const bytes = Buffer.from(script);
  return { path: LAUNCHER, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}
