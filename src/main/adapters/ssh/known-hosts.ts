// OpenSSH's known_hosts files, read as sshd(8) describes them. Pure: reading the files is known-hosts-files.ts, the verdict is
// verify-by-known-hosts.ts. Certificate authorities are kept as entries but never make a key known: this program checks no certificates.
import { createHmac } from 'node:crypto';
import { type HostKey, parseHostKey } from './host-key.js';
import { matchesWildcard } from './matches-wildcard.js';

export interface KnownHostsEntry {
  marker: 'revoked' | 'cert-authority' | null;
  /** The first field as it stands: patterns separated by commas, or one hashed name. */
  hosts: string;
  key: HostKey;
  /** Path of the file. */
  file: string;
  /** From 1. */
  line: number;
}

export interface KnownHosts {
  entries: KnownHostsEntry[];
  /** Lines that are neither empty, nor a comment, nor an entry; they are passed over. */
  malformedLineCount: number;
}

const MARKERS = { '@revoked': 'revoked', '@cert-authority': 'cert-authority' } as const;

export function parseKnownHosts(text: string, file: string): KnownHosts {
  const entries: KnownHostsEntry[] = [];
  let malformedLineCount = 0;
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    const entry = parseLine(content);
    if (entry) entries.push({ ...entry, file, line: index + 1 });
    else malformedLineCount++;
  }
  return { entries, malformedLineCount };
}

function parseLine(content: string): Pick<KnownHostsEntry, 'marker' | 'hosts' | 'key'> | null {
  const words = content.split(/[ \t]+/);
  const marker = words[0]?.startsWith('@') ? MARKERS[words.shift() as keyof typeof MARKERS] : null;
  const [hosts, keyType, keyBase64] = words;
  if (marker === undefined || !hosts || !keyType || !keyBase64) return null;
  if (hosts.startsWith('|') && !readHashedName(hosts)) return null;
  const key = readKey(keyBase64);
  return key?.keyType === keyType ? { marker, hosts, key } : null;
}

function readKey(keyBase64: string): HostKey | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(keyBase64)) return null;
  try {
    return parseHostKey(Buffer.from(keyBase64, 'base64'));
  } catch {
    // No SSH key: the caller counts the line.
    return null;
  }
}

/** `|1|salt|hash`, both base64 of 20 bytes. */
function readHashedName(hosts: string): { salt: Buffer; hash: string } | null {
  const match = /^\|1\|([A-Za-z0-9+/]{27}=)\|([A-Za-z0-9+/]{27}=)$/.exec(hosts);
  return match?.[1] && match[2] ? { salt: Buffer.from(match[1], 'base64'), hash: match[2] } : null;
}

/** Whether the entry speaks of a host. `name` is in lower case: `host` at port 22, else `[host]:port`. */
export function namesHost(entry: Pick<KnownHostsEntry, 'hosts'>, name: string): boolean {
  const hashed = readHashedName(entry.hosts);
  if (hashed) return createHmac('sha1', hashed.salt).update(name).digest('base64') === hashed.hash;
  let isNamed = false;
  for (const pattern of entry.hosts.toLowerCase().split(',')) {
    if (pattern.startsWith('!')) {
      if (matchesWildcard(pattern.slice(1), name)) return false;
    } else if (pattern !== '' && matchesWildcard(pattern, name)) {
      isNamed = true;
    }
  }
  return isNamed;
}

/** `/home/me/.ssh/known_hosts:7` */
export function locationOf(entry: Pick<KnownHostsEntry, 'file' | 'line'>): string {
  return `${entry.file}:${entry.line}`;
}
