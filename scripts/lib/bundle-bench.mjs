// A program of test/bench as one file that Node.js runs.
import { join } from 'node:path';
import { fromProject } from './paths.mjs';

/** Bundles test/bench/<name>.ts of a checkout to out/bench/<outName>.mjs of this one, whose packages it uses; gives the path. */
export async function bundleBench(checkoutDir, name, outName) {
  const { build } = await import('esbuild');
  const bundlePath = fromProject(`out/bench/${outName}.mjs`);
  await build({
    entryPoints: [join(checkoutDir, 'test', 'bench', `${name}.ts`)],
    outfile: bundlePath,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    logLevel: 'error',
  });
  return bundlePath;
}
