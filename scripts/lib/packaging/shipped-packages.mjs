// Which packages of node_modules the built program loads from outside its bundles: what its files import, and what those need in turn.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { Failure } from '../failure.mjs';
import { fromProject, projectDir } from '../paths.mjs';

/** Needed to install or to compile a package, never to run it. */
const NOT_AT_RUN_TIME = {
  // Its native part is compiled at installation, which does not happen here; ssh2 does the same in JavaScript.
  ssh2: ['cpu-features', 'nan'],
  // Its install script fetches CUDA.
  'onnxruntime-node': ['adm-zip', 'global-agent'],
  // Headers, for those who compile it.
  'better-sqlite3': ['node-addon-api'],
};

/** Gives { packages, windowFiles }: shipped packages as { name, version, license, folder }, and the files of out/main that open the window. */
export async function findShippedPackages() {
  const { graph, imported } = await readBuild();
  const found = new Map();
  const visit = (name, fromFolder, { isOptional }) => {
    const folder = locate(name, fromFolder);
    if (folder === null) {
      if (isOptional) return;
      throw new Failure(`${name}, which ${fromFolder} needs, is not installed.`, 'Run `npm ci` and try again.');
    }
    if (found.has(folder)) return;
    const manifest = JSON.parse(readFileSync(fromProject(folder, 'package.json'), 'utf8'));
    found.set(folder, { name: manifest.name, version: manifest.version, license: licenseOf(manifest), folder });
    const optional = Object.keys(manifest.optionalDependencies ?? {});
    for (const next of new Set([...Object.keys(manifest.dependencies ?? {}), ...optional])) {
      if (!NOT_AT_RUN_TIME[manifest.name]?.includes(next)) visit(next, folder, { isOptional: optional.includes(next) });
    }
  };
  for (const name of imported) visit(name, '.', { isOptional: false });
  return {
    packages: [...found.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1)),
    windowFiles: reachableFrom('out/main/index.js', graph),
  };
}

/** What the files of out/main import: of each other, and of packages. */
async function readBuild() {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    absWorkingDir: projectDir,
    entryPoints: readdirSync(fromProject('out/main'))
      .filter((name) => name.endsWith('.js'))
      .map((name) => `out/main/${name}`),
    outdir: 'out/never-written',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  const imported = new Set();
  const graph = new Map();
  for (const [file, { imports }] of Object.entries(metafile.inputs)) {
    graph.set(
      file,
      imports.filter(({ external }) => !external).map(({ path }) => path),
    );
    for (const { path } of imports.filter(({ external }) => external)) {
      if (path !== 'electron' && !isBuiltin(path)) imported.add(path.split('/', path.startsWith('@') ? 2 : 1).join('/'));
    }
  }
  return { graph, imported };
}

function reachableFrom(entry, graph, found = new Set()) {
  if (found.has(entry)) return found;
  found.add(entry);
  for (const next of graph.get(entry) ?? []) reachableFrom(next, graph, found);
  return found;
}

/** Old packages have a list of them. */
function licenseOf({ license, licenses }) {
  return license ?? licenses?.map(({ type }) => type).join(' OR ') ?? 'not named';
}

/** As Node.js looks: beside the one that asks, then upwards. Null where it is not installed, as packages of other systems are. */
function locate(name, fromFolder) {
  for (let folder = fromFolder; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(fromProject(candidate, 'package.json'))) return candidate;
    if (folder === '.') return null;
  }
}
