// From an alias to the hosts on the way to it: each is asked of OpenSSH, so that its own settings hold. Asking is the caller's.
import { AppError } from '../../../shared/errors.js';
import type { SshHost } from '../../../shared/testbed.js';
import type { ResolvedHost } from './parse-resolved-host.js';

/** What the user or a jump list says besides the name; it goes before the configuration. */
export interface HostOverrides {
  user?: string;
  port?: number;
}

export type AskHost = (alias: string, overrides: HostOverrides) => Promise<ResolvedHost>;

const MAX_HOPS = 2;

/**
 * The nearest hop first, the host itself last. As in OpenSSH, the first host of a jump list is reached as its own configuration says and
 * the others through the list. Throws what `ask` throws, `unsupported` beyond two hops, and `invalid-input` for a list that is none.
 */
export async function resolveSshRoute(alias: string, overrides: HostOverrides, ask: AskHost): Promise<{ host: SshHost; hops: SshHost[] }> {
  const { host, proxyJump } = await ask(alias, overrides);
  return { host, hops: proxyJump === null ? [] : await resolveJumps(proxyJump, alias, ask) };
}

/** The hosts of a jump list, the nearest first; `alias` is whom they lead to. Throws as `resolveSshRoute`. */
export async function resolveJumps(proxyJump: string, alias: string, ask: AskHost): Promise<SshHost[]> {
  const hops: SshHost[] = [];
  let next: string | null = proxyJump;
  while (next !== null) {
    const jumps = parseJumpList(next, alias);
    if (jumps.length + hops.length > MAX_HOPS)
      throw tooManyHops(alias, [...jumps.map((jump) => jump.alias), ...hops.map((hop) => hop.alias)]);
    const resolved: ResolvedHost[] = [];
    for (const jump of jumps) resolved.push(await ask(jump.alias, jump.overrides));
    hops.unshift(...resolved.map((jump) => jump.host));
    next = resolved[0]?.proxyJump ?? null;
  }
  return hops;
}

function parseJumpList(list: string, alias: string): { alias: string; overrides: HostOverrides }[] {
  return list.split(',').map((jump) => {
    const match = /^(?:ssh:\/\/)?(?:([^@\s]+)@)?(?:\[([^\]\s]+)\]|([^:@[\]/\s]+))(?::(\d{1,5}))?\/?$/.exec(jump.trim());
    const name = match?.[2] ?? match?.[3];
    if (!match || !name) {
      throw new AppError(
        'invalid-input',
        `The ProxyJump of "${alias}" has "${jump}", which is not a valid host.`,
        'Write user@host:port, several separated by commas.',
      );
    }
    const overrides = { ...(match[1] ? { user: match[1] } : {}), ...(match[4] ? { port: Number(match[4]) } : {}) };
    return { alias: name, overrides };
  });
}

function tooManyHops(alias: string, hops: string[]): AppError {
  return new AppError(
    'unsupported',
    `The way to "${alias}" goes over ${hops.length} hosts (${hops.join(', ')}), more than ${MAX_HOPS}.`,
    'Shorten its ProxyJump in ~/.ssh/config, or add the node from a network that is closer to it.',
  );
}
