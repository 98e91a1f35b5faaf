// One command on a channel of a connected client, as the account's login shell gets it: bytes in, bytes out, exit status, time limit,
// cancellation. Nothing but ssh-exec.ts may call it, which makes scripts out of commands.
import type { Writable } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { AppError } from '../../../shared/errors.js';

export type OutputStream = 'stdout' | 'stderr';

export interface RawExecOptions {
  /** Sent to the command's standard input, which is closed after it. What it has yielded may change when the next is asked for; its error is thrown. */
  input: AsyncIterable<Uint8Array>;
  signal: AbortSignal | undefined;
  onOutput: (chunk: Buffer, stream: OutputStream) => void;
  /** Real milliseconds. */
  timeoutMs: number;
}

const INPUT_CHUNK_BYTES = 64 * 1024;

/**
 * Resolves with the exit status, null when a signal ended the command. Throws `cancelled`, `ssh-command-failed` (time limit) or what
 * `lostError` makes when the line breaks.
 */
export function execOnClient(
  client: Client,
  command: string,
  options: RawExecOptions,
  lostError: () => AppError,
): Promise<{ code: number | null }> {
  const { signal, timeoutMs } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(commandCancelled());
      return;
    }
    let channel: ClientChannel | null = null;
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      act();
    };
    let isAbandoned = false;
    const abandon = (error: Error): void => {
      isAbandoned = true;
      endRemote(channel);
      settle(() => reject(error));
    };
    const onAbort = (): void => abandon(commandCancelled());
    const timer = setTimeout(() => {
      abandon(commandTooSlow(timeoutMs));
    }, timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    const onOpened = (error: Error | undefined, opened: ClientChannel): void => {
      if (error) {
        settle(() => reject(lostError()));
        return;
      }
      channel = opened;
      if (isAbandoned) {
        endRemote(opened);
        return;
      }
      listen(opened, options.onOutput, (exit) => settle(() => (exit ? resolve(exit) : reject(lostError()))));
      sendInput(opened, options.input, INPUT_CHUNK_BYTES).catch(abandon);
    };
    try {
      client.exec(command, onOpened);
    } catch {
      // ssh2 throws "Not connected" when the line broke before the call.
      settle(() => reject(lostError()));
    }
  });
}

/** Hands output on until the channel closes; null when it closed without an exit status, which means the line broke. */
function listen(channel: ClientChannel, onOutput: RawExecOptions['onOutput'], done: (exit: { code: number | null } | null) => void): void {
  let exit: { code: number | null } | null = null;
  channel.on('data', (chunk: Buffer) => onOutput(chunk, 'stdout'));
  channel.stderr.on('data', (chunk: Buffer) => onOutput(chunk, 'stderr'));
  channel.on('exit', (code: number | null) => (exit = { code }));
  // A command that ends before it has read its input makes the write fail; its exit status tells the story.
  channel.on('error', () => undefined);
  channel.on('close', () => done(exit));
}

/** Writes the input as `channel` takes it, and ends it. Returns early where no one reads any more. */
export async function sendInput(channel: Writable, input: AsyncIterable<Uint8Array>, chunkBytes: number): Promise<void> {
  for await (const bytes of input) {
    for (let offset = 0; offset < bytes.length; offset += chunkBytes) {
      if (channel.destroyed || !channel.writable) return;
      await write(channel, Buffer.from(bytes.buffer, bytes.byteOffset + offset, Math.min(chunkBytes, bytes.length - offset)));
    }
  }
  channel.end();
}

/** Resolves when the channel needs the bytes no more, or will never take them. */
function write(channel: Writable, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      channel.off('close', go);
      resolve();
    };
    channel.once('close', go);
    channel.write(chunk, go);
  });
}

function endRemote(channel: ClientChannel | null): void {
  if (!channel) return;
  try {
    channel.signal('TERM');
    channel.close();
  } catch {
    // The line is gone, and the command with it.
  }
}

export function commandTooSlow(timeoutMs: number): AppError {
  return new AppError(
    'ssh-command-failed',
    `A command on the node did not end within ${timeoutMs / 1000} s.`,
    'Check the load of the node, then try again.',
  );
}

export function commandCancelled(): AppError {
  return new AppError('cancelled', 'The command on the node was canceled.');
}
