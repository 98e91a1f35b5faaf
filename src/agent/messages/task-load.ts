// What a task costs by what it asks for: bits on the way to its edge server, denoising steps there.
import type { Task } from '../../shared/rpc/gen/agent_pb.js';
import { computedSteps } from '../../shared/service.js';

/** Size of what goes to the edge server (paper: d_n): the prompt in UTF-8 and the input picture, bits. */
export function inputBits({ prompt, picture }: Pick<Task, 'prompt' | 'picture'>): number {
  return (Buffer.byteLength(prompt) + Number(picture?.sizeBytes ?? 0n)) * 8;
}

/** Denoising steps that are computed (paper: z_n): with an input picture a part of those asked for. */
export function stepsOf({ qualitySteps, picture, strength }: Pick<Task, 'qualitySteps' | 'picture' | 'strength'>): number {
  return computedSteps(qualitySteps, picture ? strength : null);
}
