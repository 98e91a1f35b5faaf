// A point of the learning curve: how it is made, how it is checked where it comes in from a process or a file.
import { z } from 'zod';
import type { EpisodeMetrics } from '../../../../shared/training.js';

export const episodeMetricsSchema: z.ZodType<EpisodeMetrics> = z.object({
  episode: z.int().min(1),
  meanDelaySec: z.number(),
  optTsDelaySec: z.number(),
  ratioToOptTs: z.number(),
  criticLoss: z.number().nullable(),
  actorLoss: z.number().nullable(),
  entropy: z.number().nullable(),
  temperature: z.number().nullable(),
  meanQ: z.number().nullable(),
  cpuMs: z.number(),
});

/** `updates`: see LearnerUpdates.takeMetrics; numbers that a method has not are null. */
export function createEpisodeMetrics(
  measured: Pick<EpisodeMetrics, 'episode' | 'meanDelaySec' | 'optTsDelaySec' | 'cpuMs'>,
  updates: Readonly<Record<string, number>>,
): EpisodeMetrics {
  return {
    ...measured,
    ratioToOptTs: measured.meanDelaySec / measured.optTsDelaySec,
    criticLoss: updates['criticLoss'] ?? null,
    actorLoss: updates['actorLoss'] ?? null,
    entropy: updates['entropy'] ?? null,
    temperature: updates['temperature'] ?? null,
    meanQ: updates['value'] ?? null,
  };
}

/** The first of the numbers that is NaN or infinite. */
export function findNonFinite(metrics: EpisodeMetrics): keyof EpisodeMetrics | null {
  const found = Object.entries(metrics).find(([, value]) => value !== null && !Number.isFinite(value));
  return found === undefined ? null : (found[0] as keyof EpisodeMetrics);
}
