// What was read of a pasted list of hosts, before it is verified.

/** What a line says of a host; null where it says nothing. */
export interface NamedHost {
  name: string | null;
  host: string;
  user: string | null;
  port: number | null;
  keyFile: string | null;
  /** Hosts on the way as after ProxyJump; null where there is none. */
  proxyJump: string | null;
}

export interface ListLine {
  /** From 1. */
  line: number;
  /** On one line, without passwords. */
  text: string;
  found: NamedHost | null;
  /** Why nothing was found, and whether that is wrong; with a host: what was left out. */
  remark: string | null;
  isWrong: boolean;
}
