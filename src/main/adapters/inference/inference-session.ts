// The only door to ONNX Runtime: a model of float32 tensors with static shapes, run on one thread. Small networks are slower on several
// threads, and one thread gives the same bits every time. Terminating a worker thread in the middle of a run aborts the whole process:
// run long work in a child process.

import * as ort from 'onnxruntime-node';
import { AppError } from '../../../shared/errors.js';

export interface InferenceSession {
  /** Shapes by name, as the model declares them. */
  readonly inputShapes: Readonly<Record<string, readonly number[]>>;
  readonly outputShapes: Readonly<Record<string, readonly number[]>>;
  /**
   * Computes the outputs, row-major, each in an array of its own that may be fed to the next run. The inputs are only read.
   * @throws AppError invalid-input naming an input that is missing, is not the model's, or has another number of elements
   */
  run(inputs: Readonly<Record<string, Float32Array>>): Promise<Record<string, Float32Array>>;
  /** Frees the model's memory; no run may follow. */
  close(): Promise<void>;
}

/** @throws AppError invalid-input where the bytes are no model that this runtime opens, or one with other types or open shapes */
export async function openInferenceSession(model: Uint8Array): Promise<InferenceSession> {
  const session = await createSession(model);
  const inputShapes = readShapes(session.inputMetadata, 'input');
  const outputShapes = readShapes(session.outputMetadata, 'output');
  const lengths = new Map(Object.entries(inputShapes).map(([name, shape]) => [name, shape.reduce((product, size) => product * size, 1)]));
  return {
    inputShapes,
    outputShapes,
    async run(inputs) {
      for (const name in inputs) if (!lengths.has(name)) throw unknownInput(name, [...lengths.keys()]);
      const feeds: Record<string, ort.Tensor> = {};
      for (const [name, length] of lengths) {
        const values = inputs[name];
        if (values?.length !== length) throw wrongInput(name, length, values?.length);
        feeds[name] = new ort.Tensor('float32', values, inputShapes[name]);
      }
      const results = await session.run(feeds);
      return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, tensor.data as Float32Array]));
    },
    close: () => session.release(),
  };
}

async function createSession(model: Uint8Array): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(model, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      executionProviders: ['cpu'],
      // Errors arrive as exceptions; warnings would go to the standard error stream past every log.
      logSeverityLevel: 3,
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('invalid-input', `The model cannot be opened: ${reason}`, 'Give an ONNX file of opset 17 or older.', { cause });
  }
}

function readShapes(metadata: readonly ort.InferenceSession.ValueMetadata[], side: string): Record<string, readonly number[]> {
  return Object.fromEntries(
    metadata.map((value) => {
      const isStatic = value.isTensor && value.type === 'float32' && value.shape.every((size) => typeof size === 'number' && size > 0);
      if (!isStatic) {
        throw new AppError(
          'invalid-input',
          `The model's ${side} ${value.name} is no float32 tensor of a fixed shape`,
          'Export it that way.',
        );
      }
      return [value.name, value.shape as readonly number[]];
    }),
  );
}

function wrongInput(name: string, expected: number, found: number | undefined): AppError {
  const problem = found === undefined ? 'is missing' : `has ${found} values`;
  return new AppError('invalid-input', `The model's input ${name} ${problem}`, `Give ${expected} values, row-major.`);
}

function unknownInput(name: string, known: readonly string[]): AppError {
  return new AppError('invalid-input', `The model has no input ${name}`, `Give values for these and no others: ${known.join(', ')}.`);
}
