// The worker that makes a node's images, in words.
import { CLIP_MAX_TOKENS, describeEncoders } from './model-variant.js';
import type { NodeWorker } from './node-worker-schema.js';

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
