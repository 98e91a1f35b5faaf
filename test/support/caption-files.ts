// Caption files of bytes that a test has at hand.
import { parseDataset, type CaptionFile } from '../../src/main/domain/datasets/captions/parse-dataset.js';
import type { Caption } from '../../src/main/domain/datasets/captions/caption-layout.js';
import { DEFAULT_IMPORT_OPTIONS, type DatasetPreview, type ImportOptions } from '../../src/shared/dataset.js';

const encoder = new TextEncoder();

/** A file that comes in these pieces. */
export function captionFile(pieces: readonly (string | Uint8Array)[], name = 'captions.txt'): CaptionFile {
  return {
    name,
    async *chunks() {
      await Promise.resolve();
      for (const piece of pieces) yield typeof piece === 'string' ? encoder.encode(piece) : piece;
    },
  };
}

/** What is found in a file, and every prompt of it. */
export async function parseCaptions(
  content: string | Uint8Array | CaptionFile,
  options: Partial<ImportOptions> = {},
): Promise<{ preview: DatasetPreview; prompts: Caption[] }> {
  const file = typeof content === 'string' || content instanceof Uint8Array ? captionFile([content]) : content;
  const prompts: Caption[] = [];
  const preview = await parseDataset(file, { ...DEFAULT_IMPORT_OPTIONS, ...options }, (captions) => prompts.push(...captions));
  return { preview, prompts };
}
