// `model push` as someone at a terminal waits for it, from the start of the program to its end, against scp of the same bytes to the same
// server, by either carrier. OpenSSH's server on loopback stands for the node, so this machine does the work of both ends.
import { randomFillSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { generateSshKeyPair } from '../../src/main/adapters/ssh/key-pair.js';
import type { ModelPush } from '../../src/shared/model-push.js';
import { runCliJson } from '../support/cli.js';
import { allInOneTensors, frame, headerOf, tensorBytes, type TensorSpec } from '../support/model-files.js';
import { type RealSshd, startRealSshd } from '../support/real-sshd.js';
import { openSlowLink } from '../support/slow-link.js';
import { percentile } from './bench-core.js';
import { timeScp } from './time-scp.js';

const MB = 1_000_000;
const SIZE_BYTES = 300 * MB;
const ROUNDS = 7;
/** As in push.ts: this machine has to be both ends of it. */
const LINK_BYTES_PER_SEC = 60 * MB;

interface Turns {
  /** Real ms, by round. */
  scpMs: number[];
  openSshMs: number[];
  builtInMs: number[];
  /** Medians of scp over those of the push: 1 is as fast, less is slower. */
  openSshOfScp: number;
  builtInOfScp: number;
}

export interface PushCommandFigures {
  sizeBytes: number;
  overLoopback: Turns;
  overLink: Turns;
}

export async function measurePushCommand(sshd: string): Promise<PushCommandFigures> {
  const dir = mkdtempSync(join(tmpdir(), 'dedgeai-push-bench-'));
  const key = generateSshKeyPair();
  const keyPath = join(dir, 'key');
  writeFileSync(keyPath, key.privateKeyPem, { mode: 0o600 });
  const server = await startRealSshd({ sshd, dir, authorizedKey: key.publicKeyLine });
  const link = openSlowLink(LINK_BYTES_PER_SEC);
  try {
    const linkPort = await link.leadTo(server.port);
    mkdirSync(join(dir, '.ssh'));
    const known = [server.port, linkPort].map((port) => `[127.0.0.1]:${port} ${server.hostKeyLine().trim()}\n`);
    writeFileSync(join(dir, '.ssh', 'known_hosts'), known.join(''));
    const path = join(dir, 'model.safetensors');
    writeFileSync(path, modelOfSize(SIZE_BYTES));
    await runCommand(dir, ['model', 'add', path, '--name', 'Bench', '--accept-license']);
    const measure = async (testbed: string, port: number): Promise<Turns> => {
      const address = ['127.0.0.1', '--no-config', '--user', userInfo().username, '--port', String(port), '--key', keyPath];
      await runCommand(dir, ['node', 'add', testbed, ...address]);
      return takeTurns(dir, { testbed, server: { ...server, port }, keyPath, path });
    };
    return { sizeBytes: SIZE_BYTES, overLoopback: await measure('Loopback', server.port), overLink: await measure('Link', linkPort) };
  } finally {
    await link.close();
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

interface TurnsOptions {
  testbed: string;
  server: RealSshd;
  keyPath: string;
  path: string;
}

/** In turns, so that a noisy neighbor slows all of them; the first round, which reads what the others find in memory, does not count. */
async function takeTurns(dir: string, { testbed, server, keyPath, path }: TurnsOptions): Promise<Turns> {
  const times = { scpMs: [] as number[], openSshMs: [] as number[], builtInMs: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    const scpMs = await timeScp({ keyPath, server, path });
    const openSshMs = await timePush(dir, testbed, server, 'openssh');
    const builtInMs = await timePush(dir, testbed, server, 'built-in');
    if (round === 0) continue;
    times.scpMs.push(scpMs);
    times.openSshMs.push(openSshMs);
    times.builtInMs.push(builtInMs);
  }
  const ofScp = (ms: number[]): number => percentile(times.scpMs, 0.5) / percentile(ms, 0.5);
  return { ...times, openSshOfScp: ofScp(times.openSshMs), builtInOfScp: ofScp(times.builtInMs) };
}

/** Real ms of the whole command. */
async function timePush(dir: string, testbed: string, server: RealSshd, carrier: 'openssh' | 'built-in'): Promise<number> {
  const startedMs = performance.now();
  // Where PATH has no ssh, the program's own carries the bytes.
  const push = await runCommand(dir, ['model', 'push', 'Bench', testbed], carrier === 'openssh' ? {} : { PATH: '/nonexistent' });
  const tookMs = performance.now() - startedMs;
  const used = (push as ModelPush).nodes[0]?.outcome?.carrier?.kind;
  if (used !== carrier) throw new Error(`The push went over ${used ?? 'nothing'} instead of ${carrier}`);
  rmSync(join(server.homeDir, '.dedgeai'), { recursive: true });
  return tookMs;
}

async function runCommand(dir: string, words: string[], change: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const env = { ...process.env, HOME: dir, SSH_AUTH_SOCK: '', ...change };
  const { status, document, stderr } = await runCliJson([...words, '--data', join(dir, 'data')], { env });
  if (status !== 0) throw new Error(`${words.join(' ')} ended with status ${status}: ${stderr}${JSON.stringify(document)}`);
  return document;
}

/** What is recognized as SD3 medium without T5, with random bytes: nothing on the way can make less of them. */
function modelOfSize(sizeBytes: number): Buffer {
  const tensors: TensorSpec[] = allInOneTensors(['t5']);
  const known = tensors.reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
  tensors.push({ name: 'model.diffusion_model.filler', dtype: 'U8', shape: [sizeBytes - known] });
  return frame(headerOf(tensors), randomFillSync(Buffer.allocUnsafe(sizeBytes)));
}
