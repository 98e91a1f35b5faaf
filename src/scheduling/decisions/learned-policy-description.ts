// A trained policy of ONE base station as it travels to its agent: the network's numbers, and what turns a testbed's seconds into what it was
// trained on. Text, a few kilobytes.
import { z } from 'zod';
import { LEARNING_METHODS } from '../learning/learner.js';

const positive = z.number().positive();
const count = z.int().positive();

/** How it learned: the network's form and the scale of what it sees are among it. See training-settings.ts, by which they are verified. */
const settings = z.record(z.string(), z.unknown());
/** The actor's parameters, finite; see parameter-layout.ts. */
const parameters = z.array(z.number()).max(1_000_000);

/** Trained in the slots of the paper's environments, on a copy of one testbed. */
const slotPolicySchema = z.strictObject({
  method: z.enum(LEARNING_METHODS),
  /** B: how many ESs it chooses from. */
  baseStations: count.max(1000),
  settings,
  /** Work of an image: fixed + steps x per step. One Gigacycle is a second of an ES of capacity 1. */
  work: z.strictObject({ fixedGigacycles: z.number().nonnegative(), gigacyclesPerStep: z.number().nonnegative() }),
  /** The steps of the image by which an ES's capacity is given: there it takes work / capacity seconds. */
  meanQualitySteps: positive,
  parameters,
});

/** Trained in the testbed's environment. */
const testbedPolicySchema = z.strictObject({
  environment: z.literal('testbed'),
  method: z.enum(LEARNING_METHODS),
  /** ESs that it learned with; one whose network is shared by the servers chooses among any number. */
  servers: count.max(1000),
  settings,
  /** Steps of the longest task that it learned from. */
  largestQualitySteps: count,
  parameters,
});

export const learnedPolicySchema = z.union([testbedPolicySchema, slotPolicySchema]);

export type LearnedPolicyDescription = z.output<typeof learnedPolicySchema>;
export type SlotPolicyDescription = z.output<typeof slotPolicySchema>;
export type TestbedPolicyDescription = z.output<typeof testbedPolicySchema>;
