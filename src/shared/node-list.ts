// A pasted list of hosts, line by line, before anything is added.

/** `orin-1: lab@10.0.0.7:22 over gate`: what a line would become, for people. */
export function describeCandidate({ name, user, host, port, proxyJump }: NodeListCandidate): string {
  const address = `${user}@${host}:${port}${proxyJump === null ? '' : ` over ${proxyJump}`}`;
  return name === null ? `${address} (named automatically)` : `${name}: ${address}`;
}

/** `ready` can be added; `duplicate` is in the testbed or above in the list; `invalid` can't be added; `ignored` is no host. */
export type NodeListVerdict = 'ready' | 'duplicate' | 'invalid' | 'ignored';

export interface NodeListEntry {
  /** From 1; the first line of a block of several. */
  line: number;
  /** As pasted, on one line, without passwords. */
  text: string;
  verdict: NodeListVerdict;
  /** Why it is a duplicate, invalid or ignored, or what of a line that is ready was left out. */
  remark: string | null;
  /** What it would become; null where it is no host that can be named. */
  node: NodeListCandidate | null;
}

export interface NodeListCandidate {
  /** Null: it is numbered, node-1, node-2 ... */
  name: string | null;
  host: string;
  port: number;
  user: string;
  keyFile: string | null;
  /** Hosts on the way, as after ProxyJump; what they mean is asked of OpenSSH when the node is added. Null: none. */
  proxyJump: string | null;
  /** The usual one, or the next that no other node on the same host has. */
  agentPort: number;
}
