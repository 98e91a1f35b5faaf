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

/** The wheels of a folder that fit; none when it is not there. */
export async function listFittingWheels(folder: string, target: WheelTarget): Promise<Wheel[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((fileName) => {
    const parts = /^([^-]+)-[^-]+(?:-\d[^-]*)?-([^-]+)-([^-]+)-([^-]+)\.whl$/.exec(fileName);
    const [, name = '', pythons = '', abis = '', platforms = ''] = parts ?? [];
    const isFitting = parts !== null && fitsPython(pythons, abis, target) && fitsMachine(platforms, target);
    return isFitting ? [{ package: name.toLowerCase().replace(/[-_.]+/g, '-'), fileName, path: join(folder, fileName) }] : [];
  });
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
