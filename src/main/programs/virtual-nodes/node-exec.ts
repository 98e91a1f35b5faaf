// Runs the commands of one virtual node, each in a process group of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import type { ServerChannel } from 'ssh2';
import type { NodeFolder } from './node-folder.js';

/** Runs `command` by the node's shell and carries its streams, signals and exit status over the channel. Resolves when the channel is done. */
export function serveExec(folder: NodeFolder, command: string, channel: ServerChannel): ChildProcess {
  const child = spawn('/bin/sh', ['-c', command], { cwd: folder.homeDir, env: folder.environment, detached: true, stdio: 'pipe' });
  channel.pipe(child.stdin);
  // End the channel ourselves, after the exit status; otherwise the first stream to end would end it.
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  // A command that does not read its input, or a client that has gone, is no fault.
  child.stdin.on('error', () => undefined);
  channel.on('error', () => undefined);
  let hasEnded = false;
  child.on('error', (error) => {
    hasEnded = true;
    channel.stderr.write(`${error.message}\n`);
    channel.exit(127);
    channel.end();
  });
  child.on('close', (code, signal) => {
    if (hasEnded) return;
    hasEnded = true;
    if (signal) channel.exit(signal.replace(/^SIG/, ''), false, '');
    else channel.exit(code ?? 255);
    channel.end();
  });
  channel.on('close', () => {
    if (!hasEnded) signalGroup(child, 'SIGKILL');
  });
  return child;
}

/** Sends a signal by its SSH name (`TERM`) to the command and all it started in its group. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended.
  }
}

/** Runs a command outside any SSH session, as an init system would; resolves with its exit status and the end of its error output. */
export function runOnNode(folder: NodeFolder, command: string): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', command], {
      cwd: folder.homeDir,
      env: folder.environment,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString('utf8')).slice(-4096)));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stderr }));
  });
}
