// The program's side of the virtual testbed: starts the process that holds the nodes, restarts it when it dies, and brings the nodes back.
import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors.js';
import { logStandardError } from '../child/fork-program.js';
import { bytesIn } from '../../foundation/bytes-in.js';
import type { Log } from '../../adapters/log/log.js';
import {
  type BootedNode,
  type HostReply,
  hostReplySchema,
  type HostRequest,
  type VirtualNodeHost,
} from '../../domain/nodes/testbed/virtual-node-messages.js';

export interface VirtualTestbedHostOptions {
  /** The built host.ts: `out/main/virtual-testbed-host.js`. */
  entryPath: string;
  /** Folder that holds one folder a node: `<dataDir>/virtual-nodes`. */
  nodesDir: string;
  /** Whether a window of this program is on the same machine, which the nodes are not to slow down. */
  isBehindWindow: boolean;
  /** The public key that may log in to the nodes. */
  authorizedKey: () => string;
  /** After every boot, the first one and those after a crash alike: ports may have changed. */
  onNodeBooted: (node: BootedNode) => void;
  /** One sentence for the program's log. */
  onProblem: (message: string) => void;
  log?: Log;
}

type HostCommand = HostRequest extends infer Request ? (Request extends { id: number } ? Omit<Request, 'id'> : never) : never;

interface Pending {
  resolve: (reply: HostReply) => void;
  reject: (error: AppError) => void;
}

const FIRST_RESTART_MS = 500;
const LAST_RESTART_MS = 30_000;
/** A process that has lived this long ended for another reason than the one before. */
const STABLE_AFTER_MS = 60_000;
const STDERR_KEPT_CHARS = 2_000;
/** Real milliseconds for the nodes' processes to end when the program closes. */
const CLOSE_LIMIT_MS = 2_500;

export class VirtualTestbedHost implements VirtualNodeHost {
  readonly #options: VirtualTestbedHostOptions;
  /** Nodes that are to be up, with the port each had last. */
  readonly #desired = new Map<string, { preferredPort: number | null }>();
  readonly #pending = new Map<number, Pending>();
  #child: ChildProcess | null = null;
  #nextRequestId = 1;
  #restartMs = FIRST_RESTART_MS;
  #restartTimer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: VirtualTestbedHostOptions) {
    this.#options = options;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  async powerOn(nodeId: string, preferredPort: number | null): Promise<BootedNode> {
    this.#desired.set(nodeId, { preferredPort });
    return this.#boot(nodeId);
  }

  async powerOff(nodeId: string): Promise<void> {
    this.#desired.delete(nodeId);
    if (this.#child) await this.#request({ method: 'power-off', nodeId });
  }

  sizeOnDisk(nodeId: string): Promise<number> {
    return bytesIn(this.#directoryOf(nodeId));
  }

  async deleteNode(nodeId: string): Promise<void> {
    await this.powerOff(nodeId);
    rmSync(this.#directoryOf(nodeId), { recursive: true, force: true });
  }

  async deleteStrayFolders(nodeIds: ReadonlySet<string>): Promise<void> {
    const entries = await readdir(this.#options.nodesDir).catch(() => [] as string[]);
    for (const entry of entries) {
      if (!nodeIds.has(entry) && !this.#desired.has(entry)) await rm(join(this.#options.nodesDir, entry), { recursive: true, force: true });
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#restartTimer) clearTimeout(this.#restartTimer);
    const child = this.#child;
    if (!child) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_LIMIT_MS);
    if (child.connected) child.disconnect();
    await ended;
    clearTimeout(timer);
  }

  async #boot(nodeId: string): Promise<BootedNode> {
    const reply = await this.#request({
      method: 'boot',
      nodeId,
      directory: this.#directoryOf(nodeId),
      preferredPort: this.#desired.get(nodeId)?.preferredPort ?? null,
      authorizedKey: this.#options.authorizedKey(),
      isBehindWindow: this.#options.isBehindWindow,
    });
    if (reply.kind !== 'booted') throw new Error(`Unexpected reply "${reply.kind}" to a boot`);
    if (this.#desired.has(nodeId)) this.#desired.set(nodeId, { preferredPort: reply.node.sshPort });
    if (reply.node.agentProblem) {
      this.#options.onProblem(`The agent of virtual node ${nodeId} did not start: ${reply.node.agentProblem}`);
    }
    this.#options.onNodeBooted(reply.node);
    return reply.node;
  }

  #directoryOf(nodeId: string): string {
    return join(this.#options.nodesDir, nodeId);
  }

  #request(command: HostCommand): Promise<HostReply> {
    if (this.#isClosed) return Promise.reject(new AppError('cancelled', 'The virtual testbed is closing.'));
    const child = (this.#child ??= this.#start());
    const id = this.#nextRequestId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      // A channel that closed under our feet: 'exit' follows and rejects everything that waits.
      child.send({ ...command, id }, () => undefined);
    });
  }

  #start(): ChildProcess {
    const { HOME = '', PATH = '', TMPDIR } = process.env;
    const child = fork(this.#options.entryPath, [], {
      env: {
        HOME,
        PATH,
        ...(TMPDIR === undefined ? {} : { TMPDIR }),
        ...(process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' }),
      },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    if (this.#options.log) logStandardError(child, this.#options.log, 'virtual-testbed-host');
    const startedMs = performance.now();
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString('utf8')).slice(-STDERR_KEPT_CHARS)));
    child.on('message', (message) => this.#onReply(hostReplySchema.parse(message)));
    const onEnd = (how: string): void => {
      if (this.#child === child) this.#child = null;
      if (performance.now() - startedMs > STABLE_AFTER_MS) this.#restartMs = FIRST_RESTART_MS;
      this.#onExit(`${how}${stderr ? `: ${stderr.trim()}` : ''}`);
    };
    child.once('exit', (code, signal) => onEnd(signal ?? `status ${code}`));
    // A process that never started has no exit.
    child.on('error', (error) => child.pid === undefined && onEnd(error.message));
    return child;
  }

  #onReply(reply: HostReply): void {
    if (reply.kind === 'agent') {
      this.#options.onProblem(`Virtual node ${reply.node.nodeId}: ${reply.message}.`);
      this.#options.onNodeBooted(reply.node);
      return;
    }
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (reply.kind === 'failed') pending?.reject(new AppError('io', `The virtual node failed: ${reply.message}`, 'Check the data folder.'));
    else pending?.resolve(reply);
  }

  #onExit(reason: string): void {
    const ended = this.#isClosed
      ? new AppError('cancelled', 'The virtual testbed is closing.')
      : new AppError(
          'io',
          `The virtual testbed's process ended (${reason}).`,
          'Try again; the log has what it said: Settings, Log in the window, “dedgeai log” on a terminal.',
        );
    for (const { reject } of this.#pending.values()) reject(ended);
    this.#pending.clear();
    if (this.#isClosed || this.#desired.size === 0) return;
    this.#options.onProblem(`The virtual testbed's process ended (${reason}); it restarts in ${this.#restartMs / 1000} s.`);
    this.#restartTimer = setTimeout(() => void this.#restart(), this.#restartMs);
    this.#restartMs = Math.min(this.#restartMs * 2, LAST_RESTART_MS);
  }

  async #restart(): Promise<void> {
    this.#restartTimer = null;
    const outcomes = await Promise.allSettled([...this.#desired.keys()].map((nodeId) => this.#boot(nodeId)));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected' && this.#child)
        this.#options.onProblem(`A virtual node did not come back: ${String(outcome.reason)}`);
    }
  }
}
