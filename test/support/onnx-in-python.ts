// Runs a model with Python's onnxruntime where this machine has it: a second reader of the same file.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Prints the graph's name, opset and metadata from the checked file, and the outputs for the inputs beside it. */
const SCRIPT = `
import json, sys
import numpy, onnxruntime
folder = sys.argv[1]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(folder + '/model.onnx', options, providers=['CPUExecutionProvider'])
feeds = json.load(open(folder + '/inputs.json'))
inputs = {i.name: numpy.array(feeds[i.name], dtype=numpy.float32).reshape(i.shape) for i in session.get_inputs()}
names = [o.name for o in session.get_outputs()]
outputs = {name: value.flatten().tolist() for name, value in zip(names, session.run(names, inputs))}
json.dump({'metadata': session.get_modelmeta().custom_metadata_map, 'outputs': outputs}, open(folder + '/outputs.json', 'w'))
`;

interface PythonResult {
  metadata: Record<string, string>;
  outputs: Record<string, number[]>;
}

/** Gives null where there is no Python with onnxruntime (`PYTHON` names another than python3). */
export async function runOnnxInPython(model: Uint8Array, inputs: Readonly<Record<string, Float32Array>>): Promise<PythonResult | null> {
  const python = process.env['PYTHON'] ?? 'python3';
  const isThere = await run(python, ['-c', 'import onnxruntime']).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  const folder = await mkdtemp(join(tmpdir(), 'onnx-in-python-'));
  try {
    await writeFile(join(folder, 'model.onnx'), model);
    const plain = Object.fromEntries(Object.entries(inputs).map(([name, values]) => [name, [...values]]));
    await writeFile(join(folder, 'inputs.json'), JSON.stringify(plain));
    await run(python, ['-c', SCRIPT, folder]);
    return JSON.parse(await readFile(join(folder, 'outputs.json'), 'utf8')) as PythonResult;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
