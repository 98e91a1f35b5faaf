// The header of a safetensors file, read strictly: every rule of the format is enforced before a tensor is believed.
//
//   | 8 bytes: N, little-endian | N bytes: JSON, padded with spaces | data: the tensors, end to end, nothing between or after |
import { findDuplicateKey } from './find-duplicate-key.js';
import { invalidModel, quoteName } from './model-errors.js';

/** Bytes of the length field before the JSON. */
export const LENGTH_FIELD_BYTES = 8;
/**
 * The format allows 100 MB, whose parsing takes 1 GB of memory and 20 s. Here fit some 80,000 tensors, of about 100 bytes each; models of
 * Stable Diffusion 3 have a few thousand.
 */
export const MAX_HEADER_BYTES = 8 * 1024 * 1024;
const METADATA_KEY = '__metadata__';

/** Bits of one element, by the format's name of the type. */
const DTYPE_BITS: ReadonlyMap<string, number> = new Map([
  ...['F64', 'I64', 'U64', 'C64'].map((name) => [name, 64] as const),
  ...['F32', 'I32', 'U32'].map((name) => [name, 32] as const),
  ...['F16', 'BF16', 'I16', 'U16'].map((name) => [name, 16] as const),
  ...['F8_E4M3', 'F8_E5M2', 'F8_E8M0', 'F8_E4M3FNUZ', 'F8_E5M2FNUZ', 'I8', 'U8', 'BOOL'].map((name) => [name, 8] as const),
  ...['F6_E2M3', 'F6_E3M2'].map((name) => [name, 6] as const),
  ['F4', 4],
]);

export interface Tensor {
  name: string;
  dtype: string;
  shape: readonly number[];
  /** Half-open range, counted from the start of the data. */
  startByte: number;
  endByte: number;
}

export interface SafetensorsHeader {
  /** In the header's order. */
  tensors: readonly Tensor[];
  metadata: Readonly<Record<string, string>> | null;
  /** Where the data starts in the file. */
  dataOffsetBytes: number;
}

/** The whole bytes at whose multiples tensors of this type should start; 1 for types of less than a byte. */
export function alignmentBytes(dtype: string): number {
  return Math.max(1, Math.floor((DTYPE_BITS.get(dtype) ?? 8) / 8));
}

/**
 * Parses the JSON between the length field and the data. `fileSizeBytes` is the whole file's. Throws `invalid-input` naming the file, the
 * tensor and the rule that is broken.
 */
export function parseHeader(json: Uint8Array, file: string, fileSizeBytes: number): SafetensorsHeader {
  const dataOffsetBytes = LENGTH_FIELD_BYTES + json.length;
  const entries = Object.entries(parseObject(json, file));
  const metadata = entries.find(([key]) => key === METADATA_KEY)?.[1];
  const tensors = entries.filter(([key]) => key !== METADATA_KEY).map(([name, value]) => parseTensor(name, value, file));
  checkTiling(tensors, fileSizeBytes - dataOffsetBytes, file);
  return { tensors, metadata: metadata === undefined ? null : parseMetadata(metadata, file), dataOffsetBytes };
}

/** The bytes from the length field to the start of the data, padded so that the data starts at a multiple of 8. */
export function encodeHeader(header: Pick<SafetensorsHeader, 'tensors' | 'metadata'>): Uint8Array {
  const entries: [string, unknown][] = header.tensors.map((tensor) => [
    tensor.name,
    { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [tensor.startByte, tensor.endByte] },
  ]);
  if (header.metadata) entries.unshift([METADATA_KEY, header.metadata]);
  // Written key by key: an object would reorder names that look like numbers and lose one called __proto__.
  const json = Buffer.from(`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`);
  const paddedBytes = Math.ceil(json.length / 8) * 8;
  const encoded = Buffer.alloc(LENGTH_FIELD_BYTES + paddedBytes, ' ');
  encoded.writeBigUInt64LE(BigInt(paddedBytes));
  json.copy(encoded, LENGTH_FIELD_BYTES);
  return encoded;
}

function parseObject(json: Uint8Array, file: string): Record<string, unknown> {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(json);
    value = JSON.parse(text);
  } catch {
    throw invalidModel(file, 'has a header that is not JSON in UTF-8');
  }
  if (!isObject(value) || !text.startsWith('{')) throw invalidModel(file, 'has a header that is not a JSON object');
  const duplicate = findDuplicateKey(text);
  if (duplicate !== null) throw invalidModel(file, `names ${quoteName(duplicate)} twice in its header`);
  return value as Record<string, unknown>;
}

function parseMetadata(value: unknown, file: string): Record<string, string> {
  if (!isObject(value)) throw invalidModel(file, 'has metadata that is not a JSON object');
  const wrong = Object.entries(value).find(([, text]) => typeof text !== 'string');
  if (wrong) throw invalidModel(file, `has metadata ${quoteName(wrong[0])} that is not a text`);
  return value as Record<string, string>;
}

function parseTensor(name: string, value: unknown, file: string): Tensor {
  const where = `tensor ${quoteName(name)}`;
  if (!isObject(value)) throw invalidModel(file, `describes ${where} by something that is not a JSON object`);
  const { dtype, shape, data_offsets: offsets } = value as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  const bits = typeof dtype === 'string' ? DTYPE_BITS.get(dtype) : undefined;
  if (typeof dtype !== 'string' || bits === undefined) {
    throw invalidModel(file, `gives ${where} the unknown type ${quoteName(String(dtype))}`, 'It may need a newer version of this program.');
  }
  if (!isSizes(shape)) throw invalidModel(file, `gives ${where} a shape that is not a list of sizes`);
  if (!isSizes(offsets) || offsets.length !== 2) throw invalidModel(file, `gives ${where} offsets that are not two whole numbers`);
  const [startByte = 0, endByte = 0] = offsets;
  if (startByte > endByte) throw invalidModel(file, `lets ${where} end (${endByte}) before it starts (${startByte})`);
  const expectedBits = shape.reduce((product, size) => product * size, 1) * bits;
  if (expectedBits > Number.MAX_SAFE_INTEGER) throw invalidModel(file, `gives ${where} a shape larger than any file`);
  if (expectedBits !== (endByte - startByte) * 8) {
    throw invalidModel(
      file,
      `gives ${where} ${endByte - startByte} bytes, but its shape [${shape.join(', ')}] of ${dtype} takes ${expectedBits / 8}`,
    );
  }
  return { name, dtype, shape, startByte, endByte };
}

/** The tensors must cover the data exactly: from its first byte to its last, each byte once. */
function checkTiling(tensors: readonly Tensor[], dataBytes: number, file: string): void {
  let coveredBytes = 0;
  for (const tensor of inDataOrder(tensors)) {
    const where = `tensor ${quoteName(tensor.name)}`;
    if (tensor.endByte > dataBytes) {
      throw invalidModel(
        file,
        `is cut off: ${where} ends at byte ${tensor.endByte} of the data, of which ${Math.max(0, dataBytes)} are there`,
      );
    }
    if (tensor.startByte < coveredBytes) throw invalidModel(file, `lets ${where} overlap the one before it`);
    if (tensor.startByte > coveredBytes) {
      throw invalidModel(file, `has a hole of ${tensor.startByte - coveredBytes} bytes before ${where}`);
    }
    coveredBytes = tensor.endByte;
  }
  if (coveredBytes < dataBytes) throw invalidModel(file, `has ${dataBytes - coveredBytes} bytes after its last tensor`);
}

/** By place in the data; of empty tensors at one place the order is the header's. */
export function inDataOrder(tensors: readonly Tensor[]): Tensor[] {
  return [...tensors].sort((a, b) => a.startByte - b.startByte || a.endByte - b.endByte);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
}
