// What the scheduler of a record is called, whatever form its JSON has: a name, a method, or of a series a list of schedulers.
import { z } from 'zod';
import { nameMethod } from '../../../shared/name-method.js';
import { describeScheduler, SCHEDULER_NAMES, type SchedulerName } from '../../../shared/run.js';

const schema = z.union([z.string(), z.array(z.object({ scheduler: z.string(), trainingId: z.string().optional() }))]);

/** `methodOf` gives a training's method; null where it is gone. */
export function nameScheduler(
  json: string,
  methodOf: (trainingId: string) => string | null,
): { json: string; names: string; title: string } {
  const parsed = schema.safeParse(JSON.parse(json));
  if (!parsed.success) return { json, names: '', title: json };
  const list = typeof parsed.data === 'string' ? [{ scheduler: parsed.data }] : parsed.data;
  const named = list.map(({ scheduler, trainingId }: { scheduler: string; trainingId?: string | undefined }) => {
    const method = trainingId === undefined ? null : methodOf(trainingId);
    return method === null ? { names: scheduler, title: titleOf(scheduler) } : { names: `${scheduler} ${method}`, title: titleOf(method) };
  });
  return {
    json,
    names: [...new Set(named.map(({ names }) => names))].join(' '),
    title: [...new Set(named.map(({ title }) => title))].join(', '),
  };
}

/** Of a scheduler or a method by its name. */
export function titleOf(name: string): string {
  return SCHEDULER_NAMES.some((known) => known === name) ? describeScheduler(name as SchedulerName).title : nameMethod(name);
}
