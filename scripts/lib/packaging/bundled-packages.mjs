// Which packages are inside the built bundles, from what the bundler wrote beside each of them.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Failure } from '../failure.mjs';
import { fromProject } from '../paths.mjs';

const BUNDLES = ['out/main', 'out/preload', 'out/renderer', 'out/agent'];

/** Gives { name, version, license, text } of each, once; `text` is empty where the package has no license file. */
export function readBundledPackages() {
  const found = new Map();
  for (const bundle of BUNDLES) {
    const path = fromProject(bundle, 'bundled-packages.json');
    if (!existsSync(path)) throw new Failure(`${path} is missing.`, 'Delete the folder out and try again.');
    for (const { name, version, identifier, text } of JSON.parse(readFileSync(path, 'utf8'))) {
      found.set(`${name}@${version}`, { name, version, license: identifier, text: text ?? '' });
    }
  }
  // Its base styles are in the window's style sheet, which the bundler does not count as a package.
  const { name, version, license } = createRequire(import.meta.url)('tailwindcss/package.json');
  found.set(`${name}@${version}`, { name, version, license, text: readFileSync(fromProject('node_modules/tailwindcss/LICENSE'), 'utf8') });
  return [...found.values()];
}
