// Facts as JSON: what an older program did not write, or what can't be understood, is null.
import { z } from 'zod';
import { deviceFactsSchema } from '../../../shared/device-facts.js';
import type { NodeFacts } from '../../../shared/testbed.js';

const text = z.string().nullable().catch(null);
const amount = z.number().nullable().catch(null);

const nodeFactsSchema: z.ZodType<NodeFacts> = deviceFactsSchema.extend({
  hostname: text,
  operatingSystem: text,
  kernel: text,
  architecture: text,
  deviceModel: text,
  l4tVersion: text,
  cpuCount: amount,
  memoryTotalBytes: amount,
  memoryAvailableBytes: amount,
  diskFreeBytes: amount,
  nodeVersion: text,
  readAtMs: z.number(),
});

/** Null when the value is no reading at all, as of a node that had no facts when its run started. */
export function parseFactsValue(value: unknown): NodeFacts | null {
  const parsed = nodeFactsSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}
