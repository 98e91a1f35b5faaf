// From nothing to an unpacked Electron: the archive from the cache or the network, its checksum, its unpacking; one start at a time.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cacheRootOf, describeArtifact } from './artifact.mjs';
import { download } from './download.mjs';
import { explainError, wrongContent } from './fetch-failure.mjs';
import { withLock } from './fetch-lock.mjs';
import { findInstalled, install, removeHalfUnpacked } from './install.mjs';
import { partPathOf, readPart, removePart } from './part-file.mjs';
import { createProgress } from './progress.mjs';

/** A part of an older Electron that no one came back for. */
const PART_KEPT_MS = 14 * 24 * 3600 * 1000;

/** Path of Electron's program file. Throws FetchFailures, or the reason of `signal`; what has come by then stays for the next start. */
export async function fetchElectron({ limits, signal }) {
  const artifact = describeArtifact();
  const progress = createProgress();
  let isWaiting = false;
  const onWait = () => {
    if (!isWaiting) progress.say('Another start is fetching Electron; waiting for it ...');
    isWaiting = true;
    const part = readPart(artifact.zipPath, artifact.url.href);
    progress.show(part.bytes, part.totalBytes);
  };
  try {
    return await withLock(`${artifact.zipPath}.lock`, { signal, onWait }, async () => {
      const present = findInstalled();
      if (present) return present;
      removeHalfUnpacked();
      removeOldParts(cacheRootOf(artifact));
      if (!(await isWhole(artifact.zipPath, artifact.sha256, signal))) await fetchArchive(artifact, { limits, signal, progress });
      progress.say('Unpacking Electron ...');
      return await install(artifact.zipPath);
    });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw explainError(error, { host: artifact.url.host, path: artifact.zipPath });
  } finally {
    progress.end();
  }
}

async function fetchArchive(artifact, { limits, signal, progress }) {
  const { url, zipPath: path, version } = artifact;
  const { bytes: partialBytes } = readPart(path, url.href);
  progress.say(
    `Fetching Electron ${version} from ${url.host}${partialBytes > 0 ? `, from ${(partialBytes / 1e6).toFixed(1)} MB on` : ''} ...`,
  );
  let hasStarted = false;
  const onBytes = (bytes, totalBytes) => {
    if (!hasStarted) progress.say('Ctrl-C stops it and keeps what has come; `npm start -- --web` opens in the browser without it.');
    hasStarted = true;
    progress.show(bytes, totalBytes);
  };
  const onRetry = (failure) => progress.say(`${failure.message}; trying again ...`);
  const parts = { url, path, limits, signal, onBytes, onRetry };

  // Bytes of two answers need not fit together, where the site changed its file and told no one: then all of it once more.
  if ((await download(parts)) && !(await isWhole(partPathOf(path), artifact.sha256, signal))) {
    removePart(path);
    progress.say('What had come does not fit the rest; all of it once more ...');
    await download(parts);
  }
  if (!(await isWhole(partPathOf(path), artifact.sha256, signal))) {
    removePart(path);
    throw wrongContent(url.host, artifact.fileName);
  }
  renameSync(partPathOf(path), path);
  removePart(path);
}

async function isWhole(path, sha256, signal) {
  if (!existsSync(path)) return false;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest('hex') === sha256;
}

function removeOldParts(root) {
  for (const folder of readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const dir = join(root, folder.name);
    for (const name of readdirSync(dir).filter((file) => file.endsWith('.zip.part'))) {
      const path = join(dir, name);
      if (Date.now() - statSync(path).mtimeMs > PART_KEPT_MS) {
        rmSync(path, { force: true });
        removePart(path.slice(0, -'.part'.length));
      }
    }
  }
}
