// One virtual node from boot to power cut: its folder, its SSH server, its agent.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { agentConfigSchema } from '../../../shared/agent-config.js';
import { parseHostKey } from '../../adapters/ssh/host-key.js';
import { AgentSupervisor } from './agent-supervisor.js';
import { type BootedNode, VIRTUAL_NODE_HOST } from '../../domain/nodes/testbed/virtual-node-messages.js';
import { findFreePort } from '../../foundation/listen-port.js';
import { runOnNode } from './node-exec.js';
import { type NodeFolder, prepareNodeFolder } from './node-folder.js';
import { endNodeProcesses } from './node-processes.js';
import { type NodeSshServer, startNodeSshServer } from './node-ssh-server.js';

/** Real milliseconds that a node's processes get to end by themselves when the program ends. */
const SHUTDOWN_GRACE_MS = 1_000;

const INSTALL_DIR = '.dedgeai';

/** Called when an agent that had crashed was started again, or could not be; the node with its port now. */
export type ReportAgent = (node: BootedNode, message: string) => void;

export interface BootOptions {
  nodeId: string;
  directory: string;
  preferredPort: number | null;
  authorizedKey: string;
  isBehindWindow: boolean;
}

export class VirtualNode {
  #booted: BootedNode;
  readonly #folder: NodeFolder;
  readonly #server: NodeSshServer;
  readonly #supervisor: AgentSupervisor;

  private constructor(booted: BootedNode, folder: NodeFolder, server: NodeSshServer, report: ReportAgent) {
    this.#booted = booted;
    this.#folder = folder;
    this.#server = server;
    this.#supervisor = new AgentSupervisor({
      installDir: join(folder.homeDir, INSTALL_DIR),
      isDown: booted.agentProblem !== null,
      start: async () => {
        const agent = await startInstalledAgent(folder);
        this.#booted = { ...this.#booted, ...agent };
        return agent.agentProblem;
      },
      report: (message) => report(this.#booted, message),
    });
  }

  get booted(): BootedNode {
    return this.#booted;
  }

  /** Ends what a crashed predecessor left, starts the SSH server and, on a provisioned node, its agent. */
  static async boot(options: BootOptions, report: ReportAgent): Promise<VirtualNode> {
    const folder = prepareNodeFolder(options.directory, options);
    await endNodeProcesses(folder.homeDir, 'former-host', 0);
    // The turn of a start that has just been ended; see agent-scripts.ts.
    rmSync(join(folder.homeDir, INSTALL_DIR, 'start.lock'), { recursive: true, force: true });
    const server = await startNodeSshServer(folder, options.preferredPort);
    const agent = await startInstalledAgent(folder);
    const booted = { nodeId: options.nodeId, sshPort: server.port, hostKey: readPublicHostKey(folder.hostKeyPem), ...agent };
    return new VirtualNode(booted, folder, server, report);
  }

  async powerOff(): Promise<void> {
    await this.#end(0);
  }

  async shutDown(): Promise<void> {
    await this.#end(SHUTDOWN_GRACE_MS);
  }

  /** The supervisor waits for a start under way, which ends with the processes that it has started. */
  async #end(graceMs: number): Promise<void> {
    const end = (): Promise<void> => endNodeProcesses(this.#folder.homeDir, 'this-host', graceMs);
    await Promise.all([this.#supervisor.stop(), this.#server.stop(), end()]);
    await end();
  }
}

/** As a service enabled at boot: runs start-agent.sh if provisioning left one, on the same port when it is free. */
async function startInstalledAgent(folder: NodeFolder): Promise<Pick<BootedNode, 'agentPort' | 'agentProblem'>> {
  const installDir = join(folder.homeDir, INSTALL_DIR);
  const configPath = join(installDir, 'config.json');
  if (!existsSync(configPath) || !existsSync(join(installDir, 'start-agent.sh'))) return { agentPort: null, agentProblem: null };
  try {
    const config = agentConfigSchema.parse(JSON.parse(readFileSync(configPath, 'utf8')));
    const port = await findFreePort(VIRTUAL_NODE_HOST, config.listen.port);
    const updated = { ...config, listen: { ...config.listen, port }, exitWithPid: process.pid };
    // The same form in which provisioning writes it, so that an unchanged configuration is recognized by its bytes.
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
