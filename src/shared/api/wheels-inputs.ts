import { z } from 'zod';

export const fetchWheelsInput = z.object({
  /** As in the list: `6`. */
  jetpack: z.string().regex(/^\d{1,2}$/, 'Name a JetPack by its first number, such as 6'),
  /** A package index (PEP 691) in the place of PyPI: a mirror in the lab. Null takes PyPI. */
  index: z.url().nullable().default(null),
});
export type FetchWheelsInput = z.input<typeof fetchWheelsInput>;
