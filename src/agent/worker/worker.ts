// What turns a prompt into an image on a node. The edge server runs one generation at a time and knows nothing else of the worker.

export interface GenerationTask {
  prompt: string;
  seed: number;
  /** The image's denoising steps, z. */
  qualitySteps: number;
  widthPx: number;
  heightPx: number;
}

export interface GeneratedImage {
  bytes: Uint8Array;
  widthPx: number;
  heightPx: number;
  mediaType: 'image/png';
  isSimulated: boolean;
  /** When the computation ended on the agent's clock, model ms. */
  endMs: number;
}

export interface GenerateOptions {
  /** When the worker became free for this task on the agent's clock, model ms; a hair before the call. */
  startMs: number;
  /** Stops before the next denoising step; the promise then rejects with the signal's reason. */
  signal: AbortSignal;
  /** Denoising steps done so far, 1..z. */
  onStep: (stepsDone: number) => void;
}

export interface Worker {
  readonly kind: string;
  /** Expected seconds of one image: fixedSec + z x secPerStep, the node's speed included; model time. */
  readonly fixedSec: number;
  readonly secPerStep: number;
  /** One sentence when the worker can't work now; null when it is fine. */
  problem(): string | null;
  generate(task: GenerationTask, options: GenerateOptions): Promise<GeneratedImage>;
  close(): Promise<void>;
}
