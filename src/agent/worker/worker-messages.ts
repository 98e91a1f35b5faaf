// What the Python worker says, line by line. It is a program of its own that may print anything: checked before anything is believed.
import { z } from 'zod';

const MAX_TEXT_LENGTH = 1_000;
/** A 2048x2048 image without any compression has 12.6 MB. */
const MAX_IMAGE_BYTES = 64 * 1024 * 1024;

const text = z.string().max(MAX_TEXT_LENGTH);
const durationMs = z.number().min(0).max(1e9);
/** Null or absent where the system does not report. */
const bytes = z
  .number()
  .int()
  .min(0)
  .nullish()
  .transform((value) => value ?? 0);
const memory = z.object({ leastAvailableBytes: bytes, mostResidentBytes: bytes, mostCudaAllocatedBytes: bytes });

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), protocol: z.literal(1), python: text }),
  z.object({
    type: z.literal('ready'),
    versions: z.object({ torch: text, diffusers: text }),
    device: z.enum(['cpu', 'cuda']),
    deviceName: text,
    dtype: text,
    t5Tokens: z.number().int().min(0).max(10_000),
    hasT5: z.boolean(),
    guidanceScale: z.number(),
    shift: z.number(),
    loadMs: durationMs,
    memory: memory.extend({ availableBeforeBytes: bytes, availableAfterBytes: bytes }),
  }),
  z.object({ type: z.literal('step'), id: text, n: z.number().int().min(1) }),
  z.object({
    type: z.literal('done'),
    id: text,
    sizeBytes: z.number().int().min(1).max(MAX_IMAGE_BYTES),
    encodeMs: durationMs,
    stepMs: z.array(durationMs).max(10_000),
    decodeMs: durationMs,
    memory,
  }),
  z.object({ type: z.literal('cancelled'), id: text }),
  z.object({
    type: z.literal('failed'),
    /** Null when the model could not be loaded. */
    id: text.nullable(),
    kind: z.enum(['out-of-memory', 'bad-input', 'fault']),
    message: text,
    remedy: text,
  }),
]);

export type WorkerMessage = z.infer<typeof messageSchema>;
export type WorkerReady = Extract<WorkerMessage, { type: 'ready' }>;
export type WorkerDone = Extract<WorkerMessage, { type: 'done' }>;
export type WorkerMemory = z.infer<typeof memory>;

/** Null for a line that is no message. */
export function parseWorkerLine(line: string): WorkerMessage | null {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return null;
  }
  const parsed = messageSchema.safeParse(json);
  return parsed.success ? parsed.data : null;
}
