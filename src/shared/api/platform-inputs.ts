// What the API accepts for the platforms of Table V.
import { z } from 'zod';
import { PLATFORM_FIELDS } from '../platform.js';

const MAX_DELAY_SEC = 1e8;
const id = z.string().min(1).max(64);
/** One line, with nothing in it that changes how other text is shown. */
const line = (message: string, max: number) =>
  z
    .string()
    .trim()
    .min(1, message)
    .max(max, `At most ${max} characters`)
    .refine((text) => !/[\p{Cc}\p{Bidi_Control}]/u.test(text), 'One line without control characters');

export const figureSourceSchema = line('Say where the figure comes from', 300);
export const figureDateSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'Give the day as year-month-day, such as 2026-11-29')
  .refine((day) => isDay(day), 'There is no such day');
const noteSchema = line('A note has at least one character', 500).nullable().default(null);
const modelSchema = line('Name the model', 80);
const delaySchema = z.number('A delay is a number of seconds').positive('A delay is more than 0 s').max(MAX_DELAY_SEC);
const priceSchema = z.number('A price is a number of US dollars').min(0, 'A price is not negative').max(1e6);
const evidence = { source: figureSourceSchema, date: figureDateSchema, note: noteSchema };

export const setPlatformInput = z.discriminatedUnion('field', [
  z.object({ id, field: z.literal('model'), value: modelSchema, ...evidence }),
  z.object({ id, field: z.literal('price'), value: priceSchema, ...evidence }),
  z.object({ id, field: z.literal('delay'), count: z.int().min(1).max(1_000_000).default(1), value: delaySchema, ...evidence }),
]);
export type SetPlatformInput = z.infer<typeof setPlatformInput>;

export const addPlatformInput = z.object({
  platform: line('Name the platform', 80),
  model: modelSchema,
  /** Seconds of one image, one request at a time. */
  delaySec: delaySchema,
  /** US dollars per 1,000 images; null where it is not known. */
  pricePer1kUsd: priceSchema.nullable().default(null),
  ...evidence,
});
export type AddPlatformInput = z.infer<typeof addPlatformInput>;

export const resetPlatformInput = z.object({
  id,
  /** All of the row when absent. */
  field: z.enum(PLATFORM_FIELDS).optional(),
  /** Of a delay. */
  count: z.int().min(1).max(1_000_000).optional(),
});
export type ResetPlatformInput = z.infer<typeof resetPlatformInput>;

function isDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}
