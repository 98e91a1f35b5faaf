// One caller, the control center or one node, over all its connections; and how a request finds the caller of its connection.
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

import type { CallerLimits } from './limits.js';
import type { NodeRequest } from './node-http.js';
import type { CallerIdentity } from './peer-identity.js';

export interface Caller {
  readonly identity: CallerIdentity;
  readonly limits: CallerLimits;
  readonly connections: Set<Socket>;
  /** Connections above the limit, which get to hear why. */
  readonly surplus: Set<Socket>;
  /** Requests being worked on. */
  requestCount: number;
}

interface CallerNote {
  caller: Caller;
  /** The connection is above the limit. */
  isSurplus: boolean;
}

const CALLER = Symbol('caller');

/** Writes on a connection whose it is. On the socket itself: over HTTP/2 a request sees a proxy of it, which no WeakMap would know. */
export function noteCaller(socket: TLSSocket, note: CallerNote): void {
  Object.assign(socket, { [CALLER]: note });
}

/** Whose connection a request came over; null for one that no one let in, or that has ended. */
export function callerOfRequest(request: NodeRequest): CallerNote | null {
  if ('stream' in request && request.stream.destroyed) return null;
  return (request.socket as TLSSocket & { [CALLER]?: CallerNote })[CALLER] ?? null;
}
