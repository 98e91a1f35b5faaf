// A program that starts a node in namespaces, says where it is, and is killed: nothing of it gets to clean up. Arguments: where hold-node.sh lies,
// sshd. Prints the node's folder and its address.
import { join } from 'node:path';
import { makeNodesDir } from './nodes-dir.js';
import { startNamespacedNode } from './namespaced-node.js';
import { NodeNetwork } from './node-network.js';

const [scriptsDir = '', sshd = ''] = process.argv.slice(2);
const dir = makeNodesDir();
const network = await NodeNetwork.open();
const { address } = await startNamespacedNode({ name: 'orin-1', dir: join(dir, 'orin-1'), sshd, network, scriptsDir });
process.stdout.write(`${JSON.stringify({ dir, address })}\n`, () => process.kill(process.pid, 'SIGKILL'));
