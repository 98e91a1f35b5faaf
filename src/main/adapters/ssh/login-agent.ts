// An SSH agent of this program, which lends OpenSSH's `ssh` the logins of one host: keys stay in this process, whatever their format or
// passphrase, and `ssh` gets signatures. It can be asked to list and to sign, and does nothing else.
import { createServer, type Socket } from 'node:net';
import type { BaseAgent, ParsedKey } from 'ssh2';
import { AGENT_FAILURE, type AgentRequest, AgentRequests, identitiesAnswer, signResponse, toSshEcdsaSignature } from './agent-wire.js';
import { openPrivateKey } from './key-pair.js';
import { loadSsh2 } from './load-ssh2.js';
import { limitAgent } from './ssh-agent.js';
import type { SshLogin } from './ssh-logins.js';

type KeyLogin = Exclude<SshLogin, { kind: 'password' }>;
type Hash = 'sha256' | 'sha512' | undefined;

/** A key, and who signs with it: this process, or an agent of the user. */
interface LentKey {
  key: ParsedKey;
  /** In SSH's own form, without the name of the algorithm. */
  sign(data: Buffer, hash: Hash): Promise<Buffer>;
}

export interface LoginAgent {
  close(): void;
}

/** Listens at `socketPath`, which must lie in a folder that no one else can enter. Throws what listening throws. */
export async function serveLogins(socketPath: string, logins: readonly KeyLogin[]): Promise<LoginAgent> {
  const sockets = new Set<Socket>();
  let keys: Promise<LentKey[]> | null = null;
  const lent = (): Promise<LentKey[]> => (keys ??= Promise.all(logins.map(keysOf)).then((lists) => lists.flat()));
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // The one who asks may leave at any time.
    socket.on('error', () => undefined);
    listen(socket, lent);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  // Opened while the connection is being made; what comes of it is for the one who asks.
  setImmediate(() => void lent().catch(() => undefined));
  return {
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function listen(socket: Socket, lent: () => Promise<LentKey[]>): void {
  const requests = new AgentRequests();
  // Answers come in the order of the questions.
  let last: Promise<unknown> = Promise.resolve();
  socket.on('data', (piece: Buffer) => {
    try {
      for (const request of requests.take(piece)) {
        const answering = answer(request, lent).catch(() => AGENT_FAILURE);
        last = last.then(async () => socket.write(await answering));
      }
    } catch {
      // It is no one who speaks to an agent.
      socket.destroy();
    }
  });
}

async function answer(request: AgentRequest, lent: () => Promise<LentKey[]>): Promise<Buffer> {
  if (request.kind === 'other') return AGENT_FAILURE;
  const keys = await lent();
  if (request.kind === 'list') return identitiesAnswer(keys.map(({ key }) => ({ blob: key.getPublicSSH(), comment: key.comment })));
  const { blob, data, hash } = request;
  const found = keys.find(({ key }) => key.getPublicSSH().equals(blob));
  if (!found) return AGENT_FAILURE;
  const { type } = found.key;
  // The flags are meant for RSA; other keys know one hash.
  const used = type === 'ssh-rsa' ? hash : undefined;
  return signResponse(used ? `rsa-sha2-${used.slice(3)}` : type, await found.sign(data, used));
}

/** None where a key can't be opened or an agent can't be asked: it is one login that fails. */
async function keysOf(login: KeyLogin): Promise<LentKey[]> {
  if (login.kind === 'agent') {
    const agent = login.onlyKeys ? limitAgent(login.socketPath, login.onlyKeys) : loadSsh2().createAgent(login.socketPath);
    const keys = await listKeys(agent).catch(() => []);
    return keys.map((key) => ({ key, sign: (data, hash) => signByAgent(agent, key, data, hash) }));
  }
  try {
    const key = openPrivateKey(login.privateKeyPem, login.description, login.passphrase);
    return [{ key, sign: (data, hash) => signByKey(key, data, hash) }];
  } catch {
    return [];
  }
}

function listKeys(agent: BaseAgent): Promise<ParsedKey[]> {
  return new Promise((resolve, reject) => {
    agent.getIdentities((error, keys) => (error ? reject(error) : resolve((keys ?? []) as ParsedKey[])));
  });
}

function signByAgent(agent: BaseAgent, key: ParsedKey, data: Buffer, hash: Hash): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    agent.sign(key, data, hash ? { hash } : {}, (error, signature) =>
      error || !signature ? reject(error ?? new Error('The agent gave no signature')) : resolve(signature),
    );
  });
}

function signByKey(key: ParsedKey, data: Buffer, hash: Hash): Promise<Buffer> {
  const signature = key.sign(data, hash);
  if (signature instanceof Error) return Promise.reject(signature);
  return Promise.resolve(key.type.startsWith('ecdsa-') ? toSshEcdsaSignature(signature) : signature);
}
