// One virtual node from boot to power cut: its folder, its SSH server, its agent.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { agentConfigSchema } from '../../shared/agent-config.js';
import { parseHostKey } from '../ssh/host-key.js';
import { type BootedNode, VIRTUAL_NODE_HOST } from './host-protocol.js';
import { findFreePort } from './listen-port.js';
import { runOnNode } from './node-exec.js';
import { type NodeFolder, prepareNodeFolder } from './node-folder.js';
import { endNodeProcesses } from './node-processes.js';
import { type NodeSshServer, startNodeSshServer } from './node-ssh-server.js';

/** Real milliseconds that a node's processes get to end by themselves when the program ends. */
const SHUTDOWN_GRACE_MS = 1_500;

export interface BootOptions {
  nodeId: string;
  directory: string;
  preferredPort: number | null;
  authorizedKey: string;
}

export class VirtualNode {
  readonly booted: BootedNode;
  readonly #folder: NodeFolder;
  readonly #server: NodeSshServer;

  private constructor(booted: BootedNode, folder: NodeFolder, server: NodeSshServer) {
    this.booted = booted;
    this.#folder = folder;
    this.#server = server;
  }

  /** Ends what a crashed predecessor left, starts the SSH server and, on a provisioned node, its agent. */
  static async boot(options: BootOptions): Promise<VirtualNode> {
    const folder = prepareNodeFolder(options.directory, options.authorizedKey);
    await endNodeProcesses(folder.homeDir, 'former-host', 0);
    const server = await startNodeSshServer(folder, options.preferredPort);
    const agent = await startInstalledAgent(folder);
    const booted = { nodeId: options.nodeId, sshPort: server.port, hostKey: readPublicHostKey(folder.hostKeyPem), ...agent };
    return new VirtualNode(booted, folder, server);
  }

  async powerOff(): Promise<void> {
    await Promise.all([this.#server.stop(), endNodeProcesses(this.#folder.homeDir, 'this-host', 0)]);
  }

  async shutDown(): Promise<void> {
    await Promise.all([this.#server.stop(), endNodeProcesses(this.#folder.homeDir, 'this-host', SHUTDOWN_GRACE_MS)]);
  }
}

/** As a service enabled at boot: runs start-agent.sh if provisioning left one, on the same port when it is free. */
async function startInstalledAgent(folder: NodeFolder): Promise<Pick<BootedNode, 'agentPort' | 'agentProblem'>> {
  const installDir = join(folder.homeDir, '.dedgeai');
  const configPath = join(installDir, 'config.json');
  if (!existsSync(configPath) || !existsSync(join(installDir, 'start-agent.sh'))) return { agentPort: null, agentProblem: null };
  try {
    const config = agentConfigSchema.parse(JSON.parse(readFileSync(configPath, 'utf8')));
    const port = await findFreePort(VIRTUAL_NODE_HOST, config.listen.port);
    const updated = { ...config, listen: { ...config.listen, port }, exitWithPid: process.pid };
    // The same form in which provisioning writes it, so that an unchanged configuration is recognised by its bytes.
    writeFileSync(configPath, `${JSON.stringify(updated, null, 2)}\n`, { mode: 0o600 });
    const started = await runOnNode(folder, 'exec /bin/sh .dedgeai/start-agent.sh');
    if (started.code === 0) return { agentPort: port, agentProblem: null };
    return { agentPort: port, agentProblem: started.stderr.trim() || `start-agent.sh ended with status ${started.code}` };
  } catch (error) {
    return { agentPort: null, agentProblem: error instanceof Error ? error.message : String(error) };
  }
}

function readPublicHostKey(hostKeyPem: string): BootedNode['hostKey'] {
  const parsed = ssh2.utils.parseKey(hostKeyPem);
  if (parsed instanceof Error) throw new Error(`The virtual node's host key can't be read: ${parsed.message}`);
  return parseHostKey(parsed.getPublicSSH());
}
