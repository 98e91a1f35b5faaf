// Every text that comes from the core is shown by some view. Here, where all of it comes in, the controls that would turn the words around
// it are made visible; what is sent back are ids and what was typed, so nothing depends on them.
import type { TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { AppRouter } from '../../main/api/router.js';
import { withoutOverrides } from '../../shared/foreign-text.js';

/** The value with every text in it made harmless; the same value where nothing had to be done. */
export function neutralize<Value>(value: Value): Value {
  if (typeof value === 'string') return withoutOverrides(value) as Value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = value.map((item: unknown) => neutralize(item));
    return (items.some((item, index) => item !== value[index]) ? items : value) as Value;
  }
  const entries = Object.entries(value).map(([name, item]) => [name, item as unknown, neutralize(item as unknown)] as const);
  if (entries.every(([, before, after]) => before === after)) return value;
  return Object.fromEntries(entries.map(([name, , after]) => [name, after])) as Value;
}

/** Comes before the link that carries the calls. */
export function neutralTextLink(): TRPCLink<AppRouter> {
  return () =>
    ({ next, op }) =>
      observable((observer) =>
        next(op).subscribe({
          ...observer,
          next: (envelope) => observer.next({ ...envelope, result: neutralize(envelope.result) }),
        }),
      );
}
