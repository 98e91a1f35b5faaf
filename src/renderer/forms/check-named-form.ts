import type { z } from 'zod';
import { capitalize, uncapitalize } from '../../shared/capitalize.js';
import { readPath, type FieldErrors, type FormCheck } from './field-errors.js';

/**
 * Checks a form as `checkForm` does, with complaints that stand for themselves wherever they are shown: `Max steps: at most 200; you entered 400.`
 * `nameOf` gives a field's name by its path and `keyOf` the key of its complaint, so that one that several parts of the value share is one.
 */
export function checkNamedForm<Schema extends z.ZodType>(
  schema: Schema,
  form: unknown,
  fields: { nameOf: (path: string) => string | undefined; keyOf?: (path: string) => string },
): FormCheck<z.output<Schema>> {
  const result = schema.safeParse(form);
  if (result.success) return { isValid: true, value: result.data };
  const errors: FieldErrors = {};
  for (const issue of result.error.issues) {
    const path = issue.path.map(String).join('.');
    const key = fields.keyOf?.(path) ?? path;
    const name = fields.nameOf(key);
    const complaint = describe(issue, readPath(form, issue.path));
    errors[key] ??= name === undefined ? `${capitalize(complaint)}.` : `${name}: ${complaint}.`;
  }
  return { isValid: false, errors };
}

function describe(issue: z.core.$ZodIssue, value: unknown): string {
  const entered = typeof value === 'number' ? `; you entered ${value.toLocaleString('en', { maximumFractionDigits: 6 })}` : '';
  if (issue.code === 'invalid_type') {
    return `${issue.expected === 'int' ? 'a whole number is needed' : 'a value is needed'}${entered}`;
  }
  if (issue.code === 'too_small' && issue.message.startsWith('Too small')) {
    return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum.toLocaleString('en')}${entered}`;
  }
  if (issue.code === 'too_big' && issue.message.startsWith('Too big')) return `at most ${issue.maximum.toLocaleString('en')}${entered}`;
  return `${uncapitalize(issue.message)}${entered}`;
}
