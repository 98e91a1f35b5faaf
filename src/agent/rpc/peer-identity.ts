// Who calls, by the certificate of the connection. TLS has already checked that the testbed's authority issued it.
import { CONTROL_CENTER_NAME, nodeServerName } from '../../shared/agent-config.js';

export type CallerIdentity = { kind: 'control-center' } | { kind: 'node'; nodeId: string } | { kind: 'stranger' };

const NODE_SUFFIX = nodeServerName('');

/** Parses Node's `DNS:a, DNS:b` list; a certificate of this testbed has exactly one name. */
export function identityOfNames(subjectAltName: string | undefined): CallerIdentity {
  const match = /^DNS:([a-z0-9.-]+)$/i.exec(subjectAltName ?? '');
  const name = match?.[1];
  if (name === CONTROL_CENTER_NAME) return { kind: 'control-center' };
  if (!name?.endsWith(NODE_SUFFIX)) return { kind: 'stranger' };
  const nodeId = name.slice(0, -NODE_SUFFIX.length);
  return nodeId !== '' && !nodeId.includes('.') ? { kind: 'node', nodeId } : { kind: 'stranger' };
}

export function nameOfCaller(identity: CallerIdentity): string {
  return identity.kind === 'node' ? `node ${identity.nodeId}` : identity.kind;
}
