// A trained policy of ONE base station as it travels to its agent: the network's numbers, and what turns a testbed's seconds into the
// quantities that it was trained on. Text, a few kilobytes.
import { z } from 'zod';
import { LEARNING_METHODS } from '../learning/learner.js';

const positive = z.number().positive();
const count = z.int().positive();

export const learnedPolicySchema = z.strictObject({
  method: z.enum(LEARNING_METHODS),
  /** B: how many ESs it chooses from. */
  baseStations: count.max(1000),
  /** How it learned: the network's form and the scale of what it sees are among it. See training-settings.ts, by which they are verified. */
  settings: z.record(z.string(), z.unknown()),
  /** Work of an image: fixed + steps x per step. One Gigacycle is a second of an ES of capacity 1. */
  work: z.strictObject({ fixedGigacycles: z.number().nonnegative(), gigacyclesPerStep: z.number().nonnegative() }),
  /** The steps of the image by which an ES's capacity is given: there it takes work / capacity seconds. */
  meanQualitySteps: positive,
  /** The actor's parameters, finite; see parameter-layout.ts. */
  parameters: z.array(z.number()).max(1_000_000),
});

export type LearnedPolicyDescription = z.output<typeof learnedPolicySchema>;
