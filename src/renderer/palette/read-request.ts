// What is asked of the palette: everything, or by its first sign commands (>), nodes (@) or tags (#); a query with keys is for the list of runs.
import { HISTORY_KEYS } from '../../shared/history-keys.js';
import { wordsOf } from '../../shared/match-words.js';

export interface PaletteRequest {
  what: 'all' | 'commands' | 'nodes' | 'tags' | 'query';
  /** Without the sign, as they are compared. */
  words: readonly string[];
  /** Without the sign. */
  text: string;
}

const SIGNS: Readonly<Record<string, PaletteRequest['what']>> = { '>': 'commands', '@': 'nodes', '#': 'tags' };
const KEY = new RegExp(`(^|\\s)-?(${HISTORY_KEYS.map(({ name }) => name).join('|')}):`, 'i');

export function readRequest(typed: string): PaletteRequest {
  const trimmed = typed.trim();
  const what = SIGNS[trimmed.charAt(0)];
  const text = what ? trimmed.slice(1).trim() : trimmed;
  return { what: what ?? (KEY.test(trimmed) ? 'query' : 'all'), words: wordsOf(text), text };
}
