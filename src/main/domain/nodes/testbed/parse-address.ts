// `[ssh://][user@]host[:port]` as people write it. Pure.
import type { NamedHost } from './list-line.js';

const ADDRESS =
  /^(?:ssh:\/\/)?(?:([^@\s]+)@)?(?:\[([0-9a-f:.]+(?:%[\w.-]+)?)\](?::(\d+))?|([^:\s@[\]]+)(?::(\d+))?|([0-9a-f]*:[0-9a-f:.]+(?:%[\w.-]+)?))\/?$/i;

/** An IPv6 address with a port is in brackets; null for what is no address. */
export function parseAddress(word: string): NamedHost | null {
  const match = ADDRESS.exec(word);
  const host = match?.[2] ?? match?.[4] ?? match?.[6];
  if (!match || host === undefined) return null;
  const port = match[3] ?? match[5];
  return { name: null, host, user: match[1] ?? null, port: port === undefined ? null : Number(port), keyFile: null, proxyJump: null };
}
