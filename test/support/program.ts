// The built program as a user starts it: `node out/main/web.js` over a data folder of its own. Needs `npm run build`.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const WEB_SHELL = join(import.meta.dirname, '../../out/main/web.js');

export interface RunningProgram {
  /** Address that signs the first browser in, once. */
  url: string;
  pid: number;
  /** Everything it wrote so far. */
  output(): string;
  /** The next address it prints after the last one was used up. */
  nextUrl(): Promise<string>;
  /** Ends it as Ctrl-C does; resolves with its exit status. */
  stop(): Promise<number | null>;
  /** `kill -9`. */
  kill(): Promise<void>;
}

/**
 * Starts the web shell and resolves when it prints its address; rejects with its words when it ends before. `env` is added to the test's;
 * port 0 is a free one.
 */
export async function startProgram(dataDir: string, env: Record<string, string> = {}, port = 0): Promise<RunningProgram> {
  const args = [WEB_SHELL, '--data', dataDir, '--port', String(port), '--no-open'];
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const urls: string[] = [];
  const waiting: ((url: string) => void)[] = [];
  const onLine = (line: string): void => {
    output += `${line}\n`;
    const url = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(line)?.[0];
    if (url === undefined) return;
    const next = waiting.shift();
    if (next) next(url);
    else urls.push(url);
  };
  createInterface(child.stdout).on('line', onLine);
  createInterface(child.stderr).on('line', onLine);

  const nextUrl = (): Promise<string> => {
    const ready = urls.shift();
    return ready === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(ready);
  };
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const url = await Promise.race([
    nextUrl(),
    ended.then(([code]) => Promise.reject(new Error(`The program ended with ${code} before it was open:\n${output}`))),
  ]);
  return {
    url,
    pid: child.pid!,
    output: () => output,
    nextUrl,
    stop: () => end(child, 'SIGINT', ended),
    async kill() {
      await end(child, 'SIGKILL', ended);
    },
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals, ended: Promise<[number | null]>): Promise<number | null> {
  child.kill(signal);
  return (await ended)[0];
}
