// What turns a prompt into an image on a node. The edge server runs one generation at a time and knows nothing else of the worker.

import type { MessageInitShape } from '@bufbuild/protobuf';

import type { WorkerReportSchema } from '../../shared/rpc/gen/agent_pb.js';

/** As the RPC carries it. */
export type WorkerFigures = Required<Omit<MessageInitShape<typeof WorkerReportSchema>, '$typeName' | '$unknown'>>;

export interface GenerationTask {
  prompt: string;
  seed: number;
  /** The image's denoising steps, z. */
  qualitySteps: number;
  widthPx: number;
  heightPx: number;
  /** Image-to-image: what the image is made of, by the hash of its bytes. */
  picture?: { sha256: string } | undefined;
  /** With a picture: the share of the steps that is computed, (0, 1]. */
  strength?: number;
}

export interface GeneratedImage {
  bytes: Uint8Array;
  widthPx: number;
  heightPx: number;
  mediaType: 'image/png';
  isSimulated: boolean;
  /** Denoising steps that were computed: with an input picture fewer than asked for. */
  computedSteps: number;
  /** When the computation ended on the agent's clock, model ms. */
  endMs: number;
  /** Parts of the computation as they were measured, model ms; null for a simulated one. */
  timings: { encodeMs: number; stepsMs: number; decodeMs: number } | null;
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
  /** How long images are expected to take from now on; a simulated worker takes what its configuration says. */
  expect(timing: { fixedSec: number; secPerStep: number }): void;
  /** One sentence when the worker can't work now; null when it is fine. */
  problem(): string | null;
  /** What it is and what it takes; null for a simulated one, and while the model loads. */
  figures(): WorkerFigures | null;
  /** Rejects with a WorkerFailure, or with the reason of the signal. */
  generate(task: GenerationTask, options: GenerateOptions): Promise<GeneratedImage>;
  close(): Promise<void>;
}
