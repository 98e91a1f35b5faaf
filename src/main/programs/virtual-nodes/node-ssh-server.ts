// The SSH server of one virtual node: public keys of authorized_keys only, commands only. No passwords, terminals, SFTP or forwarding.
import { timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import ssh2 from 'ssh2';
import type { AuthContext, Connection, ParsedKey, PublicKeyAuthContext } from 'ssh2';
import { VIRTUAL_NODE_HOST, VIRTUAL_NODE_USER } from '../../domain/nodes/testbed/virtual-node-messages.js';
import { listenOnStablePort } from '../../foundation/listen-port.js';
import { serveExec, signalGroup } from './node-exec.js';
import type { NodeFolder } from './node-folder.js';

export interface NodeSshServer {
  port: number;
  /** Drops every connection and stops listening. Commands that still run end with their channels. */
  stop(): Promise<void>;
}

const SIGNAL_NAMES: readonly string[] = ['ABRT', 'ALRM', 'HUP', 'INT', 'KILL', 'QUIT', 'TERM', 'USR1', 'USR2'];

export async function startNodeSshServer(folder: NodeFolder, preferredPort: number | null): Promise<NodeSshServer> {
  const ssh = new ssh2.Server({ hostKeys: [folder.hostKeyPem] }, (connection) => serveConnection(folder, connection));
  // Our own listener, so that a power cut can drop every socket without a goodbye.
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    ssh.injectSocket(socket);
  });
  const port = await listenOnStablePort(
    preferredPort,
    (candidate) =>
      new Promise((resolve, reject) => {
        // Neither may stay behind when its port was taken: the next one is tried on the same server.
        const isOpen = (): void => {
          listener.off('error', failed);
          resolve();
        };
        const failed = (error: Error): void => {
          listener.off('listening', isOpen);
          reject(error);
        };
        listener.once('listening', isOpen).once('error', failed).listen({ port: candidate, host: VIRTUAL_NODE_HOST, exclusive: true });
      }),
  );
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function serveConnection(folder: NodeFolder, connection: Connection): void {
  // A client that breaks off, or a port scanner, is no fault of the node.
  connection.on('error', () => undefined);
  connection.on('authentication', (context) => authenticate(folder, context));
  connection.on('session', (acceptSession) => {
    const session = acceptSession();
    session.on('exec', (acceptExec, _reject, info) => {
      const child = serveExec(folder, info.command, acceptExec());
      session.on('signal', (_accept, _rejectSignal, { name }) => {
        if (SIGNAL_NAMES.includes(name)) signalGroup(child, `SIG${name}` as NodeJS.Signals);
      });
    });
  });
}

function authenticate(folder: NodeFolder, context: AuthContext): void {
  if (context.method === 'publickey' && context.username === VIRTUAL_NODE_USER && isAllowed(folder, context)) context.accept();
  else context.reject(['publickey']);
}

function isAllowed(folder: NodeFolder, context: PublicKeyAuthContext): boolean {
  const allowed = readAuthorizedKeys(folder.authorizedKeysPath).find(
    (key) => key.type === context.key.algo && isSame(key.getPublicSSH(), context.key.data),
  );
  if (!allowed) return false;
  // Without a signature the client only asks whether this key would do.
  if (!context.signature || !context.blob) return true;
  // ssh2 returns an Error, not a throw, for a signature it can't read.
  const verdict: unknown = allowed.verify(context.blob, context.signature, context.hashAlgo);
  return verdict === true;
}

function readAuthorizedKeys(path: string): ParsedKey[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const parsed = line.trim() ? ssh2.utils.parseKey(line) : [];
    return parsed instanceof Error ? [] : parsed;
  });
}

function isSame(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
