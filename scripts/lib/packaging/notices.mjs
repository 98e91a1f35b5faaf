// The notices of everything in a package that others wrote: name, version, license and its text.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.mjs';
import { fromProject } from '../paths.mjs';

const LICENSE_FILE = /^(licen[cs]e|copying|notice|third.?party.?notices?)/i;
const TEXTS = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, 'license-texts');
const RULE = '='.repeat(100);
const MAX_LICENSE_BYTES = 4 * 1024 * 1024;

/** For packages that come without a license file: the texts of their licenses, and who holds the copyright. */
const TEXTS_OF = {
  '@bufbuild/protobuf': { holder: 'Copyright 2021-2026 Buf Technologies, Inc.', files: ['Apache-2.0.txt', 'BSD-3-Clause.google.txt'] },
  '@connectrpc/connect': { holder: 'Copyright 2021-2026 The Connect Authors', files: ['Apache-2.0.txt'] },
  '@connectrpc/connect-node': { holder: 'Copyright 2021-2026 The Connect Authors', files: ['Apache-2.0.txt'] },
  // Their packages name license and author; brotli's decoder has the notice of the Apache license in its files.
  brotli: { holder: 'Copyright Devon Govett; the decoder: Copyright 2013 Google Inc.', files: ['MIT.txt', 'Apache-2.0.txt'] },
  dfa: { holder: 'Copyright Devon Govett', files: ['MIT.txt'] },
  fontkit: { holder: 'Copyright Devon Govett', files: ['MIT.txt'] },
  'onnxruntime-common': { files: ['MIT.microsoft.txt'] },
  'onnxruntime-node': { files: ['MIT.microsoft.txt'] },
};
/** libvips and the libraries in it: its README says which are used under which license. */
const LIBVIPS = /^@img\/sharp-libvips-/;

/** The whole text. `shipped` and `bundled` are what the two modules beside this one find; `runtimes` what `fetchRuntimes` gives. */
export function writeNotices({ shipped, bundled, runtimes, electronVersion }) {
  const packages = new Map();
  for (const { name, version, license, folder } of shipped) {
    packages.set(`${name} ${version}`, { license, text: textsIn(folder) });
  }
  for (const { name, version, license, text } of bundled) {
    if (!packages.has(`${name} ${version}`)) packages.set(`${name} ${version}`, { license, text });
  }
  const sections = [...packages]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, { license, text }]) => {
      const [name] = title.split(' ');
      const words = text.trim() || standInFor(name);
      if (!words) {
        throw new Failure(
          `${title} comes without the text of its license (${license}).`,
          'Add one to scripts/lib/packaging/license-texts and a row to TEXTS_OF in scripts/lib/packaging/notices.mjs.',
        );
      }
      return section(title, license, words);
    });
  for (const { packageName, version, path } of runtimes)
    sections.push(section(`${packageName} ${version}`, 'MIT and others', licenseInArchive(path)));
  return [
    'DEdgeAI Control Center contains the following software of others. Each part stays under its own license.',
    `Electron ${electronVersion} (MIT) and the Chromium and Node.js in it: see LICENSE.electron.txt and LICENSES.chromium.html, which come with it.`,
    ...sections,
  ].join('\n\n');
}

function section(title, license, text) {
  return `${RULE}\n${title}\nLicense: ${license}\n\n${text.trim()}\n`;
}

function textsIn(folder) {
  const files = readdirSync(fromProject(folder)).filter((name) => LICENSE_FILE.test(name));
  return files.map((name) => readFileSync(fromProject(folder, name), 'utf8').trim()).join('\n\n');
}

function standInFor(name) {
  if (LIBVIPS.test(name)) {
    const readme = readFileSync(fromProject('node_modules', name, 'README.md'), 'utf8');
    return [readme, ...['LGPL-3.0.txt', 'GPL-3.0.txt'].map(readText)].join('\n\n');
  }
  const known = TEXTS_OF[name];
  return known ? [known.holder, ...known.files.map(readText)].filter(Boolean).join('\n\n') : null;
}

function readText(name) {
  return readFileSync(join(TEXTS, name), 'utf8');
}

function licenseInArchive(path) {
  if (!existsSync(path)) throw new Failure(`${path} is missing.`, 'Run `npm run dist` again.');
  return execFileSync('tar', ['-xzOf', path, 'package/LICENSE'], { encoding: 'utf8', maxBuffer: MAX_LICENSE_BYTES });
}
