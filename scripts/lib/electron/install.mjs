// Electron unpacked into its package, where Electron's own installer would put it: there whole or not at all.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { explainError, notUnpacked } from './fetch-failure.mjs';
import { electronVersion, packageDir, PROGRAM_NAME } from './artifact.mjs';

const UNPACKING = 'dist.unpacking-';
const distDir = join(packageDir, 'dist');

/** Path of the installed program file, or null where it is missing or of another version. */
export function findInstalled() {
  const path = join(distDir, PROGRAM_NAME);
  try {
    const version = readFileSync(join(distDir, 'version'), 'utf8').trim().replace(/^v/, '');
    return version === electronVersion() && existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/** Unpacks the verified archive; returns the path of the program file. Throws FetchFailures. */
export async function install(zipPath) {
  const target = join(packageDir, `${UNPACKING}${process.pid}`);
  try {
    mkdirSync(target, { recursive: true });
    await unpack(zipPath, target);
    if (!existsSync(join(target, PROGRAM_NAME))) throw notUnpacked(`there is no ${PROGRAM_NAME} in it`, packageDir);
    rmSync(distDir, { recursive: true, force: true });
    writeFileSync(join(packageDir, 'path.txt'), PROGRAM_NAME);
    renameSync(target, distDir);
  } catch (error) {
    throw explainError(error, { host: 'this machine', path: packageDir });
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
  return join(distDir, PROGRAM_NAME);
}

async function unpack(zipPath, target) {
  try {
    // The one of Electron's own installer; native, so loaded only when needed.
    const extractor = createRequire(join(packageDir, 'package.json')).resolve('@electron-internal/extract-zip');
    const { extract } = await import(pathToFileURL(extractor).href);
    await extract(zipPath, { dir: target });
  } catch (error) {
    throw notUnpacked(error.message, packageDir);
  }
}

/** Removes what a killed start left half unpacked. Only for the holder of the lock. */
export function removeHalfUnpacked() {
  for (const name of readdirSync(packageDir).filter((entry) => entry.startsWith(UNPACKING))) {
    rmSync(join(packageDir, name), { recursive: true, force: true });
  }
}
