// Opens what may be a safetensors file and reads its header. Pickles are recognized to be refused: loading one runs code of its author.
import type { Stats } from 'node:fs';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { AppError } from '../../../shared/errors.js';
import { invalidModel, toModelFileError } from './model-errors.js';
import type { SafetensorsHeader } from './safetensors-header.js';
import { LENGTH_FIELD_BYTES, MAX_HEADER_BYTES, parseHeader } from './safetensors-header.js';

/** What the first bytes say. `safetensors` means only that it is worth to parse. */
export type FileKind = 'safetensors' | 'pickle' | 'gguf' | 'lfs-pointer' | 'web-page' | 'unknown';

const SNIFF_BYTES = 64;
const OPENING_BRACE = 0x7b;
/** First opcode of a pickle; the protocol follows. */
const PICKLE_PROTO = 0x80;

/** Pure; `bytes` are the first 64 at most. */
export function sniff(bytes: Buffer): FileKind {
  const hasBrace = bytes[LENGTH_FIELD_BYTES] === OPENING_BRACE;
  if (hasBrace && bytes.readBigUInt64LE() <= MAX_HEADER_BYTES) return 'safetensors';
  const text = bytes.toString('latin1');
  // torch.save: a zip of pickles since PyTorch 1.6, a bare pickle of protocol 2 or later before.
  const [first = 0, protocol = 0] = bytes;
  if (text.startsWith('PK\x03\x04') || (first === PICKLE_PROTO && protocol >= 2 && protocol <= 5)) return 'pickle';
  if (text.startsWith('GGUF')) return 'gguf';
  if (text.startsWith('version https://git-lfs')) return 'lfs-pointer';
  if (/^\s*<(!doctype|html)/i.test(text)) return 'web-page';
  return hasBrace ? 'safetensors' : 'unknown';
}

export interface OpenedFile {
  kind: FileKind;
  sizeBytes: number;
  /** Null unless the kind is `safetensors`. */
  header: SafetensorsHeader | null;
}

/** Looks at one file. Throws `not-found`, `io`, or `invalid-input` for a safetensors file that breaks the rules or for no regular file. */
export async function readModelFile(path: string): Promise<OpenedFile> {
  try {
    // Not to wait for a writer, should it be a pipe; Windows has no such flag.
    await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats: Stats = await file.stat();
    if (!stats.isFile()) throw invalidModel(path, 'is a device or a pipe', 'Name a file or a folder.');
    const sizeBytes = stats.size;
    const first = await readBytes(file, 0, Math.min(SNIFF_BYTES, sizeBytes));
    const kind = sniff(first);
    if (kind !== 'safetensors') return { kind, sizeBytes, header: null };
    const headerBytes = Number(first.readBigUInt64LE());
    if (headerBytes > MAX_HEADER_BYTES) {
      throw invalidModel(
        path,
        `claims a header of ${headerBytes} bytes; this program reads ${MAX_HEADER_BYTES} at most`,
        'That is room for tens of thousands of tensors: fetch the file again from where it is published.',
      );
    }
    if (headerBytes > sizeBytes - LENGTH_FIELD_BYTES) {
      throw invalidModel(path, `is cut off: its header takes ${headerBytes} bytes, the whole file has ${sizeBytes}`);
    }
    const json = await readBytes(file, LENGTH_FIELD_BYTES, headerBytes);
    return { kind, sizeBytes, header: parseHeader(json, path, sizeBytes) };
  } catch (thrown) {
    throw toModelFileError(thrown, path);
  }
}

/** The error for a file that had to be a model and is none. */
export function notSafetensors(path: string, kind: Exclude<FileKind, 'safetensors'>): AppError {
  switch (kind) {
    case 'pickle':
      return new AppError(
        'unsupported',
        `${path} is a PyTorch pickle, which can run code when it is loaded`,
        'Use the .safetensors file of the same model.',
      );
    case 'gguf':
      return new AppError('unsupported', `${path} is a GGUF file`, 'Use the .safetensors file of the model.');
    case 'lfs-pointer':
      return invalidModel(path, 'is only a pointer of Git LFS, not the model', 'Fetch the real file: git lfs pull.');
    case 'web-page':
      return invalidModel(path, 'is a web page, not a model', 'The download may have needed a login: fetch it again.');
    case 'unknown':
      return invalidModel(path, 'is not in the safetensors format', 'Name a .safetensors file, or a folder with model_index.json.');
  }
}

async function readBytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
