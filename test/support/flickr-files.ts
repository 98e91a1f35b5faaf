// Dataset files for tests: the real Flickr8k captions where they lie beside the project, and small ones of every format, made here.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** All 40,460 captions, one a line. Not part of the project: `../shared/data` is a folder that some machines have beside it. */
const REAL_CAPTIONS = join(import.meta.dirname, '../../../shared/data/Flickr8k_text.txt');

/** Path of the real captions, or null on a machine without them. */
export function findRealCaptions(): string | null {
  return existsSync(REAL_CAPTIONS) ? REAL_CAPTIONS : null;
}

export interface MadeFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const CAPTIONS = Array.from({ length: 120 }, (_, index) => `A dog with number ${index + 1}, "Rex", runs over the grass .`);

/** As `Flickr8k.token.txt`, with CRLF, a blank line and a caption of one letter. */
export function makeTokenFile(): MadeFile {
  const lines = CAPTIONS.map((caption, index) => `100${Math.floor(index / 5)}_ab.jpg#${index % 5}\t${caption}`);
  return makeFile('Flickr8k.token.txt', [...lines, '', '9_ab.jpg#0\tA'].join('\r\n'));
}

/** As Kaggle's `captions.txt`: a header, commas and quotes inside captions, a byte order mark. */
export function makeCsvFile(): MadeFile {
  const lines = CAPTIONS.map((caption, index) => `100${index}_ab.jpg,"${caption.replaceAll('"', '""')}"`);
  return makeFile('captions.txt', `\ufeff${['image,caption', ...lines].join('\n')}\n`);
}

/** One caption a line. */
export function makePlainFile(): MadeFile {
  return makeFile('prompts.txt', `${CAPTIONS.join('\n')}\n`);
}

function makeFile(name: string, text: string): MadeFile {
  return { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
}
