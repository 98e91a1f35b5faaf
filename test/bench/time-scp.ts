// scp of one file to a server on loopback, as a baseline of pushes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { RealSshd } from '../support/real-sshd.js';

interface ScpOptions {
  /** The file with the private key that the server takes. */
  keyPath: string;
  server: Pick<RealSshd, 'port' | 'homeDir'>;
  path: string;
  /** More words of the command line. */
  more?: readonly string[];
}

/** Real ms of scp, its start included, and of bringing the file to the disk. This process continues meanwhile. */
export async function timeScp({ keyPath, server, path, more = [] }: ScpOptions): Promise<number> {
  const target = join(server.homeDir, 'scp-copy');
  const trust = ['-F', 'none', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
  const words = ['-O', '-q', ...more, ...trust, '-i', keyPath, '-P', String(server.port), path];
  const startedMs = performance.now();
  const scp = spawn('scp', [...words, `${userInfo().username}@127.0.0.1:${target}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [status] = (await once(scp, 'close')) as [number | null];
  if (status !== 0) throw new Error(`scp ended with status ${status}`);
  const file = openSync(target, 'r+');
  fsyncSync(file);
  closeSync(file);
  const tookMs = performance.now() - startedMs;
  rmSync(target);
  return tookMs;
}
