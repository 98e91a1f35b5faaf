// Which Python a node has for the image worker, and which libraries are missing in it. Libraries are looked for, not loaded: the health
// image proves them.
import { z } from 'zod';
import { IS_THERE, LIBRARIES_ALONE } from '../../facts/python-probe.js';
import { INSTALL_DIR } from '../agent-config-for.js';

/** What the worker imports, by the name of the import and of the package. */
const LIBRARIES = {
  torch: 'torch',
  diffusers: 'diffusers',
  transformers: 'transformers',
  safetensors: 'safetensors',
  accelerate: 'accelerate',
  numpy: 'numpy',
  PIL: 'pillow',
} as const;

export const VENV_DIR = `${INSTALL_DIR}/venv`;
const OLDEST_MINOR = 8;

/** Distributions beside those above whose presence is told; see EXTRA_LIBRARIES in cached-wheels.ts. */
const NVIDIA_NAME = 'nvidia-|nvpl-';

/** Prints one JSON line: version, what is missing, whether a virtual environment can be made. */
const PROBE = `${LIBRARIES_ALONE}
${IS_THERE}
import importlib.metadata, json, platform, re
def version(name):
    try:
        return importlib.metadata.version(name)
    except Exception:
        return ""
def nvidia():
    names = [str(found.metadata["Name"]).lower().replace("_", "-") for found in importlib.metadata.distributions()]
    return sorted({name for name in names if re.match("${NVIDIA_NAME}", name)})
names = ${JSON.stringify(Object.keys(LIBRARIES))}
print(json.dumps({"version": platform.python_version(), "machine": platform.machine(), "system": sys.platform,
  "missing": [name for name in names if not there(name)], "torch": version("torch"), "diffusers": version("diffusers"),
  "hasVenv": there("venv"), "hasPip": there("ensurepip") or there("pip"), "hasOpenClip": there("open_clip"),
  "nvidia": nvidia()}))`;

const text = z.string().max(200);
const probed = z.object({
  version: z.string().regex(/^3\.\d{1,3}\.\d{1,3}/),
  machine: z.string().regex(/^\w{1,20}$/),
  system: text,
  missing: z.array(z.enum(Object.keys(LIBRARIES) as [keyof typeof LIBRARIES, ...(keyof typeof LIBRARIES)[]])),
  torch: text,
  diffusers: text,
  hasVenv: z.boolean(),
  hasPip: z.boolean(),
  hasOpenClip: z.boolean(),
  nvidia: z.array(text).max(200),
});

export interface FoundPython {
  /** Absolute on the node. */
  path: string;
  isOurs: boolean;
  version: string;
  machine: string;
  system: string;
  torch: string;
  diffusers: string;
  /** Names of packages, as pip knows them. */
  missing: string[];
  hasVenv: boolean;
  /** Whether an environment gets pip by itself: ensurepip is there, or the system's pip shows through. */
  hasPip: boolean;
  hasOpenClip: boolean;
  /** NVIDIA's libraries that were installed as packages, as pip names them. */
  nvidia: string[];
}

/** For a POSIX shell: asks this program's own Python there first, then the device's. */
export const FIND_PYTHON_COMMAND = `for python in "$HOME/${VENV_DIR}/bin/python3" "$(command -v python3 2>/dev/null)" /usr/bin/python3; do
  [ -x "$python" ] || continue
  printf 'python=%s\\n' "$python"
  "$python" - <<'END_OF_PROBE' 2>/dev/null
${PROBE}
END_OF_PROBE
done`;

/** Those that answered, in the order they were asked. What makes no sense is passed over. */
export function parsePythons(output: string): FoundPython[] {
  const found: FoundPython[] = [];
  let path: string | null = null;
  for (const line of output.split('\n')) {
    const named = /^python=(\/[^\n]{1,400})$/.exec(line);
    if (named?.[1] !== undefined) path = named[1];
    else if (path !== null && line.startsWith('{')) {
      const answer = parseAnswer(line);
      if (answer && !found.some((other) => other.path === path))
        found.push({ ...answer, path, isOurs: path.endsWith(`/${VENV_DIR}/bin/python3`) });
      path = null;
    }
  }
  return found.filter(({ version }) => Number(version.split('.')[1]) >= OLDEST_MINOR);
}

function parseAnswer(line: string): Omit<FoundPython, 'path' | 'isOurs'> | null {
  try {
    const answer = probed.parse(JSON.parse(line));
    return { ...answer, missing: answer.missing.map((name) => LIBRARIES[name]) };
  } catch {
    return null;
  }
}
