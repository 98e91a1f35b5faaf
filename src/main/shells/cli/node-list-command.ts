// `npm run cli -- node add TESTBED --paste FILE`: a list of hosts, verified line by line, and added only when that is said.
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { AppError } from '../../../shared/errors.js';
import { describeCandidate, type NodeListEntry } from '../../../shared/node-list.js';
import type { NodeAuth } from '../../../shared/credentials.js';
import { confirm } from './secret-input.js';
import type { Session } from './session.js';
import { formatTable } from './terminal.js';

interface PasteOptions {
  paste: string;
  user?: string;
  auth?: NodeAuth;
  yes: boolean;
}

/** Returns the exit status: 5 where some lines could not be added. */
export async function addNodeList({ api, terminal }: Session, testbedId: string, options: PasteOptions): Promise<number> {
  const { auth } = options;
  if (auth === 'key-file' || auth === 'ssh-config') {
    throw new AppError('invalid-input', `--auth ${auth} does not go with --paste.`, 'Lines name their key files themselves.');
  }
  const list = { testbedId, text: await readList(options.paste), defaultUser: options.user ?? null };
  const entries = await api.testbeds.previewNodeList(list);
  const ready = entries.filter(({ verdict }) => verdict === 'ready');
  const table = describeEntries(entries);
  if (ready.length === 0) {
    terminal.result({ entries, added: [] }, `${table}\nNo line can be added.`);
    return entries.some(({ verdict }) => verdict === 'invalid') ? 5 : 0;
  }
  const isRequested = options.yes || (terminal.note(table), await confirm(`Add ${ready.length} nodes?`));
  if (!isRequested) {
    terminal.result({ entries, added: [] }, `${table}\nNothing was added: --yes adds the lines that are ready.`);
    return 0;
  }
  const added = await api.testbeds.addNodeList({ ...list, ...(auth ? { auth } : {}) });
  terminal.result({ entries, added }, `${table}\nAdded ${added.length} nodes.`);
  return entries.some(({ verdict }) => verdict === 'invalid') ? 5 : 0;
}

async function readList(path: string): Promise<string> {
  if (path === '-') return text(process.stdin);
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new AppError('io', `The list ${path} can't be read.`, 'Check the path, or write the list to standard input: --paste -', {
      cause: error,
    });
  });
}

function describeEntries(entries: readonly NodeListEntry[]): string {
  const rows = entries.map(({ line, verdict, text: pasted, node, remark }) => [
    String(line),
    verdict,
    node ? describeCandidate(node) : pasted.slice(0, 60),
    remark ?? '',
  ]);
  return formatTable(['line', 'verdict', 'node', 'remark'], rows);
}
