// Runs one command over a connected client: input, output within bounds, exit status, time limit, cancellation.
import type { Client, ClientChannel } from 'ssh2';
import { AppError } from '../../../shared/errors.js';

export interface ExecOptions {
  /** Sent to the command's standard input, which is closed after it. What a stream has yielded must not be changed; its error is thrown. */
  stdin?: Uint8Array | AsyncIterable<Uint8Array>;
  signal?: AbortSignal;
  onOutput?: (chunk: string, stream: 'stdout' | 'stderr') => void;
  /** Called as input is taken by the connection, with the bytes so far. */
  onInputProgress?: (sentBytes: number) => void;
  /** Output kept of each stream, in bytes; the rest is dropped. 1 MiB when absent. */
  maxOutputBytes?: number;
  /** Real milliseconds; 60,000 when absent. */
  timeoutMs?: number;
}

export interface ExecResult {
  /** Exit status; null when a signal ended the command. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** True when more came than was kept. */
  isTruncated: boolean;
}

const DEFAULT_OUTPUT_BYTES = 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 60_000;
const INPUT_CHUNK_BYTES = 64 * 1024;

/** Resolves with any exit status. Throws `cancelled`, `ssh-command-failed` (time limit) or what `lostError` makes when the line breaks. */
export function execOnClient(client: Client, command: string, options: ExecOptions, lostError: () => AppError): Promise<ExecResult> {
  const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(cancelled());
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
    const onAbort = (): void => abandon(cancelled());
    const timer = setTimeout(() => {
      abandon(
        new AppError(
          'ssh-command-failed',
          `A command on the node did not end within ${timeoutMs / 1000} s.`,
          'Check the load of the node, then try again.',
        ),
      );
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
      collect(opened, options, (result) => settle(() => (result ? resolve(result) : reject(lostError()))));
      if (options.stdin) sendInput(opened, options.stdin, options.onInputProgress).catch(abandon);
      else opened.end();
    };
    try {
      client.exec(command, onOpened);
    } catch {
      // ssh2 throws "Not connected" when the line broke before the call.
      settle(() => reject(lostError()));
    }
  });
}

/** Gathers output until the channel closes; null when it closed without an exit status, which means the line broke. */
function collect(channel: ClientChannel, options: ExecOptions, done: (result: ExecResult | null) => void): void {
  const limitBytes = options.maxOutputBytes ?? DEFAULT_OUTPUT_BYTES;
  const kept = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const sizes = { stdout: 0, stderr: 0 };
  let isTruncated = false;
  let exit: { code: number | null } | null = null;
  const take = (stream: 'stdout' | 'stderr', chunk: Buffer): void => {
    options.onOutput?.(chunk.toString('utf8'), stream);
    const room = limitBytes - sizes[stream];
    if (chunk.length > room) isTruncated = true;
    if (room <= 0) return;
    const part = chunk.subarray(0, room);
    kept[stream].push(part);
    sizes[stream] += part.length;
  };
  channel.on('data', (chunk: Buffer) => take('stdout', chunk));
  channel.stderr.on('data', (chunk: Buffer) => take('stderr', chunk));
  channel.on('exit', (code: number | null) => (exit = { code }));
  // A command that ends before it has read its input makes the write fail; its exit status tells the story.
  channel.on('error', () => undefined);
  channel.on('close', () => {
    const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString('utf8');
    done(exit ? { code: exit.code, stdout: text(kept.stdout), stderr: text(kept.stderr), isTruncated } : null);
  });
}

async function sendInput(
  channel: ClientChannel,
  input: Uint8Array | AsyncIterable<Uint8Array>,
  onProgress?: (sentBytes: number) => void,
): Promise<void> {
  let sentBytes = 0;
  for await (const bytes of input instanceof Uint8Array ? [input] : input) {
    for (let offset = 0; offset < bytes.length; offset += INPUT_CHUNK_BYTES) {
      if (channel.destroyed || !channel.writable) return;
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset + offset, Math.min(INPUT_CHUNK_BYTES, bytes.length - offset));
      if (!channel.write(chunk)) await drained(channel);
      sentBytes += chunk.length;
      onProgress?.(sentBytes);
    }
  }
  channel.end();
}

function drained(channel: ClientChannel): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      channel.off('drain', go);
      channel.off('close', go);
      resolve();
    };
    channel.on('drain', go);
    channel.on('close', go);
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

function cancelled(): AppError {
  return new AppError('cancelled', 'The command on the node was canceled.');
}
