// What one agent takes from its callers, so that a node of the testbed that went astray can use up neither the memory nor the file
// descriptors of another, nor the control center's way to it. The reasons for the figures: docs/agent-security.md.

/** From another node; a question about 20,000 leases, the most that a base station has open, takes 2.3 MB. */
export const MAX_PEER_MESSAGE_BYTES = 4 * 1024 * 1024;

export interface CallerLimits {
  /** Connections at once; as many again hear why they are refused, and more are cut. */
  connections: number;
  /** Requests at once over all connections. */
  requests: number;
}

export const CONTROL_CENTER_LIMITS: CallerLimits = { connections: 64, requests: 256 };
export const NODE_LIMITS: CallerLimits = { connections: 16, requests: 64 };
/** Of all other nodes together. Beside them the control center keeps its own share: 1,024 file descriptors are what systemd gives. */
export const MAX_NODE_CONNECTIONS = 512;
/** Connections that have not said yet who they are; the oldest gives way to a new one. */
export const MAX_HANDSHAKES = 128;
/** Streams of one HTTP/2 connection; a caller with more to say waits on its own side. */
export const MAX_STREAMS = 32;

/** Real milliseconds. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;
export const HEADERS_TIMEOUT_MS = 10_000;
/** For the whole of a request to arrive. */
export const REQUEST_TIMEOUT_MS = 60_000;
/** Without a byte in either direction; requests that are being worked on are let finish. */
export const IDLE_TIMEOUT_MS = 120_000;
/** How often unfinished headers and requests of HTTP/1.1 are looked for. */
export const TIMEOUT_CHECK_MS = 5_000;
