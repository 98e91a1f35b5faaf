// Where tests find the programs they drive. `npm test` looks them up (or installs them) and says so in the environment; a test run by
// hand finds them on PATH.
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Absolute path of a Chromium, or null. */
export function findChromium(): string | null {
  return process.env['DEDGEAI_CHROMIUM'] ?? findOnPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']);
}

/** Absolute path of OpenSSH's server, or null. */
export function findSshd(): string | null {
  return process.env['DEDGEAI_SSHD'] ?? findOnPath(['sshd'], ['/usr/sbin']);
}

/** An Electron's executable and its version; null where `npm test` found none, or no one asked it to. */
export function findElectron(): { path: string; version: string } | null {
  const [path, version] = [process.env['DEDGEAI_ELECTRON'], process.env['DEDGEAI_ELECTRON_VERSION']];
  return path && version ? { path, version } : null;
}

/** How to run programs of linux-arm64 here; null where `npm test` could not prepare it, or no one asked it to. */
export function findArm64Machine(): { qemu: string; libraries: string; node: string } | null {
  const prepared = process.env['DEDGEAI_ARM64'];
  return prepared === undefined ? null : (JSON.parse(prepared) as { qemu: string; libraries: string; node: string });
}

/** Absolute path of xdotool, which presses keys as a keyboard does, or null. */
export function findXdotool(): string | null {
  return findOnPath(['xdotool']);
}

/** The folder of an unpacked Electron, of whatever version; null where there is none. */
export function findElectronDir(): string | null {
  const fetched = join(import.meta.dirname, '../../node_modules/electron/dist');
  const named = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (named) return named;
  const program = process.env['DEDGEAI_ELECTRON'] ?? join(fetched, 'electron');
  return existsSync(program) ? dirname(program) : null;
}

function findOnPath(names: string[], more: string[] = []): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...more];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path)) ?? null;
}
