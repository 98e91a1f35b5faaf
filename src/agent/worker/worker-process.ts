// One life of the Python worker: starts it, loads the model, makes one image at a time, and ends with it. Restarting is another's business.
//
//   stdin   requests, JSON lines          stdout  answers, JSON lines
//   fd 3    the bytes of images           stderr  whatever libraries say, for the log
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';

import type { DiffusersWorkerConfig } from '../../shared/agent-config.js';
import type { AgentLog } from '../log.js';
import type { Allocator } from './allocator-choice.js';
import { LineReader } from './line-reader.js';
import type { GenerationTask } from './worker.js';
import { workerEnvironment } from './worker-environment.js';
import { WorkerFailure } from './worker-failure.js';
import { parseWorkerLine, type WorkerDone, type WorkerMessage, type WorkerReady } from './worker-messages.js';

export interface WorkerLimits {
  /** Real ms for the libraries and the model; a slow card needs minutes for 6 GB. */
  loadMs: number;
  /** Real ms without a word in the middle of an image: encoding, one step, or decoding. */
  silenceMs: number;
}

export interface WorkerProcessOptions {
  config: DiffusersWorkerConfig;
  /** Folder that the paths of the configuration are relative to. */
  baseDir: string;
  allocator: Allocator;
  limits: WorkerLimits;
  log: AgentLog;
}

export interface GenerateSettings {
  signal: AbortSignal;
  onStep: (stepsDone: number) => void;
  /** Of the input picture on this node; null in text-to-image. */
  picturePath: string | null;
}

export interface MadeImage {
  bytes: Buffer;
  done: WorkerDone;
}

interface Generation {
  id: string;
  onStep: (stepsDone: number) => void;
  resolve: (image: MadeImage) => void;
  reject: (failure: unknown) => void;
  /** Said once the worker has told the image's size; its bytes may be on their way still. */
  done: WorkerDone | null;
}

const MAX_LINE_LENGTH = 1024 * 1024;
const MAX_LOGGED_LENGTH = 400;
/** Lines of one process that reach the log; a library may warn at every step. */
const MAX_LOGGED_LINES = 200;
/** Real ms between the end of its input and the kill. */
const STOP_TIMEOUT_MS = 1_000;

export class WorkerProcess {
  /** What it is once the model is loaded; rejects with a WorkerFailure. */
  readonly loaded: Promise<WorkerReady>;
  /** Resolves when the process is gone, with why. */
  readonly ended: Promise<WorkerFailure>;
  pythonVersion = '';

  readonly #child: ChildProcess;
  readonly #cacheDir: string;
  readonly #options: WorkerProcessOptions;
  readonly #loading = Promise.withResolvers<WorkerReady>();
  readonly #ending = Promise.withResolvers<WorkerFailure>();
  #failure: WorkerFailure | null = null;
  #generation: Generation | null = null;
  #imageChunks: Buffer[] = [];
  #imageSizeBytes = 0;
  #loggedLines = 0;
  #watchdog: NodeJS.Timeout | undefined;
  #nextId = 1;

  constructor(options: WorkerProcessOptions) {
    this.#options = options;
    this.loaded = this.#loading.promise;
    this.ended = this.#ending.promise;
    // Anyone who waits for the model hears of a failure; it is no fault that no one does.
    this.loaded.catch(() => undefined);
    const { config, baseDir, allocator, limits } = options;
    const path = (name: string): string => resolve(baseDir, name);
    const python = config.python.includes('/') ? path(config.python) : config.python;
    this.#cacheDir = join(tmpdir(), `dedgeai-torch-${process.pid}-${randomUUID().slice(0, 8)}`);
    const child = spawn(python, ['-B', join(path(config.scriptDir), 'main.py')], {
      cwd: baseDir,
      env: workerEnvironment(process.env, { allocator, cacheDir: this.#cacheDir }),
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#readStreams();
    child.once('error', (error) => this.#end(new WorkerFailure('bad-input', `Python (${python}) can't be started: ${error.message}`)));
    child.once('close', (code, signal) => this.#end(this.#describeEnd(code, signal)));
    this.#send({
      type: 'load',
      modelPath: path(config.modelPath),
      configDir: config.configDir === null ? null : path(config.configDir),
      device: config.device,
      dtype: config.dtype,
      guidanceScale: config.guidanceScale,
      shift: config.shift,
      t5Tokens: config.t5Tokens,
      withT5: config.withT5,
    });
    this.#expectWord(limits.loadMs, `The model was not loaded within ${limits.loadMs / 1000} s`);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** One at a time, once loaded. Rejects with a WorkerFailure, or with the signal's reason once the worker has let go of the image. */
  async generate(task: GenerationTask, options: GenerateSettings): Promise<MadeImage> {
    if (this.#failure) throw this.#failure;
    if (this.#generation) throw new Error('The worker makes one image at a time');
    const { signal, onStep, picturePath } = options;
    const { prompt, seed, qualitySteps: steps, widthPx, heightPx } = task;
    const id = String(this.#nextId++);
    const { promise, resolve: settle, reject } = Promise.withResolvers<MadeImage>();
    this.#generation = { id, onStep, resolve: settle, reject, done: null };
    const cancel = (): void => this.#send({ type: 'cancel', id });
    signal.addEventListener('abort', cancel, { once: true });
    const fromPicture = picturePath === null ? {} : { picturePath, strength: task.strength ?? 1 };
    this.#send({ type: 'generate', id, prompt, seed, steps, widthPx, heightPx, ...fromPicture });
    this.#expectNextStep();
    try {
      const image = await promise;
      signal.throwIfAborted();
      return image;
    } catch (thrown) {
      signal.throwIfAborted();
      throw thrown;
    } finally {
      signal.removeEventListener('abort', cancel);
      clearTimeout(this.#watchdog);
      this.#generation = null;
    }
  }

  /** Lets it end by itself, and kills it when it does not. */
  async stop(why = 'The agent is stopping'): Promise<void> {
    this.#failure ??= new WorkerFailure('died', why);
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.ended;
    clearTimeout(timer);
  }

  #readStreams(): void {
    const { stdin, stdout, stderr, stdio } = this.#child;
    const answers = new LineReader(MAX_LINE_LENGTH, (line) => this.#take(line));
    const warnings = new LineReader(MAX_LINE_LENGTH, (line) => this.#logLine(line));
    stdout?.setEncoding('utf8').on('data', (chunk: string) => answers.write(chunk));
    stderr?.setEncoding('utf8').on('data', (chunk: string) => warnings.write(chunk));
    (stdio[3] as Readable | null)?.on('data', (chunk: Buffer) => this.#takeImageBytes(chunk));
    // It may end while something is written to it; the end itself is reported by `close`.
    stdin?.on('error', () => undefined);
  }

  #take(line: string): void {
    const message = parseWorkerLine(line);
    if (message === null) this.#logLine(line);
    else this.#handle(message);
  }

  #handle(message: WorkerMessage): void {
    if (message.type === 'hello') {
      this.pythonVersion = message.python;
    } else if (message.type === 'ready') {
      clearTimeout(this.#watchdog);
      this.#loading.resolve(message);
    } else if (message.type === 'failed' && message.id === null) {
      // The model could not be loaded: the worker ends by itself after that, and this reason counts.
      this.#failure ??= new WorkerFailure(message.kind, message.message, message.remedy);
      this.#child.stdin?.end();
    } else if (this.#generation?.id === message.id) {
      this.#handleProgress(this.#generation, message);
    }
  }

  #handleProgress(generation: Generation, message: Exclude<WorkerMessage, { type: 'hello' | 'ready' }>): void {
    switch (message.type) {
      case 'step':
        this.#expectNextStep();
        return generation.onStep(message.n);
      case 'done':
        generation.done = message;
        return this.#finishWhenWhole();
      case 'cancelled':
        return generation.reject(new WorkerFailure('fault', 'The worker stopped an image that no one had canceled'));
      case 'failed':
        return generation.reject(new WorkerFailure(message.kind, message.message, message.remedy));
    }
  }

  #takeImageBytes(chunk: Buffer): void {
    // Bytes that belong to no image mean that worker and agent no longer agree.
    if (this.#generation === null) return this.#kill('The worker sent an image that no one had asked for');
    this.#imageChunks.push(chunk);
    this.#imageSizeBytes += chunk.length;
    this.#finishWhenWhole();
  }

  #finishWhenWhole(): void {
    const { done, resolve: settle } = this.#generation ?? {};
    if (!done || !settle || this.#imageSizeBytes < done.sizeBytes) return;
    if (this.#imageSizeBytes > done.sizeBytes) return this.#kill('The worker sent more bytes than its image has');
    const bytes = Buffer.concat(this.#imageChunks);
    this.#imageChunks = [];
    this.#imageSizeBytes = 0;
    settle({ bytes, done });
  }

  #expectNextStep(): void {
    const { silenceMs } = this.#options.limits;
    this.#expectWord(silenceMs, `The worker said nothing for ${silenceMs / 1000} s in the middle of an image, and was ended`);
  }

  #expectWord(withinMs: number, failure: string): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#kill(failure), withinMs);
  }

  #kill(why: string): void {
    this.#failure ??= new WorkerFailure('died', why);
    this.#child.kill('SIGKILL');
  }

  #end(failure: WorkerFailure): void {
    clearTimeout(this.#watchdog);
    // Torch makes the folder when it is imported, whether it compiles anything or not.
    rmSync(this.#cacheDir, { recursive: true, force: true });
    this.#failure ??= failure;
    this.#loading.reject(this.#failure);
    this.#generation?.reject(this.#failure);
    this.#ending.resolve(this.#failure);
  }

  #describeEnd(code: number | null, signal: NodeJS.Signals | null): WorkerFailure {
    if (signal === 'SIGKILL') {
      const remedy = 'If no one did that, the system ran out of memory: free some, or use the refined model.';
      return new WorkerFailure('died', "The worker's process was killed", remedy);
    }
    return new WorkerFailure('died', `The worker's process ended ${signal === null ? `with status ${code ?? '?'}` : `by ${signal}`}`);
  }

  #logLine(line: string): void {
    this.#loggedLines += 1;
    if (this.#loggedLines > MAX_LOGGED_LINES) return;
    this.#options.log.info('worker says', { line: line.trim().slice(0, MAX_LOGGED_LENGTH) });
  }

  #send(message: object): void {
    if (this.#child.stdin?.writable) this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }
}
