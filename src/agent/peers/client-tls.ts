import { nodeServerName } from '../../shared/agent-config.js';
import type { TlsMaterial } from '../load-config.js';

/** How this node connects to another: mutual TLS 1.3, where the other must have the certificate of `nodeId`. */
export function clientTls({ caPem, certificatePem, privateKeyPem }: TlsMaterial, nodeId: string) {
  return { ca: caPem, cert: certificatePem, key: privateKeyPem, servername: nodeServerName(nodeId), minVersion: 'TLSv1.3' as const };
}
