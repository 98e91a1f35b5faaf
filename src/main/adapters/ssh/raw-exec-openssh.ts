// One command on a node by a process of OpenSSH's `ssh`, as the account's login shell gets it. As raw-exec.ts, and for ssh-exec.ts alone.
import { spawn } from 'node:child_process';
import { commandCancelled, commandTooSlow, type RawExecOptions, sendInput } from './raw-exec.js';

/** How `ssh` is started; the command for the node goes behind the words. Neither words nor environment hold a secret. */
export interface OpenSshCommand {
  /** Absolute path. */
  program: string;
  words: readonly string[];
  env: NodeJS.ProcessEnv;
}

/** The status by which `ssh` says that it failed itself. */
const SSH_FAILED_STATUS = 255;
/** The kernel takes as much of it at once as it has room for. */
const INPUT_CHUNK_BYTES = 1024 * 1024;
/** Kept of standard error for the message of a failure, characters: its end. */
const KEPT_LENGTH = 500;

/**
 * Resolves with the exit status of the command, null when a signal ended `ssh`. Throws `cancelled`, `ssh-command-failed` (time limit) or what
 * `lostError` makes of the end of standard error, when `ssh` can't be started, does not get there, or loses the connection.
 */
export function execByOpenSsh(
  { program, words, env }: OpenSshCommand,
  command: string,
  { input, signal, onOutput, timeoutMs }: RawExecOptions,
  lostError: (said: string) => Error,
): Promise<{ code: number | null }> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(commandCancelled());
      return;
    }
    // In a group of its own: Ctrl-C at a terminal is this program's to answer.
    const ssh = spawn(program, [...words, command], { env, stdio: 'pipe', detached: true });
    let said = '';
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      act();
    };
    const abandon = (error: Error): void => {
      ssh.kill('SIGTERM');
      settle(() => reject(error));
    };
    const onAbort = (): void => abandon(commandCancelled());
    const timer = setTimeout(() => abandon(commandTooSlow(timeoutMs)), timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    ssh.stdout.on('data', (chunk: Buffer) => onOutput(chunk, 'stdout'));
    ssh.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-KEPT_LENGTH);
      onOutput(chunk, 'stderr');
    });
    // A command that ends before it has read its input makes the write fail; its exit status tells the story.
    ssh.stdin.on('error', () => undefined);
    ssh.once('error', (error) => settle(() => reject(lostError(error.message))));
    ssh.once('close', (code) => settle(() => (code === SSH_FAILED_STATUS ? reject(lostError(said)) : resolve({ code }))));
    sendInput(ssh.stdin, input, INPUT_CHUNK_BYTES).catch(abandon);
  });
}
