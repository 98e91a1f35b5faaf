// Pushing a model of the store to nodes: how far each node is.
import { z } from 'zod';
import { errorShapeSchema } from './error-shape-schema.js';
import type { JobState } from './job.js';

/** `checking`: what is there is read and hashed. `waiting`: the line broke and is tried again. `finishing`: the whole is verified and put in its place. */
const PUSH_NODE_STATES = [
  'queued',
  'connecting',
  'checking',
  'sending',
  'waiting',
  'finishing',
  'succeeded',
  'failed',
  'cancelled',
] as const;
export type PushNodeState = (typeof PUSH_NODE_STATES)[number];

/** How far the push to one node is. */
export const pushProgressSchema = z.object({
  state: z.enum(PUSH_NODE_STATES),
  /** Of the whole model. */
  totalBytes: z.number(),
  /** Known to be on the node. */
  doneBytes: z.number(),
  /** Of `doneBytes`: found there at the start and verified. */
  foundBytes: z.number(),
  /** Sent to this node by this machine, whatever became of it. */
  sentBytes: z.number(),
  /** Of `doneBytes`: handed on by other nodes. */
  relayedBytes: z.number(),
  /** Measured over the last seconds; null until known. */
  bytesPerSec: z.number().nullable(),
  remainingSec: z.number().nullable(),
});
export type PushProgress = z.infer<typeof pushProgressSchema>;

/**
 * How what is there already is compared with the record. `sampled`: sizes, times of change, and some blocks; all of it where that is due. `full`:
 * every byte. `only`: every byte, and nothing is sent.
 */
export const pushVerificationSchema = z.enum(['sampled', 'full', 'only']);
export type PushVerification = z.infer<typeof pushVerificationSchema>;

/** A whole model on a node, compared with the record. */
export const modelCheckSchema = z.object({
  /** What was read back: some blocks of it, or every byte. */
  extent: z.enum(['sampled', 'full']),
  /** Files that are not as on record, by their paths in the model. */
  differingFiles: z.array(z.string()),
  /** When every byte was compared on the node, epoch ms; null where that is not noted there. */
  lastFullAtMs: z.number().nullable().default(null),
});
export type ModelCheck = z.infer<typeof modelCheckSchema>;

/** What brought the bytes of a push: OpenSSH's `ssh` of this computer, or the SSH of this program. */
export const pushCarrierSchema = z.object({
  kind: z.enum(['openssh', 'built-in']),
  /** Why it was not OpenSSH's; null where it was. */
  why: z.string().nullable(),
});
export type PushCarrier = z.infer<typeof pushCarrierSchema>;

/** What a push to one node came to. */
export const pushOutcomeSchema = z.object({
  /** The model was there already, whole. */
  isUnchanged: z.boolean(),
  /** Of the model that was there whole; null where none was. Files that differed have been put right. */
  check: modelCheckSchema.nullable().default(null),
  totalBytes: z.number(),
  foundBytes: z.number(),
  sentBytes: z.number(),
  relayedBytes: z.number(),
  /** Of the large files, the last one where there were several; null where none was sent, and of a push before this was recorded. */
  carrier: pushCarrierSchema.nullable().default(null),
  /** Real ms from the first connection to the verified model. */
  elapsedMs: z.number(),
  /** The model's file or folder, relative to the home folder there. */
  remotePath: z.string(),
});
export type PushOutcome = z.infer<typeof pushOutcomeSchema>;

export const pushNodeSchema = z.object({
  nodeId: z.string(),
  nodeName: z.string(),
  progress: pushProgressSchema,
  /** Set when it has succeeded. */
  outcome: pushOutcomeSchema.nullable(),
  error: errorShapeSchema.nullable(),
});
export type PushNode = z.infer<typeof pushNodeSchema>;

/** A model on its way to nodes. What a push left on the nodes is taken up when it is resumed, and by the next one. */
export interface ModelPush {
  id: string;
  modelId: string;
  modelName: string;
  testbedId: string;
  verification: PushVerification;
  state: JobState;
  nodes: PushNode[];
  startedAtMs: number;
  finishedAtMs: number | null;
}

/** `over OpenSSH’s ssh`, or the program's own SSH and why; null where nothing was sent. */
export function describeCarrier(carrier: PushCarrier | null): string | null {
  if (carrier === null) return null;
  if (carrier.kind === 'openssh') return 'over OpenSSH’s ssh';
  return `over the program’s own SSH${carrier.why === null ? '' : ` (${carrier.why})`}`;
}
