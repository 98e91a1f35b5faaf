// Everything that a training between two episodes is made of, but for its options and seed: a union by method, checked where it comes in
// from a file. What a method does not have is not in its checkpoint.

import { z } from 'zod';
import type { TrainingMethod } from '../../shared/training.js';
import { DQN_STATE } from './dqn-ts.js';
import { SOFT_ACTOR_CRITIC_STATE } from './soft-actor-critic.js';

const floats: z.ZodType<Float32Array> = z.instanceof(Float32Array);
const integers: z.ZodType<Int32Array> = z.instanceof(Int32Array);
const replay = z.object({ rows: floats, counts: integers, nextSlots: integers });
const updateCount = z.int().nonnegative();

/** Every part of a state by its name, and no other. */
function stateSchema<const Name extends string>(names: readonly Name[]) {
  return z.strictObject(Object.fromEntries(names.map((name) => [name, floats])) as Record<Name, typeof floats>);
}

const softActorCriticState = stateSchema(SOFT_ACTOR_CRITIC_STATE);

export const learningCheckpointSchema = z.discriminatedUnion('method', [
  /** `latents`: X of Algorithm 1, see latent-store.ts. */
  z.object({ method: z.literal('lad-ts'), state: softActorCriticState, updateCount, replay, latents: floats }),
  z.object({ method: z.literal('d2sac-ts'), state: softActorCriticState, updateCount, replay }),
  z.object({ method: z.literal('sac-ts'), state: softActorCriticState, updateCount, replay }),
  z.object({ method: z.literal('dqn-ts'), state: stateSchema(DQN_STATE), updateCount, replay }),
  /** `prices`: seconds a Gigacycle, [slots, servers]. */
  z.object({ method: z.literal('price-ts'), prices: floats, episodes: z.int().nonnegative() }),
]);

export type LearningCheckpoint = z.output<typeof learningCheckpointSchema>;
/** Of a method with networks. */
export type NetworkCheckpoint = Exclude<LearningCheckpoint, { method: 'price-ts' }>;
export type PriceCheckpoint = Extract<LearningCheckpoint, { method: 'price-ts' }>;

/**
 * The form before the union: one for all methods, which was named from outside. Every method with networks kept latents, PRICE-TS its
 * table as a state and its episodes as updates.
 */
export const oldCheckpointSchema = z.object({ state: z.record(z.string(), floats), updateCount, replay, latents: floats });

/** Still to be checked by learningCheckpointSchema. */
export function upgradeCheckpoint(method: TrainingMethod, old: z.output<typeof oldCheckpointSchema>): unknown {
  if (method === 'price-ts') return { method, prices: old.state['prices'], episodes: old.updateCount };
  return { method, ...old };
}
