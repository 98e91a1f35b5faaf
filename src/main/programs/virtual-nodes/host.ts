// Entry of the one child process that holds every virtual node. It ends, with all they run, when its IPC channel to the program closes.
import { settledWithin } from '../../foundation/settled-within.js';
import { type BootedNode, type HostReply, type HostRequest, hostRequestSchema } from '../../domain/nodes/testbed/virtual-node-messages.js';
import { homeOf } from './node-folder.js';
import { endNodeProcesses } from './node-processes.js';
import { VirtualNode } from './virtual-node.js';

/** Real ms that a boot under way gets to end when the program ends. */
const BOOT_GRACE_MS = 300;

const nodes = new Map<string, VirtualNode>();
/** Folders of nodes that are booting: what runs there already ends with the host. */
const booting = new Map<string, string>();
/** Requests about one node are served in the order they came. */
const turns = new Map<string, Promise<void>>();

function send(reply: HostReply): void {
  if (process.connected) process.send?.(reply);
}

function reportAgent(node: BootedNode, message: string): void {
  send({ kind: 'agent', node, message });
}

async function serve(request: HostRequest): Promise<HostReply> {
  const running = nodes.get(request.nodeId);
  switch (request.method) {
    case 'boot': {
      if (!running) booting.set(request.nodeId, request.directory);
      const node = running ?? (await VirtualNode.boot(request, reportAgent).finally(() => booting.delete(request.nodeId)));
      nodes.set(request.nodeId, node);
      return { id: request.id, kind: 'booted', node: node.booted };
    }
    case 'power-off':
      nodes.delete(request.nodeId);
      await running?.powerOff();
      return { id: request.id, kind: 'done' };
  }
}

function takeTurn(request: HostRequest): void {
  const turn = (turns.get(request.nodeId) ?? Promise.resolve())
    .then(() => serve(request))
    .catch((error: unknown): HostReply => {
      return { id: request.id, kind: 'failed', message: error instanceof Error ? error.message : String(error) };
    })
    .then(send);
  turns.set(request.nodeId, turn);
}

async function shutDown(): Promise<void> {
  await settledWithin(BOOT_GRACE_MS, Promise.all(turns.values()));
  const halfBooted = [...booting.values()].map((directory) => endNodeProcesses(homeOf(directory), 'this-host', 0));
  await Promise.all([...halfBooted, ...[...nodes.values()].map((node) => node.shutDown())]);
  process.exit(0);
}

process.on('message', (message) => takeTurn(hostRequestSchema.parse(message)));
process.on('disconnect', () => void shutDown());
// Ctrl-C in a terminal reaches the whole group: the program decides when this process ends, by closing the channel.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => void shutDown());
