// A plain SSH session to a node of the bench, as the program opens one.
import type { TestbedNode } from '../../src/shared/testbed.js';
import { connectSsh, type SshConnection } from '../../src/main/ssh/ssh-connection.js';
import type { TestbedBench } from './testbed-bench.js';

export function sshToNode(bench: TestbedBench, node: TestbedNode): Promise<SshConnection> {
  return connectSsh({
    host: node.host,
    port: node.port,
    user: node.user,
    privateKeyPem: bench.programKey.privateKeyPem,
    keyDescription: "program's own key",
    recordedKeyType: bench.hostKeys.recordedKeyType(node),
    verifyHostKey: (key) => bench.hostKeys.judge(node, key, false),
  });
}
