import { z } from 'zod';

export const fetchWheelsInput = z.object({
  /** As in the list: `6`. */
  jetpack: z.string().regex(/^\d{1,2}$/, 'Name a JetPack by its first number, such as 6'),
  /** A package index (PEP 691): PyPI's, or a mirror in the lab. Null takes the one that is known. */
  index: z
    .url({ protocol: /^https?$/, error: 'Name the address of a package index: https://…/simple/' })
    .refine((index) => !/^[^/]*\/\/[^/?#]*@/.test(index), 'An address with a login in it would be on record. Name one without.')
    .nullable()
    .default(null),
});
export type FetchWheelsInput = z.input<typeof fetchWheelsInput>;
