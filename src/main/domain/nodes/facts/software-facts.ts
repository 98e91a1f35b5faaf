// CUDA, Python and torch. CUDA counts as working when a kernel gave the right result: a build for other devices says
// `is_available() == True` and fails at its first kernel.
import { z } from 'zod';
import type { NodeFacts } from '../../../../shared/testbed.js';
import type { FactSection, SectionLines } from './fact-section.js';
import { firstText, parseVersion } from './parse-values.js';
import { IS_THERE, LIBRARIES_ALONE } from './python-probe.js';

/**
 * Shell function that prints the Python of the worker where there is one, else the system's. The worker's launcher goes first: what it starts sees
 * the libraries that the worker sees, which torch does not find without it. One whose Python is gone is passed over.
 */
const FIND_PYTHON_SHELL_FUNCTION = `find_python() {
  launcher="$HOME/.dedgeai/worker/python"
  if [ -x "$launcher" ] && limit 10 "$launcher" -c 0 </dev/null >/dev/null 2>&1; then printf '%s' "$launcher"; return 0; fi
  for candidate in "$HOME"/.dedgeai/*/bin/python3 "$(command -v python3 2>/dev/null)" /usr/bin/python3; do
    if [ -x "$candidate" ]; then printf '%s' "$candidate"; return 0; fi
  done
  return 1
}`;

/** Says each thing as soon as it is known, so that a crash or the time limit still leaves the rest told. One 64x64 product, at most. */
const TORCH_PROBE = `${LIBRARIES_ALONE}
${IS_THERE}
import importlib.metadata
def say(key, value):
    print(key, str(value).replace(chr(10), " ")[:200], flush=True)
if not there("torch"):
    raise SystemExit(0)
try:
    say("torch", importlib.metadata.version("torch"))
except Exception:
    say("torch", "unknown")
try:
    import torch
    say("torch", torch.__version__)
    say("built_for", torch.version.cuda)
    say("available", torch.cuda.is_available())
    if torch.cuda.is_available():
        say("gpu", torch.cuda.get_device_name(0))
        ones = torch.ones(64, 64, device="cuda")
        say("sum", int((ones @ ones).sum().item()))
except BaseException as error:
    say("error", type(error).__name__ + ": " + str(error))
`;

/** 64 x 64 elements, each the sum of 64 ones. */
const RIGHT_SUM = 64 ** 3;
const TORCH_LIMIT_SEC = 60;

export const SOFTWARE_SECTIONS: readonly FactSection[] = [
  { name: 'cuda', command: 'cat /usr/local/cuda/version.json', maxLines: 400 },
  { name: 'nvcc', command: 'nvcc --version', tool: 'nvcc' },
  { name: 'gpu', command: 'limit 5 nvidia-smi --query-gpu=name --format=csv,noheader', tool: 'nvidia-smi' },
  { name: 'python', command: `${FIND_PYTHON_SHELL_FUNCTION}\nlimit 10 "$(find_python)" --version 2>&1`, tool: 'python3' },
];

/** Loads torch, which takes seconds and some memory; bounded in time, and left out where the system has no \`timeout\`. */
export const TORCH_SECTION: FactSection = {
  name: 'torch',
  command: `${FIND_PYTHON_SHELL_FUNCTION}
if command -v timeout >/dev/null 2>&1; then
timeout -k 5 ${TORCH_LIMIT_SEC} "$(find_python)" - <<'END_OF_PROBE'
${TORCH_PROBE}END_OF_PROBE
echo status $?
fi`,
};

type SoftwareFacts = Pick<NodeFacts, 'cudaVersion' | 'gpuName' | 'pythonVersion' | 'torchVersion' | 'torchCuda' | 'torchProblem'>;

export function parseSoftware(sections: SectionLines): SoftwareFacts {
  const lines = (name: string): readonly string[] => sections.get(name) ?? [];
  const { gpuName, ...torch } = parseTorch(lines('torch'));
  return {
    cudaVersion: parseCudaFile(lines('cuda')) ?? parseNvcc(lines('nvcc')),
    gpuName: gpuName ?? parseGpuName(lines('gpu')),
    pythonVersion: parseVersion(/^Python (\S+)/.exec(lines('python')[0] ?? '')?.[1]),
    ...torch,
  };
}

/** What the driver can't tell is in brackets: `[N/A]`, `[Unknown Error]`. */
function parseGpuName(lines: readonly string[]): string | null {
  return firstText(lines.filter((line) => !/^(?:\[.*\]|N\/A)$/.test(line)));
}

const cudaFileSchema = z.object({ cuda_nvcc: z.object({ version: z.string().max(40) }) });

/** version.json of the toolkit; the compiler's version stands for it. */
function parseCudaFile(lines: readonly string[]): string | null {
  try {
    const parsed = cudaFileSchema.safeParse(JSON.parse(lines.join('\n')));
    return parsed.success ? parseVersion(parsed.data.cuda_nvcc.version) : null;
  } catch {
    return null;
  }
}

/** `Cuda compilation tools, release 12.6, V12.6.68`. */
function parseNvcc(lines: readonly string[]): string | null {
  const line = lines.find((candidate) => candidate.includes('release')) ?? '';
  return parseVersion(/\bV(\d[\d.]{1,20})/.exec(line)?.[1]);
}

type TorchFacts = Pick<SoftwareFacts, 'torchVersion' | 'torchCuda' | 'torchProblem' | 'gpuName'>;

function parseTorch(lines: readonly string[]): TorchFacts {
  const said = new Map<string, string>();
  for (const line of lines) {
    const [, key, value] = /^(torch|built_for|available|gpu|sum|error|status) (.+)$/.exec(line) ?? [];
    // The version that the import tells comes after the one of the package's record, and counts.
    if (key !== undefined && value !== undefined) said.set(key, value);
  }
  const torchVersion = firstText([said.get('torch') ?? '']);
  if (torchVersion === null) return { torchVersion: null, torchCuda: null, torchProblem: null, gpuName: null };
  return { torchVersion, gpuName: firstText([said.get('gpu') ?? '']), ...checkCuda(said) };
}

function checkCuda(said: ReadonlyMap<string, string>): Pick<TorchFacts, 'torchCuda' | 'torchProblem'> {
  if (said.get('sum') === String(RIGHT_SUM)) return { torchCuda: 'works', torchProblem: null };
  const fails = (torchProblem: string | null): Pick<TorchFacts, 'torchCuda' | 'torchProblem'> => ({ torchCuda: 'fails', torchProblem });
  if (said.has('sum')) return fails('A product of matrices came out wrong.');
  if (said.has('error')) return fails(firstText([said.get('error') ?? '']));
  if (said.get('built_for') === 'None') return { torchCuda: 'cpu-only', torchProblem: 'This build of torch has no CUDA.' };
  if (said.get('available') === 'False') return fails('This build of torch has CUDA but finds no device.');
  const status = said.get('status');
  if (status === '124' || status === '137') return fails(`It did not end within ${TORCH_LIMIT_SEC} s.`);
  return fails(`Python ended in the middle${status === undefined ? '' : ` with status ${firstText([status])}`}.`);
}
