// What the API accepts for series.
import { z } from 'zod';
import { SERIES_EXPORT_FORMATS, type SeriesSpec } from '../series.js';
import { arrivalsSchema, runSpecSchema, startAtMs } from './inputs.js';
import { schedulingShape } from './scheduling-inputs.js';

const MAX_RUNS = 10_000;
const { shape } = runSpecSchema;

export const schedulerSchema = z.object({ scheduler: shape.scheduler.unwrap(), trainingId: shape.trainingId, ...schedulingShape });

/** A row of a series, which may measure what learning on the job is worth. */
const rowSchema = schedulerSchema.extend({ learning: shape.learning });

const conditionSchema = z.object({
  taskCount: shape.taskCount,
  qualitySteps: shape.qualitySteps,
  arrivals: arrivalsSchema.default({ kind: 'all-at-once' }),
});

const repetitions = z.int().min(1, 'A series has at least one repetition').max(1000, 'At most 1000 repetitions');

const specSchema = z.object({
  name: shape.name.unwrap().default('Series'),
  testbedId: shape.testbedId,
  datasetId: shape.datasetId,
  schedulers: z.array(rowSchema).min(1, 'Name a scheduler').max(50, 'At most 50 schedulers'),
  conditions: z.array(conditionSchema).min(1, 'Name a number of tasks').max(100, 'At most 100 conditions'),
  repetitions: repetitions.default(5),
  seed: shape.seed,
  allowRepeatedPrompts: shape.allowRepeatedPrompts,
  maxAttempts: shape.maxAttempts,
  coolDown: z
    .object({
      sec: z.number().min(0).max(86_400).default(0),
      belowCelsius: z.number().min(0).max(150).nullable().default(null),
    })
    .prefault({}),
  warmUpTasksPerNode: z.int().min(0).max(100).default(1),
  maxTries: z.int().min(1).max(20).default(3),
  keepInvalid: z.boolean().default(false),
  allowOverload: z.boolean().default(false),
  strength: shape.strength,
});

/** Each scheduler and each condition once, and not more runs than anyone could wait for. */
export const seriesSpecSchema: z.ZodType<SeriesSpec, z.input<typeof specSchema>> = specSchema.superRefine((spec, context) => {
  const refuse = (path: PropertyKey[], message: string): void => context.addIssue({ code: 'custom', path, message });
  if (hasTwice(spec.schedulers)) refuse(['schedulers'], 'A scheduler is listed twice');
  spec.schedulers.forEach(({ scheduler, learning, queueOrder }, index) => {
    if (learning === undefined) return;
    if (scheduler !== 'learned') refuse(['schedulers', index], 'Only a learned policy learns on the job');
    // What a decision led to elsewhere can be reckoned in the order of admission alone.
    if (queueOrder === 'shortest-first')
      refuse(['schedulers', index], 'A policy learns from queues that are first come, first served only');
  });
  if (hasTwice(spec.conditions)) refuse(['conditions'], 'A condition is listed twice');
  const runs = spec.schedulers.length * spec.conditions.length * spec.repetitions;
  if (runs > MAX_RUNS) refuse(['repetitions'], `That would be ${runs} runs; a series has at most ${MAX_RUNS}`);
  if (spec.seed + spec.repetitions - 1 > 0xffffffff) refuse(['seed'], 'Each repetition has the next seed, and the last would be too large');
});
export type SeriesSpecInput = z.input<typeof specSchema>;

/** The specification, and when it is to start; at once where absent. */
export const startSeriesInput = z.intersection(seriesSpecSchema, z.object({ startAtMs: startAtMs.optional() }));

function hasTwice(items: readonly object[]): boolean {
  return new Set(items.map((item) => JSON.stringify(item))).size < items.length;
}

export const extendSeriesInput = z.object({ id: z.string().min(1).max(64), repetitions });

/** Blocks by their names, such as `2.3`: those that come next, in this order. */
export const reorderSeriesInput = z.object({
  id: z.string().min(1).max(64),
  blocks: z
    .array(z.string().regex(/^\d+\.\d+$/, 'A block is named by condition and repetition, such as 2.3'))
    .min(1)
    .max(MAX_RUNS),
});

export const seriesResultInput = z.object({ id: z.string().min(1).max(64), includeInvalid: z.boolean().default(false) });

export const seriesExportFormat = z.enum(SERIES_EXPORT_FORMATS);
