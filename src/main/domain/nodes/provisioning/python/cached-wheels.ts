// Python packages that lie on this machine for nodes without internet: wheels in a folder, known by their names.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The Python and the machine that wheels are for. */
export interface WheelTarget {
  /** `3.10.12`. */
  version: string;
  /** `x86_64`, `aarch64`. */
  machine: string;
  /** As sys.platform: `linux`. */
  system: string;
}

export interface Wheel {
  /** Normalised: lower case with hyphens. */
  package: string;
  fileName: string;
  path: string;
}

/** Where the wheels that were fetched for a JetPack lie in the folder of wheels. */
export function jetpackFolder(folder: string, jetpack: string): string {
  return join(folder, `jetpack-${jetpack}`);
}

/** The wheels that fit in the folder and in that of the device's JetPack (`6.2.1`, null for another device); none where neither is there. */
export async function listFittingWheels(folder: string, target: WheelTarget, jetpack: string | null = null): Promise<Wheel[]> {
  const major = /^(\d+)/.exec(jetpack ?? '')?.[1];
  const folders = [...(major === undefined ? [] : [jetpackFolder(folder, major)]), folder];
  const found = await Promise.all(
    folders.map(async (each) => {
      const names = (await readdir(each).catch(() => [])).filter((fileName) => isFittingWheel(fileName, target));
      return names.map((fileName) => ({ package: packageOf(fileName), fileName, path: join(each, fileName) }));
    }),
  );
  const seen = new Set<string>();
  return found.flat().filter(({ fileName }) => !seen.has(fileName) && seen.add(fileName));
}

/** By the name of the file: Python, interface and machine. */
export function isFittingWheel(fileName: string, target: WheelTarget): boolean {
  const parts = /^[^-]+-[^-]+(?:-\d[^-]*)?-([^-]+)-([^-]+)-([^-]+)\.whl$/.exec(fileName);
  const [, pythons = '', abis = '', platforms = ''] = parts ?? [];
  return parts !== null && fitsPython(pythons, abis, target) && fitsMachine(platforms, target);
}

/** As pip normalises it. */
export function packageOf(fileName: string): string {
  return (fileName.split('-')[0] ?? '').toLowerCase().replace(/[-_.]+/g, '-');
}

/**
 * Libraries that newer wheels of torch for Jetson need and JetPack 6 lacks. They are installed without what they depend on: that would bring a
 * second cuBLAS along, newer than the device's CUDA.
 */
const EXTRA_LIBRARIES: ReadonlySet<string> = new Set([
  'nvidia-cudss-cu12',
  'nvidia-cudss-cu13',
  'nvidia-cusparselt-cu12',
  'nvidia-cusparselt-cu13',
  'nvidia-cuda-cupti-cu12',
  'nvpl-blas',
  'nvpl-lapack',
]);

/** Those of the wheels that are such libraries. */
export function extraLibraries(wheels: readonly Wheel[]): Wheel[] {
  return wheels.filter((wheel) => EXTRA_LIBRARIES.has(wheel.package));
}

/** The wheels of torch where there is more than one: pip would take the higher version, which may be built for another CUDA. */
export function severalTorches(wheels: readonly Wheel[]): Wheel[] {
  const torches = wheels.filter((wheel) => wheel.package === 'torch');
  return torches.length > 1 ? torches : [];
}

/** What fills the folder for a node, to be run where there is internet. */
export function downloadCommand(packages: readonly string[], folder: string, { version, machine }: WheelTarget): string {
  const [major, minor] = version.split('.');
  // Of two wheels of one version pip takes the one whose platform is named first: the device's own builds are called plain linux.
  const platforms = ['linux', 'manylinux_2_28', 'manylinux_2_17', 'manylinux2014'].map((name) => `--platform ${name}_${machine}`);
  return [
    `pip download --dest "${folder}" --only-binary=:all: --implementation cp --python-version ${major}.${minor}`,
    ...platforms,
    ...packages,
  ].join(' ');
}

/** `cp310`, `py3`, or `cp38` with the stable interface. */
function fitsPython(pythons: string, abis: string, { version }: WheelTarget): boolean {
  const minor = Number(version.split('.')[1]);
  return pythons.split('.').some((python) => {
    if (python === 'py3' || python === `py3${minor}` || python === `cp3${minor}`) return true;
    const oldest = /^cp3(\d+)$/.exec(python)?.[1];
    return abis.split('.').includes('abi3') && oldest !== undefined && Number(oldest) <= minor;
  });
}

function fitsMachine(platforms: string, { machine, system }: WheelTarget): boolean {
  return platforms.split('.').some((platform) => {
    if (platform === 'any') return true;
    return system === 'linux' && /^(many)?linux/.test(platform) && platform.endsWith(`_${machine}`);
  });
}
