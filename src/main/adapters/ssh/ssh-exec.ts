// The one way to run anything on a node: a script of a POSIX shell, whatever the account's login shell is and whatever its start-up files
// say or do. What they print is no answer, what the script prints is all of it, and its exit status is its own.
import type { Client } from 'ssh2';
import { AppError } from '../../../shared/errors.js';
import { redactAll } from '../log/redact-all.js';
import { BetweenMarks } from './between-marks.js';
import { execOnClient, type OutputStream, type RawExecOptions } from './raw-exec.js';
import { execByOpenSsh, type OpenSshCommand } from './raw-exec-openssh.js';
import { startMark, drawMarks, EMPTY_ANSWERS, endMark, inputLine, launchCommand } from './remote-script.js';
import { printable, type SshEndpoint } from './ssh-errors.js';

export interface ExecOptions {
  /** Sent to the script's standard input, which is closed after it. What a stream has yielded may change when the next is asked for; its error is thrown. */
  stdin?: Uint8Array | AsyncIterable<Uint8Array>;
  signal?: AbortSignal;
  onOutput?: (chunk: string, stream: 'stdout' | 'stderr') => void;
  /** Called once, when the script has started. */
  onStarted?: () => void;
  /** Called as input is taken by the connection, with the bytes so far. */
  onInputProgress?: (sentBytes: number) => void;
  /** Output kept of each stream, in bytes; the rest is dropped. 1 MiB when absent. */
  maxOutputBytes?: number;
  /** Real milliseconds; 60,000 when absent. */
  timeoutMs?: number;
  /** Real milliseconds that the account's start-up files may take before the script starts; 30,000 when absent. */
  startTimeoutMs?: number;
}

export interface ExecResult {
  /** Exit status; null when a signal ended the script. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** True when more came than was kept. */
  isTruncated: boolean;
}

/** Over what scripts get to a node: a connection of this program, or OpenSSH's `ssh`, which opens one for each. */
export type ScriptCarrier = {
  endpoint: SshEndpoint;
  /** `said`: by `ssh` or on the script's standard error, its end; empty for nothing. */
  lostError: (said: string) => AppError;
} & ({ client: Client } | { openSsh: OpenSshCommand });

const DEFAULT_OUTPUT_BYTES = 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_START_TIMEOUT_MS = 30_000;
/** Between two calls of `onInputProgress`. */
const PROGRESS_BYTES = 64 * 1024;
/** Shown of what a start-up file printed, characters. */
const MAX_NOISE_LENGTH = 200;
/** A shell adds the number of a signal, of which there are 64, to this. */
const SIGNALED_STATUS = 128;

/**
 * Resolves with any exit status. Throws `cancelled`, `unsupported` where the login shell never came to the script, `ssh-command-failed`
 * (time limit) or what `lostError` makes when the line breaks.
 */
export async function runScript(carrier: ScriptCarrier, script: string, options: ExecOptions): Promise<ExecResult> {
  const { signal, timeoutMs = DEFAULT_TIMEOUT_MS, startTimeoutMs = DEFAULT_START_TIMEOUT_MS } = options;
  const marks = drawMarks();
  const streams = { stdout: new BetweenMarks(startMark(marks), endMark(marks)), stderr: new BetweenMarks(startMark(marks), null) };
  const output = new KeptOutput(options);
  const started = Promise.withResolvers<null>();
  const giving = new AbortController();
  const timer = setTimeout(() => giving.abort(), startTimeoutMs);
  const neverBegan = (how: string): AppError => neverBeganError(carrier.endpoint, how, streams.stderr.noise + streams.stdout.noise);
  try {
    let isReported = false;
    const { code } = await execRaw(carrier, launchCommand(script, marks, { hasInput: options.stdin !== undefined }), {
      input: inputOf(options, inputLine(marks), started.promise),
      signal: signal ? AbortSignal.any([signal, giving.signal]) : giving.signal,
      timeoutMs,
      onOutput: (chunk, stream) => {
        const taken = streams[stream].take(chunk);
        if (streams.stdout.hasStarted && !isReported) {
          isReported = true;
          clearTimeout(timer);
          started.resolve(null);
          options.onStarted?.();
        }
        output.take(taken, stream);
      },
    });
    if (!streams.stdout.hasStarted) throw neverBegan(code === null ? 'was ended by a signal' : `ended with status ${code}`);
    output.take(streams.stdout.flush(), 'stdout');
    return output.result(codeOf(streams.stdout.status));
  } catch (thrown) {
    if (giving.signal.aborted && signal?.aborted !== true && !streams.stdout.hasStarted) {
      throw neverBegan(`was still busy after ${startTimeoutMs / 1000} s`);
    }
    throw thrown;
  } finally {
    clearTimeout(timer);
    // Lets go of an input that is still waiting.
    started.resolve(null);
  }
}

function execRaw(carrier: ScriptCarrier, command: string, options: RawExecOptions): Promise<{ code: number | null }> {
  const { lostError } = carrier;
  if ('client' in carrier) return execOnClient(carrier.client, command, options, () => lostError(''));
  return execByOpenSsh(carrier.openSsh, command, options, (said) => lostError(printable(redactAll(said), MAX_NOISE_LENGTH)));
}

/** Without the second mark, the shell around the script was ended before it could write it. */
function codeOf(status: number | null): number | null {
  if (status === null) return null;
  return status > SIGNALED_STATUS && status <= SIGNALED_STATUS + 64 ? null : status;
}

/** Nothing of what is meant for the script is sent before the script is there: a start-up file that reads can't get hold of it. */
async function* inputOf({ stdin, onInputProgress }: ExecOptions, line: string, started: Promise<null>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(EMPTY_ANSWERS);
  if (stdin === undefined) return;
  await started;
  yield Buffer.from(line);
  if (!onInputProgress) {
    yield* stdin instanceof Uint8Array ? [stdin] : stdin;
    return;
  }
  let sentBytes = 0;
  for await (const bytes of stdin instanceof Uint8Array ? [stdin] : stdin) {
    for (let offset = 0; offset < bytes.length; offset += PROGRESS_BYTES) {
      const chunk = bytes.subarray(offset, offset + PROGRESS_BYTES);
      yield chunk;
      sentBytes += chunk.length;
      onInputProgress(sentBytes);
    }
  }
}

class KeptOutput {
  readonly #options: ExecOptions;
  readonly #kept = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  readonly #sizes = { stdout: 0, stderr: 0 };
  #isTruncated = false;

  constructor(options: ExecOptions) {
    this.#options = options;
  }

  take(chunk: Buffer, stream: OutputStream): void {
    if (chunk.length === 0) return;
    const { onOutput, maxOutputBytes = DEFAULT_OUTPUT_BYTES } = this.#options;
    onOutput?.(chunk.toString('utf8'), stream);
    const room = maxOutputBytes - this.#sizes[stream];
    if (chunk.length > room) this.#isTruncated = true;
    if (room <= 0) return;
    const part = chunk.subarray(0, room);
    this.#kept[stream].push(part);
    this.#sizes[stream] += part.length;
  }

  result(code: number | null): ExecResult {
    const text = (stream: OutputStream): string => Buffer.concat(this.#kept[stream]).toString('utf8');
    return { code, stdout: text('stdout'), stderr: text('stderr'), isTruncated: this.#isTruncated };
  }
}

function neverBeganError({ host, user }: SshEndpoint, how: string, noise: string): AppError {
  const printed = printable(redactAll(noise), noise.length + 1).slice(-MAX_NOISE_LENGTH);
  return new AppError(
    'unsupported',
    `The login shell of ${user} on ${host} ${how} and did not run what it was asked to${printed ? `; it printed “${printed}”` : ''}.`,
    `A start-up file there (.bashrc, .zshenv, config.fish, .cshrc) may end the shell, wait for an answer or become another shell: ` +
      `let it do so in interactive shells only. “ssh ${user}@${host} true” must end by itself.`,
  );
}
