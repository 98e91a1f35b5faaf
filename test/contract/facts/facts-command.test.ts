// The facts command in a real shell, on this machine, with tools of a Jetson that the test puts in its way.
import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { factsCommand } from '../../../src/main/domain/nodes/facts/facts-command.js';
import { parseFacts } from '../../../src/main/domain/nodes/facts/parse-facts.js';
import { launcherOf } from '../../../src/main/domain/nodes/provisioning/python/launcher.js';

const run = promisify(execFile);

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dedgeai-facts-'));
  mkdirSync(join(home, 'bin'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function putTool(path: string, script: string): void {
  const file = join(home, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

async function readLocalFacts(options: { probesTorch: boolean; env?: Record<string, string> }) {
  const env = { HOME: home, PATH: `${join(home, 'bin')}:/usr/bin:/bin`, ...options.env };
  const { stdout } = await run('/bin/sh', ['-c', factsCommand(options)], { env, cwd: home });
  return parseFacts(stdout, Date.now());
}

test('this machine tells its facts without root', async () => {
  const facts = await readLocalFacts({ probesTorch: false });

  expect(facts.kernel).toMatch(/^\w+ \d/);
  expect(facts.cpuCount).toBeGreaterThan(0);
  expect(facts.diskFreeBytes).toBeGreaterThan(0);
  expect(facts.diskTotalBytes).toBeGreaterThanOrEqual(facts.diskFreeBytes!);
});

test('tools that hang, crash or print sections leave the other facts as they are', async () => {
  putTool('bin/nvpmodel', `printf 'NVPM WARN: fan\\nNV Power Mode: MODE_30W\\n2\\n[cpus]\\n777\\n'`);
  putTool('bin/nvidia-smi', 'echo No devices were found; exit 6');
  putTool('bin/tegrastats', 'exec sleep 60');
  putTool('bin/nvcc', 'kill -9 $$');
  const facts = await readLocalFacts({ probesTorch: false });

  expect(facts).toMatchObject({ powerMode: 'MODE_30W', powerModeId: 2, gpuLoadPercent: null, cudaVersion: null, gpuName: null });
  expect(facts.unreadTools).toEqual([
    { tool: 'nvcc', status: 137 },
    { tool: 'nvidia-smi', status: 6 },
  ]);
  expect(facts.cpuCount).not.toBe(777);
  expect(facts.cpuCount).toBeGreaterThan(0);
});

/** Just enough of torch for the probe, in a Python of the worker's own. */
const FAKE_TORCH = `
__version__ = "9.9.9+test"
class version:
    cuda = "12.6"
class cuda:
    is_available = staticmethod(lambda: True)
    get_device_name = staticmethod(lambda index: "Orin")
class Ones:
    def __matmul__(self, other):
        KERNEL
    def sum(self):
        return self
    def item(self):
        return 64.0 ** 3
def ones(*shape, device):
    return Ones()
`;

const NO_PYTHON = 'There is no python3 on this machine, so the probe of torch was not tried.';

/** The interpreter itself: a shim of a version manager would look for its settings in the HOME of the test. */
function findPython(): string | null {
  const asked = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
  return asked.status === 0 ? asked.stdout.trim() : null;
}

async function readWithTorch(python: string, kernel: string) {
  mkdirSync(join(home, 'modules'));
  writeFileSync(join(home, 'modules', 'torch.py'), FAKE_TORCH.replace('KERNEL', kernel));
  putTool('.dedgeai/python/bin/python3', `exec ${python} "$@"`);
  return readLocalFacts({ probesTorch: true, env: { PYTHONPATH: join(home, 'modules') } });
}

test('CUDA counts as working when the kernel gave the right sum', async (context) => {
  const python = findPython();
  if (!python) {
    await context.annotate(NO_PYTHON);
    return;
  }
  const facts = await readWithTorch(python, 'return self');
  expect(facts).toMatchObject({ torchVersion: '9.9.9+test', torchCuda: 'works', torchProblem: null, gpuName: 'Orin' });
});

test('a torch that lies in the home folder as a clone or a script is not the one of a Python', async (context) => {
  const python = findPython();
  if (!python) {
    await context.annotate(NO_PYTHON);
    return;
  }
  writeFileSync(join(home, 'torch.py'), '__version__ = "0.0.1+mine"');
  mkdirSync(join(home, 'torch'));
  const facts = await readWithTorch(python, 'return self');
  expect(facts).toMatchObject({ torchVersion: '9.9.9+test', torchCuda: 'works' });
});

test('torch is proved with the libraries that the launcher of the worker names', async (context) => {
  const python = findPython();
  if (!python) {
    await context.annotate(NO_PYTHON);
    return;
  }
  const { path, bytes } = launcherOf({ path: join(home, '.dedgeai/venv/bin/python3'), version: '3.10.12', machine: 'x86_64' });
  mkdirSync(join(home, '.dedgeai/venv/lib/python3.10/site-packages/nvidia/cu12/lib'), { recursive: true });
  putTool(`.dedgeai/worker/${path}`, bytes.toString());
  putTool('.dedgeai/venv/bin/python3', `exec ${python} "$@"`);
  const needsLibrary =
    'import os\n        if "/nvidia/cu12/lib" not in os.environ.get("LD_LIBRARY_PATH", ""): raise OSError("libcudss.so.0")\n        return self';

  const facts = await readWithTorch(python, needsLibrary);

  expect(facts).toMatchObject({ torchCuda: 'works', torchProblem: null });
});

test('a launcher whose Python is gone leaves the proof to the Python that is there', async (context) => {
  const python = findPython();
  if (!python) {
    await context.annotate(NO_PYTHON);
    return;
  }
  putTool('.dedgeai/worker/python', 'exec /nonexistent/python3 "$@"');
  expect(await readWithTorch(python, 'return self')).toMatchObject({ torchCuda: 'works' });
});

test('CUDA that is available and fails at its first kernel does not count as working', async (context) => {
  const python = findPython();
  if (!python) {
    await context.annotate(NO_PYTHON);
    return;
  }
  const facts = await readWithTorch(python, 'raise RuntimeError("no kernel image is available")');
  expect(facts).toMatchObject({ torchCuda: 'fails', torchProblem: 'RuntimeError: no kernel image is available' });
});

test('a Python that crashes in the middle of the kernel still leaves the version told', async (context) => {
  const python = findPython();
  if (!python) {
    await context.annotate(NO_PYTHON);
    return;
  }
  const facts = await readWithTorch(python, 'import os; os.abort()');
  expect(facts).toMatchObject({ torchVersion: '9.9.9+test', torchCuda: 'fails' });
  expect(facts.torchProblem).toContain('Python ended in the middle');
});
