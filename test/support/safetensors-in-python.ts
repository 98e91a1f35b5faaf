// Reads a file with Python's safetensors where this machine has it: a second reader of the same format.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const SCRIPT = `
import json, sys
from safetensors import safe_open
with safe_open(sys.argv[1], framework='np') as file:
    tensors = {name: file.get_tensor(name).tobytes().hex() for name in file.keys()}
    json.dump({'metadata': file.metadata(), 'tensors': tensors}, sys.stdout)
`;

/** Every tensor's bytes as hex. Gives null where there is no Python with safetensors (`PYTHON` names another than python3). */
export async function readInPython(path: string): Promise<{ metadata: Record<string, string>; tensors: Record<string, string> } | null> {
  const python = process.env['PYTHON'] ?? 'python3';
  const isThere = await run(python, ['-c', 'import safetensors.numpy']).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  const { stdout } = await run(python, ['-c', SCRIPT, path], { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as { metadata: Record<string, string>; tensors: Record<string, string> };
}
