// What refining a model writes: pure, from headers alone. reSD3-m is SD3 medium with every tensor of T5-XXL left out.
import { AppError } from '../../../shared/errors.js';
import { MODEL_INDEX_NAME, T5_COMPONENTS } from './diffusers-folder.js';
import type { InspectedFile, InspectedModel } from './inspected-model.js';
import { T5_PREFIX } from './recognize-parts.js';
import { alignmentBytes, encodeHeader, inDataOrder } from './safetensors-header.js';
import type { Tensor } from './safetensors-header.js';

/** A stretch of a source file. */
export interface ByteRange {
  offset: number;
  length: number;
}

/** A file to write: bytes made here, then stretches of a source. */
export interface OutputFile {
  /** As `InspectedFile.relativePath`. */
  relativePath: string;
  head: Uint8Array;
  source: { path: string; sizeBytes: number; ranges: ByteRange[] } | null;
  sizeBytes: number;
}

export interface RefinePlan {
  files: OutputFile[];
  beforeBytes: number;
  afterBytes: number;
  keptTensors: number;
  droppedTensors: number;
}

/**
 * `modelIndex` is the parsed model_index.json of a diffusers folder, else null. Throws `invalid-input` when there is no T5-XXL to leave out.
 */
export function planRefine(model: InspectedModel, path: string, modelIndex: Record<string, unknown> | null): RefinePlan {
  if (!model.parts.some((part) => part.name === 't5')) {
    throw new AppError('invalid-input', `${path} holds no T5-XXL: it is refined already`, 'Use it as it is.');
  }
  const files = model.files.flatMap((file) => planFile(file, modelIndex));
  const count = (inspected: readonly InspectedFile[]): number =>
    inspected.reduce((sum, file) => sum + (file.header?.tensors.length ?? 0), 0);
  const keptTensors = files.reduce((sum, file) => sum + file.keptTensors, 0);
  return {
    files,
    beforeBytes: model.files.reduce((sum, file) => sum + file.sizeBytes, 0),
    afterBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    keptTensors,
    droppedTensors: count(model.files) - keptTensors,
  };
}

/** The file as it will be, or nothing where all of it is T5's. */
function planFile(file: InspectedFile, modelIndex: Record<string, unknown> | null): (OutputFile & { keptTensors: number })[] {
  const [component = ''] = file.relativePath.split('/');
  const tensors = file.header?.tensors ?? [];
  if (modelIndex && T5_COMPONENTS.includes(component)) return [];
  if (modelIndex && file.relativePath === MODEL_INDEX_NAME) {
    const head = editModelIndex(modelIndex);
    return [{ relativePath: file.relativePath, head, source: null, sizeBytes: head.length, keptTensors: 0 }];
  }
  if (file.parts.length > 0 && file.parts.every((part) => part === 't5')) return [];
  const kept = tensors.filter((tensor) => !tensor.name.startsWith(T5_PREFIX));
  if (!file.header || kept.length === tensors.length) {
    const source = { path: file.path, sizeBytes: file.sizeBytes, ranges: [{ offset: 0, length: file.sizeBytes }] };
    return [{ relativePath: file.relativePath, head: new Uint8Array(), source, sizeBytes: file.sizeBytes, keptTensors: kept.length }];
  }
  const { laidOut, ranges } = layOut(kept, file.header.dataOffsetBytes);
  const head = encodeHeader({ tensors: laidOut, metadata: file.header.metadata });
  const source = { path: file.path, sizeBytes: file.sizeBytes, ranges };
  const sizeBytes = head.length + ranges.reduce((sum, range) => sum + range.length, 0);
  return [{ relativePath: file.relativePath, head, source, sizeBytes, keptTensors: kept.length }];
}

/**
 * New places for the tensors, end to end. Wider types come first, so that each starts at a multiple of its element's size, which readers
 * that map the file need; otherwise the order of the data stays, so that neighbours are read in one stretch.
 */
function layOut(tensors: readonly Tensor[], dataOffsetBytes: number): { laidOut: Tensor[]; ranges: ByteRange[] } {
  const ordered = inDataOrder(tensors).sort((a, b) => alignmentBytes(b.dtype) - alignmentBytes(a.dtype));
  const laidOut: Tensor[] = [];
  const ranges: ByteRange[] = [];
  let endByte = 0;
  for (const tensor of ordered) {
    const length = tensor.endByte - tensor.startByte;
    laidOut.push({ ...tensor, startByte: endByte, endByte: endByte + length });
    endByte += length;
    const offset = dataOffsetBytes + tensor.startByte;
    const last = ranges.at(-1);
    if (last && last.offset + last.length === offset) last.length += length;
    else if (length > 0) ranges.push({ offset, length });
  }
  return { laidOut, ranges };
}

/** The same index with the third text encoder and its tokenizer marked absent, as diffusers writes it itself. */
function editModelIndex(index: Record<string, unknown>): Uint8Array {
  const edited = { ...index, ...Object.fromEntries(T5_COMPONENTS.map((name) => [name, [null, null]])) };
  return Buffer.from(`${JSON.stringify(edited, null, 2)}\n`);
}
