// Node.js for nodes that have none, as provisioning pushes it: the packages of npm as they come, so that their hash of the lockfile still
// holds on the machine where they are used.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { Failure } from '../failure.mjs';
import { npmCommand } from '../npm-command.mjs';
import { fromProject } from '../paths.mjs';
import { runCommand } from '../run-command.mjs';

const CACHE = '.cache/runtimes';

/** Fetches what is not in .cache yet, and gives { platform, packageName, version, integrity, path } of each; every one is checked. */
export async function fetchRuntimes() {
  const pins = JSON.parse(readFileSync(fromProject('resources/runtimes.json'), 'utf8'));
  mkdirSync(fromProject(CACHE), { recursive: true });
  const runtimes = Object.entries(pins).map(([platform, { version, integrity }]) => {
    const packageName = `node-${platform}`;
    return { platform, packageName, version, integrity, path: fromProject(CACHE, `${packageName}-${version}.tgz`) };
  });
  for (const runtime of runtimes) if (!isWhole(runtime)) await fetchRuntime(runtime);
  return runtimes;
}

async function fetchRuntime(runtime) {
  const { platform, packageName, version, path } = runtime;
  console.error(`Fetching Node.js for nodes of ${platform} (about 50 MB) ...`);
  rmSync(path, { force: true });
  const { command, args } = npmCommand();
  const packing = ['pack', `${packageName}@${version}`, '--pack-destination', fromProject(CACHE), '--prefer-offline', '--fetch-retries=1'];
  const { code, output } = await runCommand(command, [...args, ...packing], { show: false });
  if (code === 0 && isWhole(runtime)) return;
  throw new Failure(
    existsSync(path)
      ? `${path} is not the package of the lockfile: its hash differs.`
      : `Node.js for nodes of ${platform} is not here and could not be fetched: ${reasonIn(output)}`,
    `Put it there where npm reaches its registry (npm pack ${packageName}@${version} --pack-destination ${CACHE}), or leave it out with --without-runtimes: the installed program then asks for it when a node has no Node.js.`,
  );
}

function isWhole({ path, integrity }) {
  if (!existsSync(path)) return false;
  return `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}` === integrity;
}

function reasonIn(output) {
  const lines = output.split('\n').filter((line) => line.startsWith('npm error') && !/log of this run/.test(line));
  return (lines[lines.length - 1] ?? output.trim()).replace('npm error', '').trim();
}
