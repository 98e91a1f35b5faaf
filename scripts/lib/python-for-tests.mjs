// A Python with torch and diffusers, for the tests of the image worker: the one of $PYTHON, python3, or an environment of the project's own
// in .cache/python, made once with the packages below.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fromProject } from './paths.mjs';
import { runCommand } from './run-command.mjs';

const TORCH = 'torch==2.13.0';
const OTHERS = ['diffusers==0.42.1', 'transformers==5.23.0', 'accelerate', 'safetensors', 'numpy', 'pillow', 'onnxruntime'];
const LOOK =
  'import importlib.util as u, sys; sys.exit(any(u.find_spec(n) is None for n in ("torch", "diffusers", "transformers", "accelerate")))';
/** Ends with 1 where pip would bring gigabytes of CUDA along: such a build is for anyone who has a GPU to install, not for a test. */
const ASK_PIP = `import json, subprocess, sys
words = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--dry-run", "--report", "-", sys.argv[1]]
report = json.loads(subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout)
sys.exit(any(item["metadata"]["name"].lower().startswith("nvidia") for item in report["install"]))`;
const INSTALL_TIMEOUT_MS = 15 * 60_000;

/** Path of the program, or null where none has the packages and they could not be installed. `installVenv` installs Debian's python3-venv. */
export async function preparePython(installVenv) {
  const folder = fromProject('.cache', 'python');
  const own = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python3');
  for (const python of [process.env.PYTHON, 'python3', own]) {
    if (python && (await run(python, ['-c', LOOK], 60_000))) return python;
  }
  if (!(await run('python3', ['--version'], 60_000))) return null;
  console.error('Installing torch and diffusers for the tests, into .cache/python (a minute or two, once) ...');
  const isMade = await makeEnvironment(folder, own, installVenv);
  if (!isMade) rmSync(folder, { recursive: true, force: true });
  return isMade ? own : null;
}

async function makeEnvironment(folder, python, installVenv) {
  rmSync(folder, { recursive: true, force: true });
  if (!(await run('python3', ['-m', 'venv', folder], 120_000))) {
    await installVenv();
    rmSync(folder, { recursive: true, force: true });
    if (!(await run('python3', ['-m', 'venv', folder], 120_000))) return false;
  }
  const pip = (...words) => run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...words], INSTALL_TIMEOUT_MS);
  return (await run(python, ['-c', ASK_PIP, TORCH], INSTALL_TIMEOUT_MS)) && (await pip(TORCH, ...OTHERS)) && existsSync(python);
}

async function run(command, args, timeoutMs) {
  const { code } = await runCommand(command, args, { show: false, timeoutMs });
  return code === 0;
}
