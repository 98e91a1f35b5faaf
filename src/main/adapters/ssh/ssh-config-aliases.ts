// The names in ~/.ssh/config that a user may choose from. What they mean is only ever asked of OpenSSH itself (openssh-config.ts).
import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import SSHConfig, { type Directive } from 'ssh-config';
import { AppError } from '../../../shared/errors.js';
import { matchesWildcard } from './matches-wildcard.js';

interface ConfigNames {
  /** Hosts without wildcards and negation. */
  aliases: string[];
  /** Files to read on, as written. */
  includes: string[];
}

/** Includes within includes: OpenSSH itself stops at 16. */
const DEEPEST_INCLUDE = 16;

/** In the order of the file, each once. Empty without a file; throws `io` for one that can't be read. `homeDir` stands for `~`. */
export async function listSshAliases(configPath: string, homeDir: string): Promise<string[]> {
  const seen = new Set<string>();
  const aliases = new Set<string>();
  const visit = async (path: string, depth: number): Promise<void> => {
    if (seen.has(path) || depth > DEEPEST_INCLUDE) return;
    seen.add(path);
    const names = parseConfigNames(await readConfig(path), path);
    for (const alias of names.aliases) aliases.add(alias);
    for (const include of names.includes) {
      for (const included of await expandInclude(include, homeDir)) await visit(included, depth + 1);
    }
  };
  await visit(configPath, 0);
  return [...aliases];
}

/** Throws `invalid-input` for what OpenSSH would not read either, such as a quote that is not closed. */
export function parseConfigNames(text: string, path: string): ConfigNames {
  const names: ConfigNames = { aliases: [], includes: [] };
  for (const { param, value } of listDirectives(parseConfig(text, path))) {
    const words = typeof value === 'string' ? [value] : joinWords(value);
    if (param.toLowerCase() === 'host') names.aliases.push(...words.filter((word) => !/[*?!]/.test(word) && word !== ''));
    if (param.toLowerCase() === 'include') names.includes.push(...words.filter((word) => word !== ''));
  }
  return names;
}

/** The library parts words at `=` too, where OpenSSH does so after the keyword alone. */
function joinWords(parts: Exclude<Directive['value'], string>): string[] {
  const words: string[] = [];
  for (const { val, separator } of parts) {
    if (separator === '=' && words.length > 0) words.push(`${words.pop()}=${val}`);
    else words.push(val);
  }
  return words;
}

function parseConfig(text: string, path: string): SSHConfig {
  try {
    return SSHConfig.parse(text);
  } catch (thrown) {
    const what = thrown instanceof Error ? thrown.message : String(thrown);
    const hint = 'Mend that line; `ssh -G NAME` shows what OpenSSH says of it.';
    throw new AppError('invalid-input', `The SSH configuration ${path} can't be understood: ${what}.`, hint, { cause: thrown });
  }
}

/** Those of a file and, in their order, those within its Host and Match blocks. */
function* listDirectives(config: SSHConfig): Generator<Directive> {
  for (const line of config) {
    if (!('param' in line)) continue;
    yield line;
    if ('config' in line) yield* listDirectives(line.config);
  }
}

/** The files a pattern stands for: wildcards in the last part of the path; relative to ~/.ssh, as in a user's file. */
async function expandInclude(pattern: string, homeDir: string): Promise<string[]> {
  const path = pattern.startsWith('~/') ? join(homeDir, pattern.slice(2)) : isAbsolute(pattern) ? pattern : join(homeDir, '.ssh', pattern);
  if (!/[*?]/.test(basename(path))) return [path];
  const entries = await readdir(dirname(path), { withFileTypes: true }).catch(() => []);
  const files = entries.filter(
    (entry) => !entry.isDirectory() && !entry.name.startsWith('.') && matchesWildcard(basename(path), entry.name),
  );
  return files.map((entry) => join(dirname(path), entry.name)).sort();
}

async function readConfig(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    throw new AppError('io', `The SSH configuration ${path} can't be read.`, 'Check its permissions and owner.', { cause: error });
  }
}
