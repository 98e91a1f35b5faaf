import type { z } from 'zod';
import type { AppErrorShape } from '../../shared/errors.js';

/** First complaint per field, by its path (`qualitySteps.min`); complaints about the whole are under the empty path. */
export type FieldErrors = Record<string, string>;

export type FormCheck<T> = { isValid: true; value: T } | { isValid: false; errors: FieldErrors };

/** Checks a form against the same schema that guards the API. */
export function checkForm<Schema extends z.ZodType>(schema: Schema, form: unknown): FormCheck<z.output<Schema>> {
  const result = schema.safeParse(form);
  if (result.success) return { isValid: true, value: result.data };
  const errors: FieldErrors = {};
  for (const issue of result.error.issues) {
    const path = issue.path.map(String).join('.');
    errors[path] ??= describeIssue(issue, readPath(form, issue.path));
  }
  return { isValid: false, errors };
}

/** Turns the schema's "expected number, received null" into what the user can act on. */
function describeIssue(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'invalid_type') return issue.expected === 'int' ? 'A whole number is needed' : 'A value is needed';
  const entered = typeof value === 'number' ? `; you entered ${value}` : '';
  if (issue.code === 'too_small' && issue.message.startsWith('Too small')) {
    return `${issue.inclusive === false ? 'More than' : 'At least'} ${nameAmount(issue.minimum, issue.origin)}${entered}`;
  }
  if (issue.code === 'too_big' && issue.message.startsWith('Too big'))
    return `At most ${nameAmount(issue.maximum, issue.origin)}${entered}`;
  return issue.message;
}

/** `80 characters` of a text, `3 entries` of a list, `200` of a number. */
function nameAmount(amount: number | bigint, origin: string): string {
  const figure = amount.toLocaleString('en');
  if (origin === 'string') return `${figure} ${Number(amount) === 1 ? 'character' : 'characters'}`;
  return origin === 'array' ? `${figure} ${Number(amount) === 1 ? 'entry' : 'entries'}` : figure;
}

/** The value at a path of what was typed; undefined where there is none. */
export function readPath(form: unknown, path: readonly PropertyKey[]): unknown {
  let value = form;
  for (const key of path) value = value === null || typeof value !== 'object' ? undefined : (value as Record<PropertyKey, unknown>)[key];
  return value;
}

/** What the core refused, by field; empty where it named none. The notice with the whole message is shown in either case. */
export function readFieldErrors(error: AppErrorShape | null): FieldErrors {
  const errors: FieldErrors = {};
  for (const { field, message } of error?.fields ?? []) errors[field] ??= message;
  return errors;
}
