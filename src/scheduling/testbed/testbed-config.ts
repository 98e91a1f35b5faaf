// The environment of a testbed as it is: its nodes' times, what arrives there and how its base stations (BSs) come to know of each other. The
// environments of the paper's figures, in slots, are in ../environment.
import { z } from 'zod';
import type { ConfigProblem } from '../environment/environment-config.js';

const MAX_NODES = 1000;
const MAX_BATCHES = 10_000;
/** As many as a testbed's run may have. */
const MAX_TASKS_PER_STATION = 10_000;
const MAX_QUALITY_STEPS = 200;

const count = z.int().positive();
const seconds = z.number().nonnegative();
const factor = z.number().positive().max(100);
const range = (bound: z.ZodNumber) =>
  z.strictObject({ min: bound, max: bound }).refine(({ min, max }) => min <= max, 'The range is reversed');

const testbedConfigSchema = z.strictObject({
  kind: z.literal('testbed'),
  /** In ordinal order; each is a BS with an edge server (ES). An image of z steps takes fixedSec + z secPerStep, by the record. */
  nodes: z
    .array(
      z.strictObject({
        fixedSec: seconds,
        secPerStep: seconds,
        /** Truly so many times as fast, as runs have shown; what `speeds` says comes on top. */
        trueSpeed: factor.optional(),
      }),
    )
    .min(2, 'With fewer than two nodes there is nothing to decide')
    .max(MAX_NODES),
  /** z, uniform, both ends inclusive. */
  qualitySteps: range(count.max(MAX_QUALITY_STEPS)),
  /** Batches of an episode; the queues run empty between two. */
  batches: count.max(MAX_BATCHES),
  /** Tasks that come to each BS in a batch, uniform, both ends inclusive. */
  tasksPerStation: range(count.max(MAX_TASKS_PER_STATION)),
  /** Whether the tasks of a batch come all at once, or one after the other at random (Poisson), or half of the batches each way. */
  arrivals: z.enum(['bursts', 'streams', 'mixed']),
  /** Of streams: offered work over capacity. */
  streamLoad: z.number().positive().max(10),
  /**
   * What a BS knows of the ESs when it decides: `live`: all that was placed before, by anyone. `offers`: as the agents have it, what it knew when
   * the batch came and what its own offers were answered; an ES refuses an offer made on a backlog that has grown. `blind`: the same
   * without refusals.
   */
  view: z.enum(['live', 'offers', 'blind']),
  /** How fast the nodes truly are next to the record, which is all that BSs know. */
  speeds: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('as-recorded') }),
    /** Each at another speed, drawn for the episode. */
    z.strictObject({ kind: z.literal('misrecorded'), factor: range(factor) }),
    /** Each at a new speed every so many seconds. */
    z.strictObject({ kind: z.literal('drifting'), factor: range(factor), everySec: z.number().positive() }),
    /** Each slows down to `factor` when it has computed for long, until it has cooled. */
    z.strictObject({ kind: z.literal('throttling'), factor: factor.max(1), warmingSec: z.number().positive() }),
  ]),
});

export type TestbedConfig = Readonly<z.output<typeof testbedConfigSchema>>;

/** Of the recommended recipe, but for the nodes and the steps; docs/learned-runs.md has what was tried. */
export const TESTBED_DEFAULTS = {
  kind: 'testbed',
  batches: 60,
  tasksPerStation: { min: 1, max: 25 },
  arrivals: 'bursts',
  streamLoad: 0.85,
  view: 'live',
  speeds: { kind: 'as-recorded' },
} as const satisfies Partial<TestbedConfig>;

export function isTestbedConfig(config: unknown): config is TestbedConfig {
  return typeof config === 'object' && config !== null && 'kind' in config && config.kind === 'testbed';
}

/** Verifies a configuration from outside, field by field. */
export function parseTestbedConfig(input: unknown): { config: TestbedConfig; problems: [] } | { config: null; problems: ConfigProblem[] } {
  const parsed = testbedConfigSchema.safeParse(input);
  if (parsed.success) return { config: parsed.data, problems: [] };
  const problems = parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
  return { config: null, problems };
}
