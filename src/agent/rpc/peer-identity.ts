// Who calls, by the certificate of the connection. TLS has already checked that the testbed's authority issued it.
import { TLSSocket } from 'node:tls';

import { CONTROL_CENTER_NAME, nodeServerName } from '../../shared/agent-config.js';
import type { NodeRequest } from './node-http.js';

export type CallerIdentity = { kind: 'control-center' } | { kind: 'node'; nodeId: string } | { kind: 'stranger' };

const NODE_SUFFIX = nodeServerName('');
const identities = new WeakMap<object, CallerIdentity>();

/** The identity behind a request; read once per connection. */
export function identifyCaller(request: NodeRequest): CallerIdentity {
  const connection = 'stream' in request ? request.stream.session : request.socket;
  if (!connection) return { kind: 'stranger' };
  const known = identities.get(connection);
  if (known) return known;
  // Over HTTP/2 the socket is a proxy of the TLS socket, over HTTP/1.1 the socket itself.
  const socket = request.socket;
  const identity: CallerIdentity =
    socket instanceof TLSSocket && socket.authorized ? identityOfNames(socket.getPeerCertificate().subjectaltname) : { kind: 'stranger' };
  identities.set(connection, identity);
  return identity;
}

/** Parses Node's `DNS:a, DNS:b` list; a certificate of this testbed has exactly one name. */
export function identityOfNames(subjectAltName: string | undefined): CallerIdentity {
  const match = /^DNS:([a-z0-9.-]+)$/i.exec(subjectAltName ?? '');
  const name = match?.[1];
  if (name === CONTROL_CENTER_NAME) return { kind: 'control-center' };
  if (!name?.endsWith(NODE_SUFFIX)) return { kind: 'stranger' };
  const nodeId = name.slice(0, -NODE_SUFFIX.length);
  return nodeId !== '' && !nodeId.includes('.') ? { kind: 'node', nodeId } : { kind: 'stranger' };
}
