// What the API accepts for studies.
import { z } from 'zod';

const MAX_SEEDS = 1000;

export const startStudyInput = z.object({
  /** Name of a definition. */
  study: z.string().min(1).max(64),
  firstSeed: z.int().min(0).max(0xffffffff).default(1),
  seeds: z.int().min(1, 'A study has at least one seed').max(MAX_SEEDS, `At most ${MAX_SEEDS} seeds`).default(3),
  /** Only these methods of the definition; all when absent. */
  methods: z.array(z.string().min(1).max(64)).min(1).optional(),
  /** Instead of the definition's. */
  episodes: z.int().min(1).max(100_000).optional(),
});
export type StartStudyInput = z.input<typeof startStudyInput>;
