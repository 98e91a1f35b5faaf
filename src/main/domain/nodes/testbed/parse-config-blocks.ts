// Blocks of ~/.ssh/config within pasted text. OpenSSH itself is not asked: a configuration can run commands (Match exec), and pasted text is
// not the user's own. What would need OpenSSH is refused with a word. Pure.
import { matchesWildcard } from '../../../adapters/ssh/matches-wildcard.js';
import type { ListLine } from './list-line.js';

interface Block {
  line: number;
  patterns: string[];
  /** Keywords in lower case; the first value of each. */
  settings: Map<string, string>;
}

const READ = new Set(['hostname', 'user', 'port', 'identityfile']);
/** What changes the way to a host and would need OpenSSH to be understood. */
const REFUSED = new Set(['proxyjump', 'proxycommand', 'include', 'match']);

/** The hosts of all blocks, and the indices of the lines that they take. */
export function parseConfigBlocks(lines: readonly string[]): { hosts: ListLine[]; taken: Set<number> } {
  const blocks: Block[] = [];
  const taken = new Set<number>();
  let open: Block | null = null;
  for (const [index, raw] of lines.entries()) {
    const [, indent = '', keyword = '', rest = ''] = /^(\s*)([A-Za-z]+)(?:\s*=\s*|\s+)(.+?)\s*$/.exec(raw) ?? [];
    const key = keyword.toLowerCase();
    if (key === 'host' || key === 'match') {
      open = { line: index + 1, patterns: splitWords(rest), settings: new Map(key === 'match' ? [['match', rest]] : []) };
      blocks.push(open);
    } else if (open && (indent !== '' || READ.has(key) || REFUSED.has(key)) && key !== '') {
      if (!open.settings.has(key)) open.settings.set(key, splitWords(rest)[0] ?? '');
    } else if (open && (raw.trim() === '' || raw.trim().startsWith('#'))) {
      // Within a block as between blocks.
    } else {
      open = null;
      continue;
    }
    taken.add(index);
  }
  return { hosts: blocks.flatMap((block) => toLines(block, blocks)), taken };
}

function toLines(block: Block, blocks: readonly Block[]): ListLine[] {
  const text = `Host ${block.patterns.join(' ')}`;
  if (block.settings.has('match')) return [{ line: block.line, text: 'Match', found: null, isWrong: true, remark: refusal('Match') }];
  return block.patterns.map((alias): ListLine => {
    if (/[*?!]/.test(alias)) {
      return { line: block.line, text, found: null, isWrong: false, remark: 'A pattern: it holds for the other blocks of the list.' };
    }
    const settings = settingsOf(alias, blocks);
    const refused = [...REFUSED].find((key) => settings.has(key) && settings.get(key)?.toLowerCase() !== 'none');
    if (refused) return { line: block.line, text, found: null, isWrong: true, remark: refusal(refused) };
    const port = settings.get('port');
    const host = settings.get('hostname')?.replaceAll('%h', alias) ?? alias;
    const found = {
      name: alias,
      host,
      user: settings.get('user') ?? null,
      port: port === undefined ? null : Number(port),
      keyFile: settings.get('identityfile') ?? null,
      // A host on the way may be another block of the same text.
      proxyJump: null,
    };
    return { line: block.line, text: `Host ${alias}`, found, isWrong: false, remark: null };
  });
}

/** As OpenSSH: the first value that a fitting block gives. */
function settingsOf(alias: string, blocks: readonly Block[]): Map<string, string> {
  const settings = new Map<string, string>();
  for (const { patterns, settings: more } of blocks) {
    const isNamed = patterns.some((pattern) => !pattern.startsWith('!') && matchesWildcard(pattern, alias));
    const isExcluded = patterns.some((pattern) => pattern.startsWith('!') && matchesWildcard(pattern.slice(1), alias));
    if (!isNamed || isExcluded) continue;
    for (const [key, value] of more) if (!settings.has(key)) settings.set(key, value);
  }
  return settings;
}

function splitWords(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

function refusal(keyword: string): string {
  return `${keyword} is not read from pasted text: put the block into ~/.ssh/config and add the host from there.`;
}
