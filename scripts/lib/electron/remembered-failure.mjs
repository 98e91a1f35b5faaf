// What the last start learned about Electron's download, so that the next one need not wait for it again.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fromProject } from '../paths.mjs';

const PATH = fromProject('.cache', 'electron-failure.json');
const KEPT_MS = 24 * 3600 * 1000;

/** { kind, message, hint } of the last failure with the same address within a day, or null. */
export function recallFailure(address) {
  try {
    const failure = JSON.parse(readFileSync(PATH, 'utf8'));
    return failure.address === address && Date.now() - failure.atMs < KEPT_MS ? failure : null;
  } catch {
    return null;
  }
}

export function rememberFailure(address, { kind, message, hint }) {
  try {
    mkdirSync(fromProject('.cache'), { recursive: true });
    writeFileSync(PATH, JSON.stringify({ address, kind, message, hint, atMs: Date.now() }));
  } catch {
    // The disk is full, or the folder another user's: the next start learns it again.
  }
}

export function forgetFailure() {
  rmSync(PATH, { force: true });
}
