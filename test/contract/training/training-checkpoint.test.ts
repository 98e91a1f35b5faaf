import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEpisodeMetrics } from '../../../src/main/domain/simulation/training/episode-metrics.js';
import { exportPolicy } from '../../../src/main/domain/simulation/training/export-policy.js';
import { readCheckpoint, writeCheckpoint } from '../../../src/main/domain/simulation/training/training-checkpoint.js';
import { paperTrainingSettings } from '../../../src/scheduling/learning/training-settings.js';
import { TRAINING_METHODS, type TrainingMethod } from '../../../src/shared/training.js';
import { oldCheckpointPath, readGoldenCurves } from '../../support/golden-curves.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'training-checkpoint-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pathOf = (): string => join(folder, 'checkpoint.bin');

async function readOld(method: TrainingMethod) {
  copyFileSync(oldCheckpointPath(method), pathOf());
  return (await readCheckpoint(folder, method))!;
}

/** Writes a checkpoint of today with something changed in what it has learned. */
async function writeChanged(method: TrainingMethod, change: (learning: Record<string, unknown>) => void): Promise<void> {
  await writeCheckpoint(folder, await readOld(method));
  const file = deserialize(await readFile(pathOf())) as { learning: Record<string, unknown> };
  change(file.learning);
  writeFileSync(pathOf(), serialize(file));
}

describe('a checkpoint of format 1', () => {
  it.each(TRAINING_METHODS)('of %s is read as one of its method, and stays the same when it is written again', async (method) => {
    const golden = await readGoldenCurves();
    const checkpoint = await readOld(method);
    expect(checkpoint.learning.method).toBe(method);
    expect(checkpoint.curve).toEqual(golden.curves[method].slice(0, golden.checkpointAfter));
    await writeCheckpoint(folder, checkpoint);
    expect(await readCheckpoint(folder, method)).toEqual(checkpoint);
  });

  it.each<[TrainingMethod, string[]]>([
    ['lad-ts', ['latents', 'method', 'replay', 'state', 'updateCount']],
    ['sac-ts', ['method', 'replay', 'state', 'updateCount']],
    ['price-ts', ['episodes', 'method', 'prices']],
  ])('of %s keeps what its method has, and no more', async (method, expected) => {
    const { learning } = await readOld(method);
    expect(Object.keys(learning).sort()).toEqual(expected);
  });

  it.each(TRAINING_METHODS)('of %s gives a policy with the inputs that it has always had', async (method) => {
    const { seed, environment, settings: changes } = await readGoldenCurves();
    const settings = { ...paperTrainingSettings(method), ...changes };
    const spec = { method, preset: 'paper' as const, changes: {}, episodes: 5, seed, checkpointEvery: 5, settings };
    const { inputs, outputs } = exportPolicy({ spec, settings, environment }, await readOld(method), { batchSize: 4, programVersion: '0' });
    const expected = {
      'lad-ts': ['states', 'latents', 'noise'],
      'd2sac-ts': ['states', 'gaussianStart', 'noise'],
      'sac-ts': ['states'],
      'dqn-ts': ['states'],
      'price-ts': ['states', 'slot'],
    } satisfies Record<TrainingMethod, string[]>;
    expect(inputs.map(({ name }) => name)).toEqual(expected[method]);
    expect(outputs).toEqual([{ name: 'probabilities', shape: [3, 4, 3] }]);
  });
});

describe('a checkpoint', () => {
  it('of another method is refused with both names', async () => {
    await writeCheckpoint(folder, await readOld('sac-ts'));
    await expect(readCheckpoint(folder, 'd2sac-ts')).rejects.toMatchObject({
      code: 'io',
      message: `The checkpoint ${pathOf()} cannot be read: it is of sac-ts, and the training is of d2sac-ts`,
    });
  });

  it.each<[string, TrainingMethod, (learning: Record<string, unknown>) => void, RegExp]>([
    ['without latents', 'lad-ts', (learning) => delete learning['latents'], /learning\.latents$/],
    ['with a state of other names', 'dqn-ts', (learning) => (learning['state'] = { critic: new Float32Array(1) }), /learning\.state/],
    ['without its prices', 'price-ts', (learning) => delete learning['prices'], /learning\.prices$/],
    ['of a method that is none', 'sac-ts', (learning) => (learning['method'] = 'ppo'), /learning\.method$/],
  ])('%s is refused with the place', async (_, method, change, field) => {
    await writeChanged(method, change);
    await expect(readCheckpoint(folder, method)).rejects.toMatchObject({ code: 'io', message: expect.stringMatching(field) });
  });

  it('of format 1 for a method with other networks is refused with the place', async () => {
    copyFileSync(oldCheckpointPath('dqn-ts'), pathOf());
    await expect(readCheckpoint(folder, 'lad-ts')).rejects.toThrow(/it is of another form, in its state/);
  });
});

it('has the same bytes whether its training was resumed or not', async () => {
  const { learning } = await readOld('sac-ts');
  const point = (episode: number) =>
    createEpisodeMetrics({ episode, meanDelaySec: 8, optTsDelaySec: 7.5, cpuMs: 4 }, { criticLoss: 1, actorLoss: 2, entropy: 3 });
  const curve = [];
  for (const episode of [1, 2, 3]) curve.push(point(episode));
  await writeCheckpoint(folder, { curve, learning });
  const undisturbed = await readFile(pathOf());

  await writeCheckpoint(folder, { curve: curve.slice(0, 2), learning });
  const resumed = (await readCheckpoint(folder, 'sac-ts'))!;
  resumed.curve.push(point(3));
  await writeCheckpoint(folder, resumed);

  expect((await readFile(pathOf())).equals(undisturbed)).toBe(true);
});
