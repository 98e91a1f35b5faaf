// The diagnostics of the program as one zip archive: documents of the state and the files of the log, every text of them redacted once
// more on its way in. What can't be made is named in its place, so that a damaged database still leaves the rest.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { strToU8, zipSync } from 'fflate';
import { toErrorShape } from '../../../shared/errors.js';
import { listLogFiles } from '../../adapters/log/read-log.js';
import type { Redactor } from '../../adapters/log/redactor.js';
import type { ExportedDocument } from '../../foundation/exported-document.js';

export interface DiagnosticsInput {
  /** By the name of their file in the archive, each made when it is asked for. */
  documents: Record<string, () => unknown>;
  logPath: string;
  redactor: Redactor;
  nowMs: () => number;
}

/** Lines redacted in one turn of the event loop. */
const LINES_A_TURN = 500;

const README = `Diagnostics of DEdgeAI Control Center

What is in here: the program's log (logs/), what works on this machine (doctor.json), versions (program.json), the database's schema and
counts (database.json), testbeds and where secrets are kept (settings.json), summaries of runs (runs.json), events (events.json).

What is not: passwords, passphrases, private keys and tokens; prompts and images. Host names, user names and paths of this laboratory are
in here: read it before you pass it on.
`;

export async function bundleDiagnostics(input: DiagnosticsInput): Promise<ExportedDocument<Uint8Array<ArrayBuffer>>> {
  const { documents, logPath, redactor, nowMs } = input;
  const files: Record<string, Uint8Array> = { 'README.txt': strToU8(README) };
  for (const [name, make] of Object.entries(documents)) {
    files[name] = strToU8(`${JSON.stringify(redactor.value(await valueOf(make)), null, 2)}\n`);
  }
  for (const path of listLogFiles(logPath))
    files[`logs/${basename(path)}`] = strToU8(await redactLines(await readFile(path, 'utf8'), redactor));
  const stamp = new Date(nowMs()).toISOString().replace(/[:.]/g, '-');
  return { fileName: `dedgeai-diagnostics-${stamp}.zip`, mediaType: 'application/zip', body: zipSync(files) };
}

async function valueOf(make: () => unknown): Promise<unknown> {
  try {
    // As JSON shows it: dates, undefined and classes are gone before the texts are looked at.
    return JSON.parse(JSON.stringify((await make()) ?? null)) as unknown;
  } catch (thrown) {
    return { error: toErrorShape(thrown) };
  }
}

async function redactLines(text: string, redactor: Redactor): Promise<string> {
  const lines = text.split('\n');
  const clean: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (index % LINES_A_TURN === 0) await turn();
    clean.push(redactLine(line, redactor));
  }
  return clean.join('\n');
}

/** Value by value, so that a line stays JSON; as one text where it is none. */
function redactLine(line: string, redactor: Redactor): string {
  try {
    return JSON.stringify(redactor.value(JSON.parse(line)));
  } catch {
    return redactor.text(line);
  }
}
