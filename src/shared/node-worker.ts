// What makes the images of a node what they are: its worker as it was proved last.
import { z } from 'zod';
import { CLIP_ALONE, CLIP_MAX_TOKENS, describeEncoders, TEXT_ENCODERS } from './model-variant.js';

export const nodeWorkerSchema = z.object({
  /** `cpu` or `cuda`, and its name. */
  device: z.string(),
  deviceName: z.string(),
  /** Number type of the weights. */
  dtype: z.string(),
  /** Rows of zeros that stand in for T5; where T5 runs, the tokens that it reads. */
  t5Tokens: z.number(),
  guidanceScale: z.number(),
  shift: z.number(),
  pythonVersion: z.string(),
  torchVersion: z.string(),
  diffusersVersion: z.string(),
  /** `plain` or `expandable`; empty on a processor. */
  allocator: z.string(),
  /** SHA-256 of its model; null where none is on record. */
  modelSha256: z.string().nullable(),
  /** Records of versions before T5 was an option say nothing: their workers had the two CLIPs. */
  encoders: z.array(z.enum(TEXT_ENCODERS)).default([...CLIP_ALONE]),
});
export type NodeWorker = z.infer<typeof nodeWorkerSchema>;

/** `with CLIP-L and CLIP-G (reSD3-m), model 3bb7f21bc5fb`: what of the model tells two images of one prompt apart. */
export function describeWorkerModel({ encoders, modelSha256 }: Pick<NodeWorker, 'encoders' | 'modelSha256'>): string {
  const variant = encoders.includes('t5') ? 'SD3 medium with T5-XXL' : 'reSD3-m';
  return `${variant}: ${describeEncoders(encoders)}; model ${modelSha256?.slice(0, 12) ?? 'not on record'}`;
}

/** Everything recorded of a worker as names and words, the model first. */
export function listWorkerFacts(worker: NodeWorker): [name: string, text: string][] {
  const { device, deviceName, dtype, encoders, t5Tokens, guidanceScale, shift, torchVersion, diffusersVersion, allocator, modelSha256 } =
    worker;
  const isWhole = encoders.includes('t5');
  return [
    ['Variant', isWhole ? 'SD3 medium with T5-XXL' : 'reSD3-m, without T5-XXL'],
    ['Text encoders', describeEncoders(encoders)],
    ['Model SHA-256', modelSha256 ?? 'not on record'],
    ['Reads of a prompt', isWhole ? `${CLIP_MAX_TOKENS} tokens with CLIP, ${t5Tokens} with T5` : `${CLIP_MAX_TOKENS} tokens`],
    ...(isWhole ? [] : [['In T5’s place', `${t5Tokens} rows of zeros`] as [string, string]]),
    ['Computes on', `${device}, ${deviceName}, in ${dtype}`],
    ['Guidance, shift', `${guidanceScale}, ${shift}`],
    ['Libraries', `torch ${torchVersion}, diffusers ${diffusersVersion}`],
    ...(allocator === '' ? [] : [['GPU memory', `${allocator} segments`] as [string, string]]),
  ];
}
