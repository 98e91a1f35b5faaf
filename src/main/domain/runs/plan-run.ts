// Turns a frozen specification into its tasks: which prompt, which seed, how many steps, when and where. Pure and seeded.
import { createHash } from 'node:crypto';
import type { RunSpec } from '../../../shared/run.js';
import { computedSteps, type InputPicture } from '../../../shared/service.js';
import { canonicalJson } from '../../foundation/canonical-json.js';
import { createRandom, deriveSeed } from '../../../random/random.js';
import { planArrivals } from './plan-arrivals.js';
import type { NewTask } from './run-store.js';

export interface PlanInput {
  runId: string;
  spec: RunSpec;
  prompts: readonly { id: number; text: string; picture?: InputPicture | null }[];
  /** Node ids in ordinal order. */
  baseStationIds: readonly string[];
}

/** Plans all tasks of a run. Each prompt is used once before any is used twice. Expects |N| to fit (see check-spec.ts). */
export function planRun({ runId, spec, prompts, baseStationIds }: PlanInput): NewTask[] {
  const stepsRandom = createRandom(deriveSeed(spec.seed, 'steps'));
  const seedRandom = createRandom(deriveSeed(spec.seed, 'image-seeds'));
  const order = drawPrompts(prompts.length, spec.taskCount, spec.seed);
  return planArrivals(spec.arrivals, spec.taskCount, baseStationIds.length, spec.seed).map((arrival, ordinal) => {
    const prompt = prompts[order[ordinal] ?? 0];
    const baseStationId = baseStationIds[arrival.baseStationIndex];
    if (!prompt || baseStationId === undefined) throw new Error(`Task ${ordinal} of run ${runId} has no prompt or base station`);
    const seed = seedRandom.nextInt(0, 0xffffffff);
    const qualitySteps = stepsRandom.nextInt(spec.qualitySteps.min, spec.qualitySteps.max);
    return {
      id: `${runId}-${String(ordinal).padStart(5, '0')}`,
      ordinal,
      promptId: prompt.id,
      prompt: prompt.text,
      seed,
      qualitySteps,
      computedSteps: computedSteps(qualitySteps, spec.strength ?? null),
      picture: spec.strength === undefined ? null : (prompt.picture ?? null),
      arrivalMs: arrival.arrivalSec * 1000,
      baseStationId,
    };
  });
}

/** `count` indices of prompts, drawn without replacement; when all are used up, another round starts. */
function drawPrompts(available: number, count: number, seed: number): number[] {
  const random = createRandom(deriveSeed(seed, 'prompts'));
  const drawn: number[] = [];
  while (drawn.length < count && available > 0) {
    const indices = Array.from({ length: available }, (_, i) => i);
    const requested = Math.min(available, count - drawn.length);
    // Fisher-Yates, stopped when enough are drawn.
    for (let i = 0; i < requested; i++) {
      const j = random.nextInt(i, available - 1);
      const chosen = indices[j] ?? 0;
      indices[j] = indices[i] ?? 0;
      indices[i] = chosen;
      drawn.push(chosen);
    }
  }
  return drawn;
}

/** SHA-256 (hex) of the specification with its keys in a fixed order: what two runs must share to be the same experiment. */
export function hashSpec(spec: RunSpec): string {
  return createHash('sha256').update(canonicalJson(spec)).digest('hex');
}
