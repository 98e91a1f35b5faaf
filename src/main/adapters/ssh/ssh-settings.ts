// The output of `ssh -G`: one `keyword value` a line. Pure: what the values mean is parse-resolved-host.ts.
import { isAbsolute, join } from 'node:path';

/** Keywords in lower case; every value in its order. */
export type SshSettings = ReadonlyMap<string, readonly string[]>;

export interface LocalUser {
  name: string;
  homeDir: string;
}

export function readSshSettings(output: string): SshSettings {
  const settings = new Map<string, string[]>();
  for (const line of output.split(/\r?\n/)) {
    const [, keyword, value] = /^(\S+) (.+)$/.exec(line) ?? [];
    if (keyword === undefined || value === undefined) continue;
    const key = keyword.toLowerCase();
    settings.set(key, [...(settings.get(key) ?? []), value.trim()]);
  }
  return settings;
}

/** The one value of a keyword; null where there is none and for `none`. */
export function onlySetting(settings: SshSettings, keyword: string): string | null {
  const value = settings.get(keyword)?.[0] ?? '';
  return value === '' || value.toLowerCase() === 'none' ? null : value;
}

export function hasSameSetting(one: SshSettings, other: SshSettings, keyword: string): boolean {
  return JSON.stringify(one.get(keyword) ?? []) === JSON.stringify(other.get(keyword) ?? []);
}

/**
 * The paths of a value that is a list. OpenSSH prints them side by side without quotes: a part that does not start as a path does belongs to
 * a path with a blank in it.
 */
export function splitPaths(value: string): string[] {
  return value.split(/ +(?=[/~%$]|[A-Za-z]:[\\/]|__PROGRAMDATA__|none$)/).filter((path) => path !== '');
}

/** An absolute path without `~` and percent tokens; null for `none`, a relative path, and a token that only OpenSSH can fill. */
export function expandPath(path: string, local: LocalUser, tokens: Readonly<Record<string, string>>): string | null {
  const known: Record<string, string> = { '%': '%', d: local.homeDir, u: local.name, ...tokens };
  let isComplete = path.toLowerCase() !== 'none';
  const filled = path.replace(/%(.)/g, (_, token: string) => {
    const value = known[token];
    if (value === undefined) isComplete = false;
    return value ?? '';
  });
  if (!isComplete) return null;
  const programData = filled.replace(/^__PROGRAMDATA__/, process.env['ProgramData'] ?? 'C:\\ProgramData');
  const absolute = /^~[/\\]/.test(programData) ? join(local.homeDir, programData.slice(2)) : programData;
  return isAbsolute(absolute) ? absolute : null;
}
