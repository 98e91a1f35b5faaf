import { writeFile } from 'node:fs/promises';
import type { ExportedDocument } from '../../foundation/exported-document.js';
import { type Terminal, writeDocument } from './terminal.js';

/** To `out`, `-` for standard output; under the document's own name in this folder when it is absent. Says where it went. */
export async function writeExport(terminal: Terminal, document: ExportedDocument, out: string | undefined): Promise<void> {
  if (out === '-') {
    writeDocument(document.body);
    return;
  }
  const path = out ?? document.fileName;
  await writeFile(path, document.body);
  terminal.result({ file: path, mediaType: document.mediaType }, `Wrote ${path}`);
}
