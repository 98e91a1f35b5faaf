// Looks at this machine and says in plain words what of the program works here and what does not.
import { execFile } from 'node:child_process';
import { access, constants, statfs } from 'node:fs/promises';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DoctorCheck, DoctorReport } from '../../../shared/api/app-info.js';
import { toErrorShape } from '../../../shared/errors.js';
import { formatBytes } from '../../../shared/format.js';
import { listLogFiles, readLastLines } from '../../adapters/log/read-log.js';
import { isPackaged } from '../../foundation/program-paths.js';

export interface DoctorInput {
  dataDir: string;
  programDir: string;
  agentBundlePath: string;
  rendererDir: string;
  /** The current file of the log; need not be there yet. */
  logPath: string;
  /** Reads something from the open database. */
  readDatabase(): string;
}

const run = promisify(execFile);
const GIB = 1024 ** 3;
/** Room for about ten thousand images with their thumbnails. */
const COMFORTABLE_FREE_BYTES = 4 * GIB;
const MIN_FREE_BYTES = 0.5 * GIB;
const COMMAND_TIMEOUT_MS = 5000;
/** Lines of the log at the end of the report. */
const LOG_LINES = 10;

/** Runs all checks; a check that fails by itself counts as missing, never ends the others. */
export async function examine(input: DoctorInput): Promise<DoctorReport> {
  // What is built or installed in a checkout comes with a package, and is mended with it.
  const remedy = (inCheckout: string): string => (isPackaged(input.programDir) ? 'Install the program again.' : inCheckout);
  const checks = await Promise.all([
    guard('Node.js', () => checkNode(remedy('The program needs Node.js 24; `npm start` brings it.'))),
    guard('Data folder', () => checkDataDir(input.dataDir)),
    guard('Database', () => Promise.resolve(works('Database', input.readDatabase()))),
    guard('Desktop shell', () => Promise.resolve(checkElectron(input.programDir))),
    guard('Window', () => Promise.resolve(checkFile('Window', join(input.rendererDir, 'index.html'), remedy('Run `npm run build`.')))),
    guard('Agent bundle', () => Promise.resolve(checkFile('Agent bundle', input.agentBundlePath, remedy('Run `npm run build:agent`.')))),
    guard('Virtual nodes', () => checkShell()),
    guard('Thumbnails (sharp)', () =>
      checkModule('Thumbnails (sharp)', 'sharp', `Galleries load the full images. ${remedy('Reinstall with `npm ci`.')}`),
    ),
    guard('Training (ONNX Runtime)', () => checkModule('Training (ONNX Runtime)', 'onnxruntime-node', remedy('Reinstall with `npm ci`.'))),
    guard('OpenSSH client', () => checkSsh()),
    guard('Log', () => Promise.resolve(checkLog(input.logPath))),
  ]);
  return { checks, log: { path: input.logPath, lines: readLastLines(input.logPath, LOG_LINES) } };
}

async function guard(name: string, check: () => Promise<DoctorCheck>): Promise<DoctorCheck> {
  try {
    return await check();
  } catch (thrown) {
    const { message, hint } = toErrorShape(thrown);
    return { name, state: 'missing', detail: message, hint };
  }
}

function works(name: string, detail: string): DoctorCheck {
  return { name, state: 'works', detail, hint: null };
}

function checkNode(hint: string): Promise<DoctorCheck> {
  const [major = 0] = process.versions.node.split('.').map(Number);
  const detail = `${process.version} on ${process.platform} ${process.arch}`;
  return Promise.resolve(major >= 24 ? works('Node.js', detail) : { name: 'Node.js', state: 'missing', detail, hint });
}

async function checkDataDir(dataDir: string): Promise<DoctorCheck> {
  const name = 'Data folder';
  await access(dataDir, constants.W_OK);
  const { bavail, bsize } = await statfs(dataDir);
  const freeBytes = bavail * bsize;
  const detail = `${dataDir}, ${formatBytes(freeBytes)} free`;
  if (freeBytes >= COMFORTABLE_FREE_BYTES) return works(name, detail);
  const hint = 'Free some space, or choose another folder with --data.';
  return { name, state: freeBytes >= MIN_FREE_BYTES ? 'limited' : 'missing', detail, hint };
}

function checkElectron(programDir: string): DoctorCheck {
  const name = 'Desktop shell';
  if (process.versions.electron) return works(name, `Electron ${process.versions.electron}`);
  if (isPackaged(programDir)) return works(name, 'in the package');
  const packageDir = join(programDir, 'node_modules', 'electron');
  const pathFile = join(packageDir, 'path.txt');
  const isThere = existsSync(pathFile) && existsSync(join(packageDir, 'dist', readFileSync(pathFile, 'utf8').trim()));
  if (isThere) return works(name, 'Electron’s binary is there');
  return {
    name,
    state: 'limited',
    detail: 'Electron’s binary is not there; the web shell does the same job in a browser',
    hint: 'Run `npm start` with access to the internet to fetch it.',
  };
}

function checkFile(name: string, path: string, hint: string): DoctorCheck {
  return existsSync(path) ? works(name, path) : { name, state: 'missing', detail: `${path} is not there`, hint };
}

function checkLog(path: string): DoctorCheck {
  const sizeBytes = listLogFiles(path).reduce((sum, file) => sum + statSync(file).size, 0);
  return works('Log', `${path}, ${formatBytes(sizeBytes)} with its former files`);
}

function checkShell(): Promise<DoctorCheck> {
  const name = 'Virtual nodes';
  if (process.platform !== 'win32') return Promise.resolve(works(name, 'loopback SSH servers with a POSIX shell'));
  return Promise.resolve({ name, state: 'missing', detail: 'Windows has no POSIX shell for them', hint: 'Use WSL, or add real nodes.' });
}

async function checkModule(name: string, moduleName: string, hint: string): Promise<DoctorCheck> {
  try {
    await import(moduleName);
    return works(name, 'loads');
  } catch (thrown) {
    return { name, state: 'limited', detail: toErrorShape(thrown).message.split('\n')[0] ?? 'does not load', hint };
  }
}

async function checkSsh(): Promise<DoctorCheck> {
  const name = 'OpenSSH client';
  try {
    const { stderr } = await run('ssh', ['-V'], { timeout: COMMAND_TIMEOUT_MS });
    return works(name, stderr.trim().split('\n')[0] ?? 'found');
  } catch {
    return { name, state: 'limited', detail: 'not found; the program brings its own SSH', hint: 'Only needed to read ~/.ssh/config.' };
  }
}
