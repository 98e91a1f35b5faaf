// A study's definition as it comes from a file or the database, checked field by field.
import { z } from 'zod';
import { changesSchema } from './api/training-inputs.js';
import type { StudyDefinition } from './study.js';
import { TRAINING_PRESETS } from './training.js';

const name = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'Lower-case letters, digits and hyphens only');
const text = z
  .string()
  .max(1000)
  .regex(/^\P{Cc}+$/u, 'Text without control characters');

const pointSchema = z.strictObject({
  x: z.number(),
  changes: changesSchema,
  settings: z.record(z.string().max(64), z.union([z.number(), z.string().max(64)])),
});

const paperValueSchema = z.strictObject({ method: name, x: z.number(), delaySec: z.number().positive(), source: text });

/** Whether the methods exist and every point can be planned is verified by `planCell`. */
export const studyDefinitionSchema: z.ZodType<StudyDefinition> = z
  .strictObject({
    name,
    title: text,
    figure: text.nullable(),
    question: text,
    kind: z.enum(['curves', 'sweep']),
    measure: z.enum(['delay', 'cpu-time']),
    preset: z.enum(TRAINING_PRESETS),
    axisLabel: text,
    points: z.array(pointSchema).min(1).max(100),
    methods: z.array(name).min(1).max(50),
    episodes: z.int().min(1).max(100_000),
    lastEpisodes: z.int().min(1).max(100_000),
    paperSeeds: z.int().min(1).nullable(),
    paper: z.array(paperValueSchema),
  })
  .superRefine((study, context) => {
    const refuse = (path: PropertyKey[], message: string): void => context.addIssue({ code: 'custom', path, message });
    if (study.lastEpisodes > study.episodes) refuse(['lastEpisodes'], `More than there are episodes (${study.episodes})`);
    if (study.kind === 'curves' && study.points.length > 1) refuse(['points'], 'Curves have one point: their x axis is the episode');
    if (new Set(study.methods).size < study.methods.length) refuse(['methods'], 'A method is listed twice');
    const xs = study.points.map((point) => point.x);
    if (new Set(xs).size < xs.length) refuse(['points'], 'Two points have the same x');
    for (const [index, value] of study.paper.entries()) {
      if (!study.methods.includes(value.method)) refuse(['paper', index, 'method'], `“${value.method}” is none of the methods`);
      if (study.kind === 'sweep' && !xs.includes(value.x)) refuse(['paper', index, 'x'], `No point has the x ${value.x}`);
    }
  });
