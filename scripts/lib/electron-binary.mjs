// Whether the desktop shell can open here. Electron's binary is not part of its npm package: it is fetched from GitHub, which many lab
// machines cannot reach, so it is tried briefly and a failure is remembered for a day.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fromProject } from './paths.mjs';
import { runCommand } from './run-command.mjs';

const FAILURE_PATH = fromProject('.cache', 'electron-unavailable');
const BRIEF_TRY_MS = 10_000;
const PATIENT_TRY_MS = 15 * 60_000;
const DAY_MS = 24 * 3600 * 1000;

/** Absolute path of Electron's program file, or null. Never loads the package: loading it starts a download. */
function findElectron() {
  try {
    const name = readFileSync(fromProject('node_modules/electron/path.txt'), 'utf8').trim();
    const path = fromProject('node_modules/electron/dist', name);
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/**
 * Returns { path } of Electron, fetching it if it can be had soon, or { reason }: why the desktop shell cannot open, to be read after
 * "because". `insist` waits as long as a slow line needs and ignores remembered failures.
 */
export async function prepareElectron({ insist }) {
  const obstacle = findObstacle();
  if (obstacle) return { reason: obstacle };
  const present = findElectron();
  if (present) return { path: present };
  if (!insist && failedLately()) return { reason: "Electron's binary could not be fetched today (`npm start -- --electron` tries again)" };

  if (insist) console.error('Fetching Electron (about 120 MB) ...');
  const { code } = await runCommand(process.execPath, [fromProject('node_modules/electron/install.js')], {
    show: false,
    timeoutMs: insist ? PATIENT_TRY_MS : BRIEF_TRY_MS,
  });
  const fetched = code === 0 ? findElectron() : null;
  if (fetched) return { path: fetched };
  mkdirSync(fromProject('.cache'), { recursive: true });
  writeFileSync(FAILURE_PATH, '');
  return { reason: "Electron's binary could not be fetched (`npm start -- --electron` tries longer)" };
}

/** What on this machine keeps any Electron from opening a window; null when nothing does. */
function findObstacle() {
  if (process.platform !== 'linux') return null;
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'there is no display';
  if (process.getuid() === 0) return 'Electron does not run sandboxed as root';
  return null;
}

function failedLately() {
  const stats = statSync(FAILURE_PATH, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs < DAY_MS;
}
