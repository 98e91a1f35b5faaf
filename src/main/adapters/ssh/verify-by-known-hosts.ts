// What the known_hosts files say of a host key. Pure.
import type { HostKey } from './host-key.js';
import { type KnownHosts, type KnownHostsEntry, namesHost } from './known-hosts.js';

/** The address a host key is looked up under. */
export interface HostKeyEndpoint {
  host: string;
  port: number;
  /** Stands for host and port in the lookup, as OpenSSH's HostKeyAlias; null where there is none. */
  hostKeyAlias: string | null;
}

export type KnownHostsVerdict =
  | { kind: 'unknown' }
  | { kind: 'known'; entry: KnownHostsEntry }
  /** The host has another key there: one of the same type where there is one. */
  | { kind: 'changed'; entry: KnownHostsEntry }
  | { kind: 'revoked'; entry: KnownHostsEntry };

const SSH_PORT = 22;

/**
 * A revoked key comes before everything. A host that is named with a port of its own is also known by an entry without port, if the key is
 * the same: OpenSSH does so. A key of a type that is not on record contradicts the recorded ones, because those types are asked for first.
 */
export function verifyByKnownHosts(knownHosts: KnownHosts, endpoint: HostKeyEndpoint, key: HostKey): KnownHostsVerdict {
  const name = lookupName(endpoint);
  const named = knownHosts.entries.filter((entry) => namesHost(entry, name));
  const isPortNamed = endpoint.hostKeyAlias === null && endpoint.port !== SSH_PORT;
  const withoutPort = isPortNamed ? knownHosts.entries.filter((entry) => namesHost(entry, endpoint.host.toLowerCase())) : [];
  const same = [...named, ...withoutPort].filter((entry) => entry.key.keyBase64 === key.keyBase64);
  const revoked = same.find((entry) => entry.marker === 'revoked');
  if (revoked) return { kind: 'revoked', entry: revoked };
  const known = same.find((entry) => entry.marker === null);
  if (known) return { kind: 'known', entry: known };
  const others = named.filter((entry) => entry.marker === null);
  const contradicting = others.find((entry) => entry.key.keyType === key.keyType) ?? others[0];
  return contradicting ? { kind: 'changed', entry: contradicting } : { kind: 'unknown' };
}

/** Types of the keys on record for a host, to be asked for first. */
export function recordedKeyTypes(knownHosts: KnownHosts, endpoint: HostKeyEndpoint): string[] {
  const name = lookupName(endpoint);
  const entries = knownHosts.entries.filter((entry) => entry.marker === null && namesHost(entry, name));
  return [...new Set(entries.map((entry) => entry.key.keyType))];
}

function lookupName({ host, port, hostKeyAlias }: HostKeyEndpoint): string {
  if (hostKeyAlias !== null) return hostKeyAlias.toLowerCase();
  return port === SSH_PORT ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}
