// A plain SSH session to a node of the bench, as the program opens one.
import type { TestbedNode } from '../../src/shared/testbed.js';
import { connectSsh, type SshConnection } from '../../src/main/adapters/ssh/ssh-connection.js';
import type { TestbedHarness } from './testbed-harness.js';

export async function sshToNode(services: TestbedHarness, node: TestbedNode): Promise<SshConnection> {
  const record = await services.hostKeys.verifierOf(node.id, { host: node.host, port: node.port, hostKeyAlias: null }, 'ask');
  const outcome = await connectSsh({
    host: node.host,
    port: node.port,
    user: node.user,
    logins: [{ kind: 'key', privateKeyPem: services.programKey.privateKeyPem, passphrase: null, description: "control center's key" }],
    recordedKeyTypes: record.recordedKeyTypes,
    acceptsHostKey: (key) => record.verify(key).kind === 'trusted',
  });
  if (outcome.kind === 'connected') return outcome.connection;
  throw outcome.kind === 'host-key-refused' ? new Error(`The host key of ${node.name} is not trusted`) : outcome.error;
}
