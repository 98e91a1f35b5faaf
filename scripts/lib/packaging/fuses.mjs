// Switches of Electron's binary that a package sets for good. docs/adr/0020-packages.md has the reason of each.
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { Failure } from '../failure.mjs';

/** By electron-builder's names. */
export const EXPECTED_FUSES = {
  // Child programs of the core run on Electron's own Node.js.
  runAsNode: true,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  // Checked on macOS and Windows; Electron on Linux does not look at it.
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
};

/** How a set fuse is in the binary. */
const [OFF, ON] = ['0', '1'].map((digit) => digit.charCodeAt(0));

const optionOf = (name) => FuseV1Options[name[0].toUpperCase() + name.slice(1)];

/** The expected fuses that this Electron has, and the names of those that it has not: old ones have fewer. */
export async function selectFuses(programPath) {
  const wire = await getCurrentFuseWire(programPath);
  const isThere = (name) => optionOf(name) in wire;
  const names = Object.keys(EXPECTED_FUSES);
  return {
    fuses: Object.fromEntries(names.filter(isThere).map((name) => [name, EXPECTED_FUSES[name]])),
    absent: names.filter((name) => !isThere(name)),
  };
}

/** Reads the fuses of a made package back; throws where one is not as expected. */
export async function verifyFuses(programPath, fuses) {
  const wire = await getCurrentFuseWire(programPath);
  const wrong = Object.entries(fuses).filter(([name, isOn]) => wire[optionOf(name)] !== (isOn ? ON : OFF));
  if (wrong.length > 0) {
    throw new Failure(
      `Fuses of ${programPath} are not as expected: ${wrong.map(([name]) => name).join(', ')}.`,
      'Do not hand this package out.',
    );
  }
}
