// The program as it is installed: out of the deb, in the archive that is the only place it is loaded from, with its fuses set.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findElectronDir } from '../support/find-tools.js';
import { type InstalledProgram, installDeb, lowerArchive, startInstalled } from '../support/installed-program.js';
import { type PackageHarness, makePackage } from '../support/package-harness.js';
import { until } from '../support/until.js';
import { type XDisplay, startDisplay } from '../support/x-display.js';

/** The first whose main process takes ES modules, so that the archive runs as it is shipped. */
const FIRST_WITH_ES_MODULES = 28;
const PICTURES = join(import.meta.dirname, '../../test-results');
const electronDir = findElectronDir();

describe.skipIf(electronDir === null || process.platform !== 'linux')('the installed program', () => {
  let dir: string;
  let dataDir: string;
  let harness: PackageHarness;
  let display: XDisplay;
  let program: InstalledProgram;

  beforeAll(async () => {
    if (!electronDir) throw new Error('no Electron');
    mkdirSync(PICTURES, { recursive: true });
    dir = mkdtempSync(join(tmpdir(), 'dedgeai-installed-'));
    dataDir = join(dir, 'data');
    harness = await makePackage(electronDir);
    const installedDir = await installDeb(harness.debPath, join(dir, 'root'));
    const isOld = electronMajor(join(installedDir, 'resources/sbom.cdx.json')) < FIRST_WITH_ES_MODULES;
    if (isOld) await lowerArchive(installedDir, dir);
    display = await startDisplay({ width: 1400, height: 950 });
    const env = { DISPLAY: display.name, ...(isOld && { DEDGEAI_CORE_NODE: process.execPath }) };
    program = await startInstalled(join(installedDir, 'dedgeai-control-center'), dataDir, env);
  });

  afterAll(async () => {
    await program?.terminate();
    await display?.close();
    harness?.remove();
    rmSync(dir, { recursive: true, force: true });
  });

  it('opens its window out of the archive, connected to a core that is beside it', async () => {
    await until(async () => /Overview[^]*Connected/.test(await program.text()));
    expect(program.url).toMatch(/^dedgeai:\/\/app\//);
    const { endpoint } = JSON.parse(readFileSync(join(dataDir, 'instance.json'), 'utf8')) as { endpoint?: object };
    expect(endpoint).toBeDefined();
    await program.takePicture(join(PICTURES, 'installed-program.png'));
  });

  it('ends within its time when it is asked to, and its core with it', async () => {
    expect(await program.terminate()).toBe(0);
    expect(existsSync(join(dataDir, 'instance.json'))).toBe(false);
  });
});

function electronMajor(sbomPath: string): number {
  const { components } = JSON.parse(readFileSync(sbomPath, 'utf8')) as { components: { name: string; version: string }[] };
  return Number(components.find(({ name }) => name === 'electron')?.version.split('.')[0]);
}
