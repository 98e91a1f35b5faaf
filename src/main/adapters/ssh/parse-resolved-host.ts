// The output of `ssh -G`: one `keyword value` a line, every setting that OpenSSH would use. Pure; only what this program needs is read.
import { isAbsolute, join } from 'node:path';
import { addNodeInput } from '../../../shared/api/inputs.js';
import { AppError } from '../../../shared/errors.js';
import type { SshHost } from '../../../shared/testbed.js';

export interface ResolvedHost {
  host: SshHost;
  /** The list after ProxyJump; null where there is none. */
  proxyJump: string | null;
}

export interface LocalUser {
  name: string;
  homeDir: string;
}

const addressSchema = addNodeInput.pick({ host: true, port: true, user: true });

/** Throws `unsupported` for a ProxyCommand and `invalid-input` for an address that is none. */
export function parseResolvedHost(output: string, alias: string, local: LocalUser): ResolvedHost {
  const settings = readSettings(output);
  const only = (keyword: string): string | null => {
    const value = settings.get(keyword)?.[0] ?? '';
    return value === '' || value.toLowerCase() === 'none' ? null : value;
  };
  if (only('proxycommand')) {
    throw new AppError(
      'unsupported',
      `The configuration of SSH reaches "${alias}" by a ProxyCommand, which this program does not run.`,
      'Use ProxyJump for this host in ~/.ssh/config, or add the node by its address.',
    );
  }
  const address = addressSchema.safeParse({ host: only('hostname'), port: Number(only('port')), user: only('user') });
  if (!address.success) {
    throw new AppError(
      'invalid-input',
      `SSH's configuration of "${alias}" gives no usable address: ${address.error.issues[0]?.message ?? 'nothing'}.`,
      `Look at the output of "ssh -G ${alias}".`,
    );
  }
  const { host, port, user } = address.data;
  const expand = (path: string): string | null => expandPath(path, local, { h: host, n: alias, r: user, p: String(port) });
  return {
    host: {
      alias,
      host,
      port,
      user,
      identityFiles: (settings.get('identityfile') ?? []).flatMap((path) => expand(path) ?? []),
      hostKeyAlias: only('hostkeyalias'),
    },
    proxyJump: only('proxyjump'),
  };
}

function readSettings(output: string): Map<string, string[]> {
  const settings = new Map<string, string[]>();
  for (const line of output.split(/\r?\n/)) {
    const [, keyword, value] = /^(\S+) (.+)$/.exec(line) ?? [];
    if (keyword === undefined || value === undefined) continue;
    const key = keyword.toLowerCase();
    settings.set(key, [...(settings.get(key) ?? []), value.trim()]);
  }
  return settings;
}

/** An absolute path without `~` and percent tokens; null for `none` and for a token that only OpenSSH can fill. */
function expandPath(path: string, local: LocalUser, tokens: Record<string, string>): string | null {
  const known: Record<string, string> = { '%': '%', d: local.homeDir, u: local.name, ...tokens };
  let isComplete = path.toLowerCase() !== 'none';
  const filled = path.replace(/%(.)/g, (_, token: string) => {
    const value = known[token];
    if (value === undefined) isComplete = false;
    return value ?? '';
  });
  if (!isComplete) return null;
  const absolute = /^~[/\\]/.test(filled) ? join(local.homeDir, filled.slice(2)) : filled;
  return isAbsolute(absolute) ? absolute : null;
}
