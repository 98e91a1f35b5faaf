// A program of test/bench as one file that Node.js runs.
import { join } from 'node:path';
import { bundleTestProgram } from './bundle-test-program.mjs';
import { fromProject } from './paths.mjs';

/** Bundles test/bench/<name>.ts of a checkout to out/bench/<outName>.mjs of this one, whose packages it uses; gives the path. */
export async function bundleBench(checkoutDir, name, outName) {
  const bundlePath = fromProject(`out/bench/${outName}.mjs`);
  await bundleTestProgram(join(checkoutDir, 'test', 'bench', `${name}.ts`), bundlePath);
  return bundlePath;
}
