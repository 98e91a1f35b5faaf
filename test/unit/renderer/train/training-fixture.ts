import type { EpisodeMetrics, Training, TrainingSpec } from '../../../../src/shared/training.js';
import { paperTrainingSettings } from '../../../../src/scheduling/learning/training-settings.js';

export function buildSpec(change: Partial<TrainingSpec> = {}): TrainingSpec {
  const method = change.method ?? 'lad-ts';
  const settings = { ...paperTrainingSettings(method) };
  return { method, preset: 'reference', changes: {}, episodes: 60, seed: 1, checkpointEvery: 5, settings, ...change };
}

export function buildTraining(change: Partial<Training> = {}): Training {
  return {
    id: 'training-1',
    spec: buildSpec(),
    environment: {},
    state: 'running',
    programVersion: '0.1.0',
    imported: null,
    isHeldBack: false,
    doneEpisodes: 0,
    checkpointEpisodes: 0,
    last: null,
    convergenceEpisode: null,
    remainingSec: null,
    error: null,
    createdAtMs: 0,
    startedAtMs: null,
    finishedAtMs: null,
    ...change,
  };
}

export function buildEpisode(episode: number, change: Partial<EpisodeMetrics> = {}): EpisodeMetrics {
  return {
    episode,
    meanDelaySec: 8,
    optTsDelaySec: 10,
    ratioToOptTs: 0.8,
    criticLoss: null,
    actorLoss: null,
    entropy: null,
    temperature: null,
    meanQ: null,
    cpuMs: 400,
    ...change,
  };
}
