// Wheels for tests of installing: ones that hold nothing but a name, and the real one of pip.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** What the image worker imports, as `writeEmptyWheels` takes it. */
export const WORKER_PACKAGES = [
  'torch',
  'diffusers',
  'transformers',
  'safetensors',
  'accelerate',
  'numpy',
  'pillow=PIL',
  'open-clip-torch=open_clip',
] as const;

/** `packages`: `PACKAGE` or `PACKAGE=MODULE`. The folder is made where it is not there. */
export function writeEmptyWheels(python: string, folder: string, packages: readonly string[]): void {
  execFileSync(python, [join(import.meta.dirname, 'fake-wheels.py'), folder, ...packages]);
}

/** The wheel of pip that this Python or its system carries; null where none does. */
export function findPipWheel(python: string): string | null {
  const look = `import glob, os, sys
try:
    import ensurepip
    places = [os.path.join(os.path.dirname(ensurepip.__file__), "_bundled")]
except ImportError:
    places = []
found = [path for place in places + ["/usr/share/python-wheels"] for path in glob.glob(place + "/pip-*.whl")]
print(found[0] if found else "")`;
  return execFileSync(python, ['-c', look], { encoding: 'utf8' }).trim() || null;
}
