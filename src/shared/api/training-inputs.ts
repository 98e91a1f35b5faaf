// What the API accepts for a training.
import { z } from 'zod';
import { TRAINING_METHODS, TRAINING_PRESETS, TWIN_ARRIVALS, TWIN_ENVIRONMENTS, TWIN_SPEEDS, TWIN_VIEWS } from '../training.js';

/** What may be changed about a preset; absent fields stay the preset's. Verified, as the settings, where the training is planned. */
export const changesSchema = z.strictObject({
  baseStations: z.number().optional(),
  slots: z.number().optional(),
  maxTasksPerSlot: z.number().optional(),
  maxCapacityGigacyclesPerSec: z.number().optional(),
  maxQualitySteps: z.number().optional(),
});

/** Trains in the digital twin of a testbed, for runs on it. */
const twinSchema = z.object({
  testbedId: z.string().min(1).max(64),
  qualitySteps: z
    .object({ min: z.int().min(1).max(200), max: z.int().min(1).max(200) })
    .refine((range) => range.min <= range.max, 'The lower end of the steps lies above the upper end')
    .default({ min: 10, max: 19 }),
  /** How the testbed is simulated. */
  environment: z.enum(TWIN_ENVIRONMENTS).default('testbed'),
  /** Offered work over capacity: of slots 1.2 unless said otherwise, of streams 0.85. */
  load: z.number().min(0.1).max(10).optional(),
  /** The next three with the environment `testbed` only. */
  arrivals: z.enum(TWIN_ARRIVALS).optional(),
  view: z.enum(TWIN_VIEWS).optional(),
  speeds: z.enum(TWIN_SPEEDS).optional(),
});
export type TwinInput = z.output<typeof twinSchema>;

export const startTrainingInput = z.object({
  method: z.enum(TRAINING_METHODS).default('lad-ts'),
  preset: z.enum(TRAINING_PRESETS).default('reference'),
  changes: changesSchema.default({}),
  /** Instead of preset and changes. */
  twin: twinSchema.optional(),
  /** 60, as the paper trains; in the testbed's environment 5, or 20 with a network for each station. */
  episodes: z.int().min(1, 'A training has at least one episode').max(100_000).optional(),
  seed: z.int().min(0).max(0xffffffff).default(1),
  checkpointEvery: z.int().min(1).max(10_000).default(5),
  /** What differs from the method's own settings (Table IV), by the names of src/scheduling/learning/training-settings.ts. */
  settings: z.record(z.string(), z.unknown()).default({}),
});
export type StartTrainingInput = z.input<typeof startTrainingInput>;

export const trainingCurveInput = z.object({
  id: z.string().min(1).max(64),
  /** Only points from this episode on. */
  fromEpisode: z.int().min(1).default(1),
});

export const policyDetailInput = z.object({
  id: z.string().min(1).max(64),
  /** Unseen episodes to measure on: more make it slower and surer. */
  episodes: z.int().min(1).max(200).default(5),
  /** How a server is taken from the action probabilities: as in runs where left out, drawn or, of the testbed's environment, the most probable. */
  choice: z.enum(['drawn', 'most-probable']).optional(),
});
export type PolicyDetailInput = z.output<typeof policyDetailInput>;
