// Stable Diffusion 3, with T5 or without, in Python beside the agent. Keeps one process with the model loaded, and starts another when it dies: the
// image in the making fails, the next one waits for the new process.
import { join } from 'node:path';

import type { DiffusersWorkerConfig } from '../../shared/agent-config.js';
import { CLIP_ALONE, TEXT_ENCODERS } from '../../shared/model-variant.js';
import type { AgentLog } from '../log.js';
import type { ScaledClock } from '../scaled-clock.js';
import { ALLOCATOR_FILE, AllocatorChoice } from './allocator-choice.js';
import type { GenerateOptions, GeneratedImage, GenerationTask, Worker, WorkerFigures } from './worker.js';
import { WorkerFailure } from './worker-failure.js';
import type { WorkerMemory, WorkerReady } from './worker-messages.js';
import { type MadeImage, type WorkerLimits, WorkerProcess } from './worker-process.js';

export interface DiffusersWorkerOptions {
  config: DiffusersWorkerConfig;
  baseDir: string;
  /** Where an input picture is; null when it is not here. */
  pathOfPicture: (sha256: string) => string | null;
  clock: ScaledClock;
  log: AgentLog;
  limits?: WorkerLimits;
}

const DEFAULT_LIMITS: WorkerLimits = { loadMs: 600_000, silenceMs: 300_000 };
/** Real ms until the next start after the first failure in a row; doubles with each. */
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 60_000;
/** After so many failures in a row without an image, others are told that this node can't work. */
const FAILURES_FOR_PROBLEM = 3;

export class DiffusersWorker implements Worker {
  readonly kind = 'diffusers';
  #timing: { fixedSec: number; secPerStep: number };
  readonly #options: DiffusersWorkerOptions;
  readonly #allocator: AllocatorChoice;
  #process: WorkerProcess | null = null;
  #figures: WorkerFigures | null = null;
  #failuresInRow = 0;
  #lastFailure: WorkerFailure | null = null;
  #startCount = 0;
  #isClosed = false;
  #backoff: NodeJS.Timeout | undefined;
  /** Resolved and replaced whenever a process was started or given up. */
  #changed = Promise.withResolvers<null>();

  /** Starts loading at once. */
  constructor(options: DiffusersWorkerOptions) {
    this.#options = options;
    this.#allocator = new AllocatorChoice(join(options.baseDir, ALLOCATOR_FILE));
    const { fixedSec, secPerStep } = options.config;
    this.#timing = { fixedSec, secPerStep };
    this.#start();
  }

  /** Process id of the running worker, if there is one. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get fixedSec(): number {
    return this.#timing.fixedSec;
  }

  get secPerStep(): number {
    return this.#timing.secPerStep;
  }

  expect({ fixedSec, secPerStep }: { fixedSec: number; secPerStep: number }): void {
    this.#timing = { fixedSec, secPerStep };
  }

  problem(): string | null {
    if (this.#isClosed) return 'The worker is stopped.';
    if (this.#lastFailure === null) return null;
    if (this.#lastFailure.kind === 'bad-input') return this.#lastFailure.message;
    if (this.#failuresInRow < FAILURES_FOR_PROBLEM) return null;
    return `The worker failed ${this.#failuresInRow} times in a row. ${this.#lastFailure.message}`;
  }

  figures(): WorkerFigures | null {
    return this.#figures;
  }

  async generate(task: GenerationTask, options: GenerateOptions): Promise<GeneratedImage> {
    const worker = await this.#loadedProcess(options.signal);
    const { clock } = this.#options;
    const { bytes, done } = await worker.generate(task, { ...options, picturePath: this.#pathOfPicture(task) }).catch((thrown: unknown) => {
      this.#tryOtherAllocator(worker, thrown);
      throw thrown;
    });
    const endMs = clock.nowMs();
    if (this.#isOnGpu) this.#allocator.worked();
    this.#failuresInRow = 0;
    this.#lastFailure = null;
    this.#noteMemory(done.memory);
    const modelMs = (realMs: number): number => realMs * clock.timeScale;
    return {
      bytes,
      widthPx: task.widthPx,
      heightPx: task.heightPx,
      mediaType: 'image/png',
      isSimulated: false,
      computedSteps: done.stepMs.length,
      endMs,
      timings: { encodeMs: modelMs(done.encodeMs), stepsMs: modelMs(sumOf(done)), decodeMs: modelMs(done.decodeMs) },
    };
  }

  #pathOfPicture({ picture }: GenerationTask): string | null {
    if (!picture) return null;
    const path = this.#options.pathOfPicture(picture.sha256);
    if (path === null) throw new WorkerFailure('fault', 'The input picture of the task is no longer on this node');
    return path;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#backoff);
    this.#announce();
    await this.#process?.stop();
  }

  #start(): void {
    const { config, baseDir, log, limits = DEFAULT_LIMITS } = this.#options;
    const worker = new WorkerProcess({ config, baseDir, allocator: this.#allocator.current, log, limits });
    this.#process = worker;
    this.#startCount += 1;
    worker.loaded.then(
      (ready) => {
        log.info('worker ready', { device: ready.device, torch: ready.versions.torch, loadMs: Math.round(ready.loadMs) });
        this.#figures = this.#figuresOf(ready, worker.pythonVersion);
        // The model is there now; failures in the middle of images count on.
        if (this.#lastFailure?.kind === 'bad-input') this.#lastFailure = null;
        this.#announce();
      },
      () => undefined,
    );
    void worker.ended.then((failure) => this.#startAgainAfter(failure));
    this.#announce();
  }

  #startAgainAfter(failure: WorkerFailure): void {
    this.#process = null;
    if (this.#isClosed) return;
    // Refused while it loaded: the model may be there with the other way.
    const isSwitched =
      failure.kind === 'out-of-memory' && this.#options.config.device !== 'cpu' && this.#allocator.refused(failure.message);
    if (isSwitched) this.#sayAllocator();
    this.#failuresInRow += 1;
    this.#lastFailure = failure;
    const doubled = FIRST_BACKOFF_MS * 2 ** Math.min(this.#failuresInRow - 1, 10);
    // What is missing does not come by itself within a second, but it may come: looking for it costs a start of Python.
    const waitMs = failure.kind === 'bad-input' ? MAX_BACKOFF_MS : Math.min(doubled, MAX_BACKOFF_MS);
    this.#options.log.warn('worker ended', { reason: failure.message, startsAgainInMs: waitMs });
    this.#backoff = setTimeout(() => this.#start(), waitMs);
    this.#announce();
  }

  get #isOnGpu(): boolean {
    return this.#figures?.device === 'cuda';
  }

  /** Memory was refused in the middle of an image: the next process takes it the other way, where that was not tried yet. */
  #tryOtherAllocator(worker: WorkerProcess, thrown: unknown): void {
    const isRefused = thrown instanceof WorkerFailure && thrown.kind === 'out-of-memory' && this.#isOnGpu;
    if (!isRefused || this.#process !== worker || !this.#allocator.refused(thrown.message)) return;
    this.#sayAllocator();
    // The next image waits for the next process.
    this.#process = null;
    this.#announce();
    void worker.stop("The worker's process is started again to take the GPU's memory the other way");
  }

  #sayAllocator(): void {
    this.#options.log.warn('memory was refused; the other allocator is tried', {
      allocator: this.#allocator.current,
      reason: this.#allocator.reason,
    });
  }

  /** Waits for the model, and for the next process while one is about to be started. */
  async #loadedProcess(signal: AbortSignal): Promise<WorkerProcess> {
    for (;;) {
      signal.throwIfAborted();
      const problem = this.problem();
      if (problem !== null) throw new WorkerFailure(this.#lastFailure?.kind === 'out-of-memory' ? 'out-of-memory' : 'died', problem);
      const changed = this.#changed.promise;
      const worker = this.#process;
      const loaded = worker?.loaded.then(
        () => worker,
        () => changed,
      );
      const ready = await untilAborted(Promise.race([loaded ?? changed, changed]), signal);
      if (ready !== null && ready === this.#process) return ready;
    }
  }

  #announce(): void {
    this.#changed.resolve(null);
    this.#changed = Promise.withResolvers<null>();
  }

  #figuresOf(ready: WorkerReady, pythonVersion: string): WorkerFigures {
    return {
      device: ready.device,
      deviceName: ready.deviceName,
      dtype: ready.dtype,
      t5Tokens: ready.t5Tokens,
      encoders: ready.hasT5 ? [...TEXT_ENCODERS] : [...CLIP_ALONE],
      guidanceScale: ready.guidanceScale,
      shift: ready.shift,
      pythonVersion,
      torchVersion: ready.versions.torch,
      diffusersVersion: ready.versions.diffusers,
      loadMs: ready.loadMs,
      availableBeforeBytes: BigInt(ready.memory.availableBeforeBytes),
      availableAfterBytes: BigInt(ready.memory.availableAfterBytes),
      leastAvailableBytes: BigInt(ready.memory.leastAvailableBytes),
      mostResidentBytes: BigInt(ready.memory.mostResidentBytes),
      mostCudaBytes: BigInt(ready.memory.mostCudaAllocatedBytes),
      startCount: this.#startCount,
      allocator: ready.device === 'cuda' ? this.#allocator.current : '',
      allocatorReason: ready.device === 'cuda' ? this.#allocator.reason : '',
    };
  }

  #noteMemory(memory: WorkerMemory): void {
    const known = this.#figures;
    if (known === null) return;
    const smallest = BigInt(memory.leastAvailableBytes);
    this.#figures = {
      ...known,
      leastAvailableBytes: known.leastAvailableBytes !== 0n && known.leastAvailableBytes < smallest ? known.leastAvailableBytes : smallest,
      mostResidentBytes: larger(known.mostResidentBytes, BigInt(memory.mostResidentBytes)),
      mostCudaBytes: larger(known.mostCudaBytes, BigInt(memory.mostCudaAllocatedBytes)),
    };
  }
}

function sumOf(done: MadeImage['done']): number {
  return done.stepMs.reduce((sum, ms) => sum + ms, 0);
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

/** Rejects with the signal's reason as soon as it is aborted. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
