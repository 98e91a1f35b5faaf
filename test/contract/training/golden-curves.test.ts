import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { trainEpisodes } from '../../../src/main/domain/simulation/training/train-episodes.js';
import { paperTrainingSettings } from '../../../src/scheduling/learning/training-settings.js';
import { type EpisodeMetrics, TRAINING_METHODS, type TrainingMethod } from '../../../src/shared/training.js';
import { type GoldenCurves, oldCheckpointPath, readGoldenCurves } from '../../support/golden-curves.js';
import { openInterpretedGraph } from '../../support/interpreted-graph.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'golden-curves-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function train(method: TrainingMethod, { seed, environment, settings: changes, curves }: GoldenCurves) {
  const settings = { ...paperTrainingSettings(method), ...changes };
  const episodes = curves[method].length;
  const spec = { method, preset: 'paper' as const, changes: {}, episodes, seed, checkpointEvery: episodes, settings };
  const curve: EpisodeMetrics[] = [];
  const starts: number[] = [];
  const outcome = await trainEpisodes(
    { spec, settings, environment, folder },
    {
      openGraph: openInterpretedGraph,
      isPausing: () => false,
      cpuNowMs: () => 0,
      onProgress: (points, checkpointEpisodes) => {
        curve.push(...points);
        starts.push(checkpointEpisodes);
      },
    },
  );
  expect(outcome).toBe('succeeded');
  return { curve, startedAt: starts[0] };
}

/** Delays to the last bit: one decision that differs shows. Other numbers but for what mathematical functions may differ between machines. */
function expectSameCurve(curve: readonly EpisodeMetrics[], golden: readonly EpisodeMetrics[]): void {
  expect(curve.map(({ meanDelaySec }) => meanDelaySec)).toEqual(golden.map(({ meanDelaySec }) => meanDelaySec));
  const round = (point: EpisodeMetrics) =>
    Object.fromEntries(Object.entries(point).map(([name, value]) => [name, (value as number | null)?.toPrecision(6) ?? null]));
  expect(curve.map(round)).toEqual(golden.map(round));
}

test.each(TRAINING_METHODS)('%s learns the curve that it has always learned from this seed', async (method) => {
  const golden = await readGoldenCurves();
  const { curve } = await train(method, golden);
  expectSameCurve(curve, golden.curves[method]);
});

test.each(TRAINING_METHODS)('%s continues from a checkpoint of format 1 to the same curve', async (method) => {
  const golden = await readGoldenCurves();
  copyFileSync(oldCheckpointPath(method), join(folder, 'checkpoint.bin'));
  const { curve, startedAt } = await train(method, golden);
  expect(startedAt).toBe(golden.checkpointAfter);
  expectSameCurve(curve, golden.curves[method]);
});
