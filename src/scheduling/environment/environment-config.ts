// What an environment is made of (paper Sec. III and Table III), and its check field by field. Presets: see presets.ts.
import { z } from 'zod';

const MAX_BASE_STATIONS = 1000;
const MAX_QUALITY_STEPS = 10_000;
/** More would not fit the memory of an ordinary machine: about 30 bytes a task. */
const MAX_TASKS_PER_EPISODE = 20_000_000;

const positive = z.number().positive();
const count = z.int().positive();
const range = (bound: z.ZodNumber) =>
  z.strictObject({ min: bound, max: bound }).superRefine(({ min, max }, context) => {
    if (min > max) context.addIssue({ code: 'custom', message: `The range is reversed: ${min} is above ${max}.` });
  });

const environmentConfigSchema = z
  .strictObject({
    /** B: base stations (BSs), each with one edge server (ES). Table III: 20. */
    baseStations: count.max(MAX_BASE_STATIONS),
    /** |T|: slots whose tasks are drawn. Table III: 60. */
    slots: count,
    /** Whether tasks of the last slot are scheduled, or only seen as the next state of the slot before it. */
    lastSlot: z.enum(['run', 'next-state-only']),
    /** Delta: length of a slot, seconds. Table III: 1. */
    slotSec: positive,
    /** N_{b,t}: tasks that arrive at one BS in one slot, uniform integer, both ends inclusive. Table III: 1 to 50. */
    tasksPerSlot: range(count),
    /** d_n: size of a task's input, uniform, Mbit. Table III: 2 to 5. */
    sizeMbit: range(positive),
    /** Size of a task's result, uniform, Mbit. Sec. V-A: 0.6 to 1. */
    resultMbit: range(positive),
    /** z_n: denoising steps of the wanted image, uniform integer, both ends inclusive. Sec. V-A: 1 to 15. */
    qualitySteps: range(count.max(MAX_QUALITY_STEPS)),
    /** rho_n: work of one denoising step, uniform, Gigacycles. Table III prints 100 to 300 without a usable unit; see docs/method.md. */
    densityGigacyclesPerStep: range(positive),
    /** Work of a task besides its steps (text encoding, decoding), Gigacycles. The paper has none: 0. */
    fixedWorkGigacycles: z.number().nonnegative().default(0),
    /** f_{b'}: speed of an ES, uniform, Gigacycles a second. Table III: 10 to 50. */
    capacityGigacyclesPerSec: range(positive),
    /** f of each ES where they are known, as those of a testbed are; null draws them. */
    knownCapacities: z.array(positive).nullable().default(null),
    /** v: rate of a link, uniform, Mbit/s. Table III: 400 to 500. */
    linkMbps: range(positive),
    /** Whether rho, z and result size are drawn for each task, or once for each index n and then shared by all BSs and slots. */
    taskParameters: z.enum(['per-task', 'per-index']),
    /** True: result size and density are the same uniform number on two scales, so perfectly correlated. */
    isResultTiedToDensity: z.boolean(),
    /** Whether a rate belongs to a pair of BS and ES, a direction and a slot, or to an ES for good, the same both ways. */
    links: z.enum(['per-pair-and-slot', 'per-server']),
    /** Whether a task that stays at its own BS pays for the upload (Eq. 2 as printed) or not. */
    homeUpload: z.enum(['over-link', 'free']),
    /** Where capacities, fixed links and per-index parameters come from: the run's seed, or the reference's own seeds (whole numbers). */
    constants: z.enum(['from-seed', 'from-reference']),
  })
  .superRefine((config, context) => {
    const refuse = (path: PropertyKey[], message: string): void => context.addIssue({ code: 'custom', path, message });
    if (config.lastSlot === 'next-state-only' && config.slots < 2) refuse(['slots'], 'Must be at least 2 when the last slot is not run.');
    const tasks = config.baseStations * config.slots * config.tasksPerSlot.max;
    if (tasks > MAX_TASKS_PER_EPISODE) {
      refuse(['tasksPerSlot', 'max'], `Up to ${tasks} tasks in an episode; at most ${MAX_TASKS_PER_EPISODE} are possible.`);
    }
    if (config.knownCapacities !== null && config.knownCapacities.length !== config.baseStations) {
      refuse(['knownCapacities'], `${config.knownCapacities.length} capacities for ${config.baseStations} edge servers.`);
    }
    if (config.constants === 'from-reference') {
      for (const field of ['capacityGigacyclesPerSec', 'linkMbps'] as const) {
        const { min, max } = config[field];
        if (!Number.isInteger(min) || !Number.isInteger(max)) {
          refuse([field], "The reference's constants are whole numbers, so both ends must be whole.");
        }
      }
    }
    if (config.taskParameters === 'per-task' && config.constants === 'from-reference') {
      refuse(['constants'], 'The reference has no constants for parameters that are drawn for each task.');
    }
  });

/** All lengths, sizes and rates of an environment; the fields say where each default comes from. */
export type EnvironmentConfig = Readonly<z.output<typeof environmentConfigSchema>>;

/** One field that cannot be used, and why. */
export interface ConfigProblem {
  /** For example `tasksPerSlot.max`; empty for the whole. */
  field: string;
  message: string;
}

/** Verifies a configuration from outside, field by field. */
export function parseEnvironmentConfig(
  input: unknown,
): { config: EnvironmentConfig; problems: [] } | { config: null; problems: ConfigProblem[] } {
  const parsed = environmentConfigSchema.safeParse(input);
  if (parsed.success) return { config: parsed.data, problems: [] };
  const problems = parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
  return { config: null, problems };
}
