// What is in a package as CycloneDX JSON: npm's own list of the lockfile, kept to what is shipped, with Electron and the nodes' Node.js.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Failure } from '../failure.mjs';
import { npmCommand } from '../npm-command.mjs';
import { projectDir } from '../paths.mjs';

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const run = promisify(execFile);

/** The document as an object. `packages` are { name, version, license } of all that is shipped or bundled. */
export async function makeSbom({ program, packages, runtimes, electronVersion }) {
  const bom = await listLockfile();
  const expected = new Set(packages.map(({ name, version }) => `${name}@${version}`));
  const components = bom.components.filter((component) => expected.delete(component['bom-ref']));
  const licenses = new Map(packages.map(({ name, version, license }) => [`${name}@${version}`, license]));
  // The lockfile does not know the license of a package that names it in the old way.
  for (const component of components) component.licenses ??= [{ license: { name: licenses.get(component['bom-ref']) } }];
  if (expected.size > 0) throw new Failure(`npm does not list ${[...expected].join(', ')}.`, 'Run `npm ci` and try again.');

  const others = [electronComponent(electronVersion), ...runtimes.map(runtimeComponent)];
  const all = [...components, ...others];
  const kept = new Set(all.map((component) => component['bom-ref']));
  const root = `${program.name}@${program.version}`;
  const dependencies = bom.dependencies
    .filter(({ ref }) => ref === root || kept.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((next) => kept.has(next)) }));
  const listed = new Set(dependencies.map(({ ref }) => ref));
  const [own] = dependencies.filter(({ ref }) => ref === root);
  own.dependsOn = [...new Set([...own.dependsOn, ...others.map((component) => component['bom-ref'])])];
  for (const { 'bom-ref': ref } of others) if (!listed.has(ref)) dependencies.push({ ref, dependsOn: [] });

  return {
    ...bom,
    metadata: { ...bom.metadata, component: { ...bom.metadata.component, type: 'application', name: program.name } },
    components: all,
    dependencies,
  };
}

async function listLockfile() {
  const { command, args } = npmCommand();
  try {
    const { stdout } = await run(command, [...args, 'sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
      cwd: projectDir,
      maxBuffer: MAX_OUTPUT_BYTES,
    });
    return JSON.parse(stdout);
  } catch (error) {
    const words = String(error.stderr ?? error.message)
      .trim()
      .split('\n')[0];
    throw new Failure(`npm could not list the packages: ${words}`, 'It takes npm 10 or newer.');
  }
}

function electronComponent(version) {
  return {
    'bom-ref': `electron@${version}`,
    type: 'framework',
    name: 'electron',
    version,
    purl: `pkg:npm/electron@${version}`,
    licenses: [{ license: { id: 'MIT' } }],
  };
}

function runtimeComponent({ packageName, version, integrity }) {
  return {
    'bom-ref': `${packageName}@${version}`,
    type: 'platform',
    name: packageName,
    version,
    description: 'Node.js, pushed to nodes that have none',
    purl: `pkg:npm/${packageName}@${version}`,
    hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex') }],
    licenses: [{ license: { id: 'MIT' } }],
  };
}
