// Structured text that is not read: recognized, so that its lines don't become prompts.
import { hasLetters } from './value-kinds.js';

const MIN_YAML_SHARE = 0.8;
/** How many of the keys of YAML records are different, as a share of the lines: prompts such as "Portrait: a man" hardly repeat a key. */
const MAX_DISTINCT_SHARE = 0.5;
const KEY_LINE = /^\s*(?:- )?["']?([A-Za-z_][\w .-]{0,40}?)["']?:(?:\s|$)/;
const ITEM_LINE = /^\s*- /;

/** What the text is, or null for one that may be captions. */
export function findMarkup(lines: readonly string[]): 'HTML' | 'XML' | 'YAML' | 'an INI or TOML file' | null {
  const start = lines.slice(0, 50).join('\n').trimStart();
  if (/^<(!doctype html|html[\s>])/i.test(start)) return 'HTML';
  if (/^<(\?xml|!doctype|!--)/i.test(start) || isTagged(start)) return 'XML';
  if (isYaml(lines)) return 'YAML';
  return isIni(lines) ? 'an INI or TOML file' : null;
}

/** An element that is opened first and closed later; `<lora:style:1> a dog` is a prompt. */
function isTagged(start: string): boolean {
  const name = /^<([a-z][\w:.-]*)(\s[^<>]*)?>/i.exec(start)?.[1];
  return name !== undefined && (start.includes(`</${name}>`) || /^<[^>]+>\s*<[a-z]/i.test(start));
}

function isYaml(lines: readonly string[]): boolean {
  const [first] = lines;
  if (first === undefined) return false;
  const isMarked = first.startsWith('%YAML') || first.trimEnd() === '---';
  const keys = lines.flatMap((line) => KEY_LINE.exec(line)?.[1] ?? []);
  const structured = lines.filter((line) => KEY_LINE.test(line) || ITEM_LINE.test(line)).length;
  if (structured < lines.length * MIN_YAML_SHARE) return isMarked && keys.length > 0;
  if (isMarked) return true;
  const isNested = lines.some((line) => /^\s+(- )?["']?[A-Za-z_][\w .-]*["']?:(\s|$)/.test(line)) && keys.length > 0;
  return keys.length > 1 && (isNested || new Set(keys).size <= lines.length * MAX_DISTINCT_SHARE);
}

function isIni(lines: readonly string[]): boolean {
  if (!/^\s*(\[[^\]]+\]|[#;].*)\s*$/.test(lines[0] ?? '') || !lines.some((line) => /^\s*\[[^\]]+\]\s*$/.test(line))) return false;
  const pairs = lines.filter((line) => /^\s*[\w."-]+\s*=\s*\S/.test(line)).length;
  return pairs > 0 && lines.every((line) => !hasLetters(line) || /^\s*(\[[^\]]+\]|[#;].*|[\w."-]+\s*=.*)\s*$/.test(line));
}
