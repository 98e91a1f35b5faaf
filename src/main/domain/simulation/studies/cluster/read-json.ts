import { open } from 'node:fs/promises';
import type { z } from 'zod';

/** Reads a file of at most `maxBytes` that may come from anywhere; the reason in words where it is not what the schema says. */
export async function readJson<T>(path: string, schema: z.ZodType<T>, maxBytes: number): Promise<{ value: T } | { reason: string }> {
  let text: string;
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    if (size > maxBytes) return { reason: `it has ${size} bytes, more than the ${maxBytes} that such a file can have` };
    text = await file.readFile('utf8');
  } catch (thrown) {
    return { reason: thrown instanceof Error ? thrown.message : String(thrown) };
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return { reason: 'it is not whole JSON' };
  }
  const { success, data, error } = schema.safeParse(content);
  if (success) return { value: data };
  return { reason: error.issues.map(({ path: field, message }) => `${field.join('.') || 'the whole'}: ${message}`).join('; ') };
}
