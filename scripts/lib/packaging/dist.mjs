// From a checkout to packages of the desktop program: gathers what goes in, lets electron-builder lay it out, and says what was made and
// what was not, and why.
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from '../ensure-built.mjs';
import { Failure } from '../failure.mjs';
import { findNode24 } from '../node-24.mjs';
import { fromProject } from '../paths.mjs';
import { runCommand } from '../run-command.mjs';
import { makeBuilderConfig } from './builder-config.mjs';
import { readBundledPackages } from './bundled-packages.mjs';
import { layOutCore } from './core-folder.mjs';
import { makeDeb } from './deb.mjs';
import { writeDocumentation } from './documentation.mjs';
import { DIST_HELP, parseDistOptions } from './dist-options.mjs';
import { findElectronDist } from './electron-dist.mjs';
import { selectFuses, verifyFuses } from './fuses.mjs';
import { writeNotices } from './notices.mjs';
import { fetchRuntimes } from './runtimes.mjs';
import { makeSbom } from './sbom.mjs';
import { findShippedPackages } from './shipped-packages.mjs';

const WORK = '.cache/dist';

/** `npm run dist`; gives the exit status, 0 also where one of several packages could not be made, which is then said. */
export async function dist(args) {
  const options = parseDistOptions(args);
  if (options.help) {
    console.log(DIST_HELP);
    return 0;
  }
  const program = JSON.parse(readFileSync(fromProject('package.json'), 'utf8'));
  const electron = await findElectronDist(options.electronDir);
  await ensureBuilt();
  const runtimes = options.withRuntimes ? await fetchRuntimes() : [];
  const { unpackedDir, remarks } = await makeUnpacked({ options, program, electron, runtimes });
  const made = [unpackedDir];
  const notMade = [];
  for (const make of packagesOf(options)) {
    const { path, reason } = await make({ unpackedDir, program, options });
    if (path) made.push(path);
    else notMade.push(reason);
  }
  for (const path of made) console.log(`Made:     ${path} (${Math.round(sizeOf(path) / 1e6)} MB)`);
  for (const reason of notMade) console.log(`Not made: ${reason}`);
  if (!options.withRuntimes) remarks.push('Node.js for nodes that have none is not in it.');
  for (const remark of remarks) console.log(`Note:     ${remark}`);
  return 0;
}

async function makeUnpacked({ options, program, electron, runtimes }) {
  const shipped = await findShippedPackages();
  const bundled = readBundledPackages();
  const { fuses, absent } = await selectFuses(electron.programPath);
  const documents = await writeDocuments({ program, electron, runtimes, shipped, bundled });
  const coreDir = fromProject(WORK, 'core');
  layOutCore(coreDir, runtimes);
  await writeDocumentation(coreDir);
  const config = makeBuilderConfig({ outDir: options.outDir, electron, fuses, shipped, coreDir, documents });
  writeFileSync(fromProject(WORK, 'electron-builder.json'), JSON.stringify(config, null, 2));
  console.error('Laying out the program ...');
  await runBuilder(['--dir']);

  const unpackedDir = findUnpacked(options.outDir);
  // Electron's own example program comes along where Electron was unpacked already.
  rmSync(join(resourcesIn(unpackedDir, program), 'default_app.asar'), { force: true });
  verifyPackages(join(resourcesIn(unpackedDir, program), 'app.asar.unpacked'), shipped.packages);
  await verifyFuses(programFileIn(unpackedDir, program), fuses);
  const remarks = absent.map((name) => `Electron ${electron.version} has no fuse ${name}.`);
  if (process.platform === 'linux') remarks.push('Electron on Linux does not check the archive against its hash; macOS and Windows do.');
  return { unpackedDir, remarks };
}

/** License, notices and list of contents, for the package's resources, by their name there. */
async function writeDocuments({ program, electron, runtimes, shipped, bundled }) {
  mkdirSync(fromProject(WORK), { recursive: true });
  const electronVersion = electron.version;
  const sbom = await makeSbom({ program, packages: [...shipped.packages, ...bundled], runtimes, electronVersion });
  const texts = {
    'LICENSE.txt': readFileSync(fromProject('LICENSE'), 'utf8'),
    'THIRD-PARTY-NOTICES.txt': writeNotices({ shipped: shipped.packages, bundled, runtimes, electronVersion }),
    'sbom.cdx.json': JSON.stringify(sbom, null, 2),
  };
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => {
      const path = fromProject(WORK, name);
      writeFileSync(path, text);
      return [name, path];
    }),
  );
}

async function runBuilder(args) {
  const cli = fromProject('node_modules/electron-builder/cli.js');
  const { code, output } = await runCommand(
    findNode24(),
    [cli, ...args, '--config', fromProject(WORK, 'electron-builder.json'), '--publish', 'never'],
    { show: false },
  );
  if (code !== 0) throw new Failure(`electron-builder could not do it:\n${output.trim()}`, 'Correct what it says above and try again.');
}

function packagesOf({ only }) {
  if (only === 'dir') return [];
  if (process.platform !== 'linux') return [makeInstaller];
  return only === 'deb' ? [tryDeb] : [tryAppImage, tryDeb];
}

async function tryDeb({ unpackedDir, program, options }) {
  const { code } = await runCommand('dpkg-deb', ['--version'], { show: false });
  if (code !== 0) return { reason: 'the deb: dpkg-deb is not here. Install the package dpkg and try again.' };
  console.error('Making the deb ...');
  return { path: await makeDeb({ unpackedDir, program, outDir: options.outDir, isCompressed: options.isCompressed }) };
}

async function tryAppImage({ unpackedDir, options }) {
  console.error('Making the AppImage ...');
  try {
    await runBuilder(['--linux', 'AppImage', '--prepackaged', unpackedDir]);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const [, words = 'nothing'] =
      error.message
        .match(/⨯ (.*?)(?: {2}|\n|$)/g)
        ?.at(-1)
        ?.match(/⨯ (.*)/) ?? [];
    return {
      reason: `the AppImage: electron-builder says "${words.trim()}". It fetches tools from github.com; APPIMAGE_TOOLS_PATH may name the folder of unpacked ones.`,
    };
  }
  return { path: newest(options.outDir, '.AppImage') };
}

async function makeInstaller({ unpackedDir, options }) {
  const [system, extension] = process.platform === 'darwin' ? ['--mac', '.dmg'] : ['--win', '.exe'];
  await runBuilder([system, '--prepackaged', unpackedDir]);
  return { path: newest(options.outDir, extension) };
}

function findUnpacked(outDir) {
  const name = readdirSync(outDir).find((entry) => /-unpacked$|^mac/.test(entry) && statSync(join(outDir, entry)).isDirectory());
  if (!name) throw new Failure(`electron-builder left nothing in ${outDir}.`, 'Try again with an empty folder.');
  return join(outDir, name);
}

/** electron-builder finds packages by itself, and in a linked node_modules not all of them. */
function verifyPackages(coreDir, packages) {
  const missing = packages.filter(({ folder }) => !existsSync(join(coreDir, folder, 'package.json')));
  if (missing.length === 0) return;
  throw new Failure(
    `electron-builder left out ${missing.map(({ name }) => name).join(', ')}.`,
    'Run `npm ci`, so that node_modules is a folder as npm makes it, and try again.',
  );
}

function resourcesIn(unpackedDir, program) {
  if (process.platform === 'darwin') return join(programFileIn(unpackedDir, program), 'Contents', 'Resources');
  return join(unpackedDir, 'resources');
}

function programFileIn(unpackedDir, { name, productName }) {
  if (process.platform === 'darwin') return join(unpackedDir, `${productName}.app`);
  return join(unpackedDir, process.platform === 'win32' ? `${productName}.exe` : name);
}

function newest(dir, extension) {
  const paths = readdirSync(dir)
    .filter((name) => name.endsWith(extension))
    .map((name) => join(dir, name));
  return paths.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

function sizeOf(path) {
  const stats = lstatSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
