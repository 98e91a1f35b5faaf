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
    errors[path] ??= describeIssue(issue);
  }
  return { isValid: false, errors };
}

/** Turns the schema's "expected number, received null" into what the user can act on. */
function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return issue.expected === 'int' ? 'A whole number is needed' : 'A value is needed';
  if (issue.code === 'too_small' && issue.message.startsWith('Too small')) return `At least ${issue.minimum}`;
  if (issue.code === 'too_big' && issue.message.startsWith('Too big')) return `At most ${issue.maximum}`;
  return issue.message;
}

/** What the core refused, by field; empty where it named none. The notice with the whole message is shown in either case. */
export function readFieldErrors(error: AppErrorShape | null): FieldErrors {
  const errors: FieldErrors = {};
  for (const { field, message } of error?.fields ?? []) errors[field] ??= message;
  return errors;
}
