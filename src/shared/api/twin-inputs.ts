// What the API accepts of questions to the digital twin.
import { z } from 'zod';
import { runSpecSchema } from './inputs.js';
import { schedulerSchema } from './series-inputs.js';

const { shape } = runSpecSchema;
const speed = z.number().positive('A speed is above 0').max(100, 'A speed is at most 100');
const nodeName = z.string().min(1).max(80);

/** Tasks of one simulation: more are for a machine of their own. */
const MAX_TASKS = 20_000;

const schedulers = z.array(schedulerSchema).min(1, 'Name a scheduler').max(20, 'At most 20 schedulers');
const repetitions = z.int().min(1, 'At least one repetition').max(100, 'At most 100 repetitions').default(10);

export const plannedWorkSchema = z.object({
  testbedId: shape.testbedId,
  taskCount: shape.taskCount.max(MAX_TASKS, `At most ${MAX_TASKS} tasks are simulated`),
  qualitySteps: shape.qualitySteps,
  arrivals: shape.arrivals,
  strength: shape.strength,
  seed: shape.seed,
});

export const whatIfInput = z.object({
  /** Of a run, or planned. */
  work: z.union([z.object({ runId: z.string().min(1).max(64) }), plannedWorkSchema]),
  /** The first is what all else is held against. Left out: that of the run, or shortest expected completion. */
  schedulers: schedulers.optional(),
  changes: z
    .object({
      addedSpeeds: z.array(speed).max(100, 'At most 100 nodes more').default([]),
      speeds: z.record(nodeName, speed.or(z.literal(0))).default({}),
      load: z.number().positive('A load is above 0').max(100, 'A load is at most 100').default(1),
    })
    .prefault({}),
  trueSpeeds: z.record(nodeName, speed).default({}),
  repetitions,
});
export type WhatIfInput = z.input<typeof whatIfInput>;
export type WhatIfQuestion = z.output<typeof whatIfInput>;
