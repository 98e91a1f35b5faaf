// Which file holds Electron for this machine: its name, address, checksum and place in the cache, all as Electron's own installer has
// them, so that what one fetched the other finds. The checksums are those of the package, whose own hash is in the lockfile.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, posix, resolve } from 'node:path';
import { fromProject } from '../paths.mjs';
import { FetchFailure } from './fetch-failure.mjs';

const DEFAULT_SITE = 'https://github.com/electron/electron/releases/download/';

export const packageDir = fromProject('node_modules/electron');

/** Electron's program file inside its folder. */
export const PROGRAM_NAME =
  process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : process.platform === 'win32' ? 'electron.exe' : 'electron';

export function electronVersion() {
  return readJson('package.json').version;
}

/** { version, fileName, url, sha256, zipPath }; throws a FetchFailure where Electron is not made for this machine, or its address is none. */
export function describeArtifact(env = process.env) {
  const version = electronVersion();
  const fileName = `electron-v${version}-${process.platform}-${process.arch}.zip`;
  const sha256 = readJson('checksums.json')[fileName];
  if (!sha256) {
    throw new FetchFailure(
      'no-build',
      `Electron ${version} is not made for ${process.platform}-${process.arch}`,
      'The browser window does all it does.',
    );
  }
  const url = artifactUrl(version, fileName, env);
  const cacheDir = join(cacheRoot(env), folderNameFor(url));
  return { version, fileName, url, sha256, zipPath: join(cacheDir, fileName) };
}

function artifactUrl(version, fileName, env) {
  const site = setting('mirror', env) ?? DEFAULT_SITE;
  const folder = (setting('custom_dir', env) ?? `v${version}`).replace('{{ version }}', version);
  const address = `${site}${folder}/${setting('custom_filename', env) ?? fileName}`;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new FetchFailure('address', `“${site}” is not the address of a download site`, 'Give ELECTRON_MIRROR as https://HOST/PATH/');
}

/** A setting of the download, from .npmrc, package.json or the environment, in the order of Electron's installer. */
function setting(name, env) {
  const names = [
    `npm_config_electron_${name.replace('_', '')}`,
    `NPM_CONFIG_ELECTRON_${name.toUpperCase()}`,
    `npm_config_electron_${name}`,
  ];
  const camel = name.replace(/_(.)/, (_, letter) => letter.toUpperCase());
  names.push(`npm_package_config_electron_${camel}`, `npm_package_config_electron_${name}`, `ELECTRON_${name.toUpperCase()}`);
  return names.map((key) => env[key]).find(Boolean);
}

function cacheRoot(env) {
  if (env.electron_config_cache) return resolve(env.electron_config_cache);
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'electron');
  if (process.platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'electron', 'Cache');
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'electron');
}

/** One folder per folder of the site. */
function folderNameFor(url) {
  const folder = new URL(url);
  folder.hash = '';
  folder.search = '';
  folder.pathname = posix.dirname(folder.pathname);
  return createHash('sha256').update(folder.toString()).digest('hex');
}

/** The folder that holds all versions' folders. */
export const cacheRootOf = (artifact) => dirname(dirname(artifact.zipPath));

const readJson = (name) => JSON.parse(readFileSync(join(packageDir, name), 'utf8'));
