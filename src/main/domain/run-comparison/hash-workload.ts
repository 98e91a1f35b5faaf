// Whether two runs had the same tasks: prompts, image seeds, steps, input pictures and arrivals, in order.
import { createHash } from 'node:crypto';
import type { PlannedTask } from '../runs/run-store.js';

/** SHA-256 (hex); equal for runs whose tasks can be paired by their position. */
export function hashWorkload(tasks: readonly PlannedTask[]): string {
  const hash = createHash('sha256');
  for (const task of tasks) hash.update(JSON.stringify(task));
  return hash.digest('hex');
}
