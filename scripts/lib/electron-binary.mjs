// Whether the desktop shell can open here, and with which Electron. Its binary is not part of its npm package: it is fetched at the first
// start. Never loads the package: loading it starts a download of its own.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describeArtifact, PROGRAM_NAME } from './electron/artifact.mjs';
import { fetchElectron } from './electron/fetch-electron.mjs';
import { FetchFailure } from './electron/fetch-failure.mjs';
import { findInstalled } from './electron/install.mjs';
import { forgetFailure, recallFailure, rememberFailure } from './electron/remembered-failure.mjs';

/** Nothing limits how long a download takes, only how long nothing comes. */
const PATIENCE = {
  usual: { answerWithinMs: 10_000, stallMs: 30_000, tries: 2, retryAfterMs: 1000 },
  /** After a failure: a start that will fail again costs three seconds. */
  quick: { answerWithinMs: 3000, stallMs: 10_000, tries: 1, retryAfterMs: 1000 },
  insisting: { answerWithinMs: 30_000, stallMs: 60_000, tries: 5, retryAfterMs: 1000 },
};
/** Another 120 MB from the same address would end the same way. */
const LASTING = ['checksum', 'unpack'];

/**
 * { path } of Electron, fetching it where it is missing; { reason, hint } why the desktop shell cannot open, to be read after "because";
 * or { isStopped } when the user stopped the download. `insist` is patient with the network and ignores remembered failures.
 */
export async function prepareElectron({ insist }) {
  return findObstacle() ?? (await obtainElectron({ insist }));
}

/** As above, whether or not a window can open on this machine. */
export async function obtainElectron({ insist, patience = PATIENCE }) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return findOverride(resolve(override));
  const present = findInstalled();
  if (present) return { path: present };

  let address = '';
  const stopping = stopOnSignals();
  try {
    address = describeArtifact().url.href;
    const last = recallFailure(address);
    if (!insist && last && LASTING.includes(last.kind)) return couldNotFetch(last);
    const limits = insist ? patience.insisting : last ? patience.quick : patience.usual;
    const path = await fetchElectron({ limits, signal: stopping.signal });
    forgetFailure();
    return { path };
  } catch (error) {
    if (stopping.signal.aborted) return { isStopped: true };
    if (!(error instanceof FetchFailure)) throw error;
    rememberFailure(address, error);
    return couldNotFetch(error);
  } finally {
    stopping.release();
  }
}

const couldNotFetch = ({ message, hint }) => ({ reason: `Electron's binary could not be fetched: ${message}`, hint });

/** What on this machine keeps any Electron from opening a window; null when nothing does. */
function findObstacle() {
  if (process.platform !== 'linux') return null;
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return { reason: 'there is no display' };
  if (process.getuid() === 0) {
    return {
      reason: 'Electron does not run sandboxed as root',
      hint: 'For the desktop program start as an ordinary user who owns this folder; the browser window does all it does, and is meant for root too.',
    };
  }
  return null;
}

function findOverride(folder) {
  const path = join(folder, PROGRAM_NAME);
  if (existsSync(path)) return { path };
  return { reason: `ELECTRON_OVERRIDE_DIST_PATH names ${folder}, where there is no ${PROGRAM_NAME}`, hint: 'Correct it, or unset it.' };
}

/** An AbortSignal that Ctrl-C and the end of the terminal abort, instead of ending this process in the middle of a write. */
function stopOnSignals() {
  const controller = new AbortController();
  const stop = () => controller.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const name of signals) process.on(name, stop);
  return {
    signal: controller.signal,
    release() {
      for (const name of signals) process.off(name, stop);
    },
  };
}
