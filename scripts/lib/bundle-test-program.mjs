// A program of test/ as one file that Node.js runs, beside the packages of this checkout.

/** Bundles the TypeScript file `entryPath` to `bundlePath`; both absolute. */
export async function bundleTestProgram(entryPath, bundlePath) {
  const { build } = await import('esbuild');
  await build({
    entryPoints: [entryPath],
    outfile: bundlePath,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    logLevel: 'error',
  });
}
