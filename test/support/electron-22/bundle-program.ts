// The product's desktop program for Electron 22 (Node.js 16, Chromium 108): its main process as one CommonJS file with what that Electron
// lacks in front, its window lowered. The core, the agent and the resources are the built ones: the core runs on Node.js 24.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { BuildOptions } from 'esbuild';

const ROOT = join(import.meta.dirname, '../../..');
const CHROMIUM = 'chrome108';
const POLYFILLS = 'polyfills.js';
/** Playwright's own: holds the program's start until Playwright listens. Only in a program that Playwright starts. */
export const PLAYWRIGHT_LOADER = join(ROOT, 'node_modules/playwright-core/lib/server/electron/loader.js');
const ENTRY = `
  require('./prelude.js');
  if (process.argv.includes('--remote-debugging-port=0')) require(${JSON.stringify(PLAYWRIGHT_LOADER)});
  require('../../../src/main/index.js');
`;

/** Makes the folder `programDir`, which that Electron takes for a program. Needs `npm run build`. */
export async function bundleForElectron22(programDir: string): Promise<void> {
  rmSync(programDir, { recursive: true, force: true });
  mkdirSync(join(programDir, 'out', 'main'), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>;
  writeFileSync(join(programDir, 'package.json'), JSON.stringify({ ...manifest, main: 'out/main/index.cjs' }));
  for (const path of ['out/main/core.js', 'resources']) symlinkSync(join(ROOT, path), join(programDir, path));
  await Promise.all([bundleMain(programDir), lowerPreload(programDir), lowerWindow(join(programDir, 'out', 'renderer'))]);
}

function bundleMain(programDir: string): Promise<unknown> {
  return quietly({
    stdin: { contents: ENTRY, resolveDir: import.meta.dirname },
    outfile: join(programDir, 'out/main/index.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node16',
    external: ['electron'],
    define: { 'import.meta.dirname': '__dirname', 'import.meta.url': JSON.stringify('file:///') },
  });
}

function lowerPreload(programDir: string): Promise<unknown> {
  const path = 'out/preload/index.cjs';
  return quietly({ entryPoints: [join(ROOT, path)], outfile: join(programDir, path), format: 'cjs', target: CHROMIUM });
}

async function lowerWindow(rendererDir: string): Promise<void> {
  cpSync(join(ROOT, 'out/renderer'), rendererDir, { recursive: true });
  const assetsDir = join(rendererDir, 'assets');
  const files = readdirSync(assetsDir).filter((name) => /\.(js|css)$/.test(name));
  // Each by itself: they name each other by the hash of what they were before.
  await quietly({
    entryPoints: files.map((name) => join(assetsDir, name)),
    outdir: assetsDir,
    allowOverwrite: true,
    format: 'esm',
    target: CHROMIUM,
  });
  await quietly({
    stdin: { contents: "import 'core-js/actual';", resolveDir: ROOT },
    outfile: join(assetsDir, POLYFILLS),
    bundle: true,
    format: 'iife',
    minify: true,
    target: CHROMIUM,
  });
  const pagePath = join(rendererDir, 'index.html');
  const page = readFileSync(pagePath, 'utf8');
  const withPolyfills = page.replace('<script ', `<script src="./assets/${POLYFILLS}"></script><script `);
  if (withPolyfills === page) throw new Error('The built page has no script.');
  writeFileSync(pagePath, withPolyfills);
}

const quietly = (options: BuildOptions): Promise<unknown> => build({ ...options, logLevel: 'error' });
