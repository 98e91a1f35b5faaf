// What is typed about a platform's figure, and whether the core will take it. Pure.
import type { z } from 'zod';
import { addPlatformInput, setPlatformInput, type AddPlatformInput, type SetPlatformInput } from '../../../shared/api/platform-inputs.js';

export interface FigureForm {
  value: number | null;
  source: string;
  date: string;
  note: string;
}

export interface PlatformForm {
  platform: string;
  model: string;
  delaySec: number | null;
  pricePer1kUsd: number | null;
  source: string;
  date: string;
  note: string;
}

/** Messages by the name of their field. */
export type FormErrors = Partial<Record<string, string>>;
export type Checked<Input> = { input: Input; errors: null } | { input: null; errors: FormErrors };

export function checkFigure(target: { id: string; field: 'delay' | 'price'; count: number }, form: FigureForm): Checked<SetPlatformInput> {
  const { count, ...key } = target;
  return check(setPlatformInput, { ...key, ...(key.field === 'delay' && { count }), ...trimmed(form) });
}

export function checkPlatform(form: PlatformForm): Checked<AddPlatformInput> {
  return check(addPlatformInput, trimmed(form));
}

function trimmed<Form extends { note: string }>(form: Form): Omit<Form, 'note'> & { note: string | null } {
  return { ...form, note: form.note.trim() === '' ? null : form.note };
}

function check<Input>(schema: z.ZodType<Input>, value: unknown): Checked<Input> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { input: parsed.data, errors: null };
  const errors: FormErrors = {};
  for (const { path, message } of parsed.error.issues) errors[String(path[0])] ??= message;
  return { input: null, errors };
}
