// A Debian package of the unpacked program, made by dpkg-deb alone: nothing is fetched. It has no maintainer scripts: what they would do
// (link, menu entry, setuid sandbox) is in its files, and dpkg's triggers see to the rest.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Failure } from '../failure.mjs';
import { fromProject } from '../paths.mjs';
import { runCommand } from '../run-command.mjs';
import { writeControl, writeDesktopEntry } from './deb-control.mjs';

const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };
const EXECUTABLE = 0o755;
/** Chromium's sandbox works where user namespaces are not allowed, too, when this program belongs to root and is setuid. */
const SANDBOX = { name: 'chrome-sandbox', mode: 0o4755 };

/** xz makes it 9 % smaller and takes fifteen times as long. dpkg reads zstd from Debian 12 and Ubuntu 18.04 on. */
const QUICK_AND_SMALL = ['-Zzstd', '-z10'];

/** Makes the deb beside `unpackedDir` and gives its path. */
export async function makeDeb({ unpackedDir, outDir, program, isCompressed }) {
  const architecture = ARCHITECTURES[process.arch];
  const path = join(outDir, `${program.name}_${program.version}_${architecture}.deb`);
  const stage = join(outDir, '.deb');
  rmSync(stage, { recursive: true, force: true });
  try {
    layOut(stage, unpackedDir, program);
    const files = filesOf(stage);
    const installedBytes = files.reduce((sum, file) => sum + lstatSync(file).size, 0);
    put(
      stage,
      'DEBIAN/md5sums',
      files
        .filter((file) => lstatSync(file).isFile())
        .map((file) => `${md5Of(file)}  ${relative(stage, file)}\n`)
        .join(''),
    );
    put(stage, 'DEBIAN/control', writeControl({ program, architecture, installedBytes }));
    setModes(stage);
    const compression = isCompressed ? QUICK_AND_SMALL : ['-Znone'];
    const { code, output } = await runCommand('dpkg-deb', ['--root-owner-group', ...compression, '--build', stage, path], { show: false });
    if (code !== 0) throw new Failure(`dpkg-deb could not make ${path}: ${output.trim()}`, 'Correct what it says and try again.');
    return path;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function layOut(stage, unpackedDir, program) {
  const { name } = program;
  linkTree(unpackedDir, join(stage, 'opt', name));
  put(stage, `usr/bin/${name}`, null);
  symlinkSync(`../../opt/${name}/${name}`, join(stage, 'usr/bin', name));
  put(
    stage,
    'usr/bin/dedgeai',
    `#!/bin/sh\n# The command line of the installed program, on its own Node.js.\nELECTRON_RUN_AS_NODE=1 exec /opt/${name}/${name} /opt/${name}/resources/app.asar.unpacked/out/main/cli.js "$@"\n`,
  );
  put(stage, `usr/share/applications/${name}.desktop`, writeDesktopEntry(program));
  put(stage, `usr/share/icons/hicolor/scalable/apps/${name}.svg`, readFileSync(fromProject('resources/icons/icon.svg')));
  put(stage, `usr/share/pixmaps/${name}.png`, readFileSync(fromProject('resources/icons/icon.png')));
  const documents = `usr/share/doc/${name}`;
  put(
    stage,
    `${documents}/copyright`,
    `${readFileSync(fromProject('LICENSE'), 'utf8')}\nSoftware of others in this package: /opt/${name}/resources/THIRD-PARTY-NOTICES.txt\n`,
  );
  put(stage, `${documents}/changelog.gz`, gzipSync(readFileSync(fromProject('CHANGELOG.md')), { level: 9 }));
}

/** Writes a file below the stage, with its folders; null makes the folders only. */
function put(stage, path, content) {
  mkdirSync(dirname(join(stage, path)), { recursive: true });
  if (content !== null) writeFileSync(join(stage, path), content);
}

/** The same files under another folder, without copying what is not changed here. */
function linkTree(from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.name === SANDBOX.name) copyFileSync(source, target);
    else linkSync(source, target);
  }
}

/** What anyone who builds has as umask does not matter. */
function setModes(dir) {
  chmodSync(dir, EXECUTABLE);
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) setModes(path);
    else if (entry.isSymbolicLink()) continue;
    else if (entry.name === SANDBOX.name) chmodSync(path, SANDBOX.mode);
    else chmodSync(path, basename(dir) === 'bin' || lstatSync(path).mode & 0o100 ? EXECUTABLE : 0o644);
  }
}

function filesOf(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesOf(join(dir, entry.name)) : [join(dir, entry.name)],
  );
}

function md5Of(path) {
  return createHash('md5').update(readFileSync(path)).digest('hex');
}
