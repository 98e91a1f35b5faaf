// A display without a screen for the windows of a test: Xvfb on a number that is free.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

export interface XDisplay {
  /** For DISPLAY, such as `:7`. */
  name: string;
  close(): Promise<void>;
}

/** Throws when there is no Xvfb, or it does not start; its words are in the message. */
export async function startDisplay({ width, height }: { width: number; height: number }): Promise<XDisplay> {
  const args = ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-ac', '-noreset'];
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const exited = once(server, 'exit');
  let words = '';
  server.stderr!.setEncoding('utf8').on('data', (text: string) => (words += text));
  const number = await Promise.race([
    once(server.stdio[3] as Readable, 'data').then(([chunk]) => String(chunk).trim()),
    exited.then(([code]) => Promise.reject(new Error(`Xvfb ended with ${code}: ${words}`))),
  ]);
  return {
    name: `:${number}`,
    async close() {
      server.kill();
      await exited;
    },
  };
}
