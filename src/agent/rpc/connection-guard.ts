// Decides, when the handshake is done, whether a connection stays: its certificate must name the control center or a node of the roster, and
// no caller may have more than its share. What was let in is looked at again whenever the roster changes.
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

import { type Caller, noteCaller } from './caller.js';
import { CONTROL_CENTER_LIMITS, MAX_HANDSHAKES, MAX_NODE_CONNECTIONS, NODE_LIMITS } from './limits.js';
import { type CallerIdentity, identityOfNames, nameOfCaller } from './peer-identity.js';
import type { SparingLog } from './sparing-log.js';

export interface ConnectionGuardOptions {
  /** Whether the roster names the node. */
  isListed: (nodeId: string) => boolean;
  log: SparingLog;
}

export class ConnectionGuard {
  readonly #options: ConnectionGuardOptions;
  readonly #callers = new Map<string, Caller>();
  /** Everything below TLS. */
  readonly #sockets = new Set<Socket>();
  /** Connections whose handshake is not done, by their other end; oldest first. */
  readonly #handshakes = new Map<string, Socket>();

  constructor(options: ConnectionGuardOptions) {
    this.#options = options;
  }

  /** A connection starts, no one knows whose. An honest handshake takes milliseconds: the oldest unfinished one gives way. */
  start(socket: Socket): void {
    const end = otherEnd(socket);
    this.#sockets.add(socket);
    this.#handshakes.set(end, socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      if (this.#handshakes.get(end) === socket) this.#handshakes.delete(end);
    });
    if (this.#handshakes.size <= MAX_HANDSHAKES) return;
    const [oldest] = this.#handshakes;
    if (!oldest) return;
    this.#handshakes.delete(oldest[0]);
    oldest[1].destroy();
    this.#options.log.info('too many handshakes', 'any', { limit: MAX_HANDSHAKES });
  }

  /** The handshake is done. False when the connection was refused, and ended. */
  admit(socket: TLSSocket): boolean {
    this.#handshakes.delete(otherEnd(socket));
    const identity: CallerIdentity = socket.authorized ? identityOfNames(socket.getPeerCertificate().subjectaltname) : { kind: 'stranger' };
    const refusal = this.#whyRefused(identity);
    if (refusal !== null) return this.#refuse(socket, identity, refusal);
    const caller = this.#callerOf(identity);
    const isSurplus = this.#hasItsShare(caller);
    if (isSurplus && caller.surplus.size >= caller.limits.connections) return this.#refuse(socket, identity, 'far too many connections');
    const share = isSurplus ? caller.surplus : caller.connections;
    share.add(socket);
    socket.once('close', () => {
      share.delete(socket);
      this.#forget(caller);
    });
    noteCaller(socket, { caller, isSurplus });
    return true;
  }

  /** Ends the connections of nodes that the roster no longer names. */
  endUnlisted(): void {
    for (const { identity, connections, surplus } of this.#callers.values()) {
      const refusal = this.#whyRefused(identity);
      if (refusal !== null) for (const socket of [...connections, ...surplus]) this.#refuse(socket, identity, refusal);
    }
  }

  endAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #refuse(socket: Socket, identity: CallerIdentity, reason: string): false {
    this.#options.log.info('connection refused', nameOfCaller(identity), { reason });
    socket.destroy();
    return false;
  }

  #whyRefused(identity: CallerIdentity): string | null {
    if (identity.kind === 'stranger') return 'its certificate names neither the control center nor a node';
    if (identity.kind === 'control-center' || this.#options.isListed(identity.nodeId)) return null;
    return 'it is not on the roster of this testbed';
  }

  #hasItsShare({ identity, connections, limits }: Caller): boolean {
    if (connections.size >= limits.connections) return true;
    if (identity.kind === 'control-center') return false;
    let ofNodes = 0;
    for (const caller of this.#callers.values()) if (caller.identity.kind === 'node') ofNodes += caller.connections.size;
    return ofNodes >= MAX_NODE_CONNECTIONS;
  }

  #callerOf(identity: CallerIdentity): Caller {
    const name = nameOfCaller(identity);
    let caller = this.#callers.get(name);
    if (!caller) {
      const limits = identity.kind === 'control-center' ? CONTROL_CENTER_LIMITS : NODE_LIMITS;
      this.#callers.set(name, (caller = { identity, limits, connections: new Set(), surplus: new Set(), requestCount: 0 }));
    }
    return caller;
  }

  #forget(caller: Caller): void {
    if (caller.connections.size + caller.surplus.size === 0) this.#callers.delete(nameOfCaller(caller.identity));
  }
}

function otherEnd({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
