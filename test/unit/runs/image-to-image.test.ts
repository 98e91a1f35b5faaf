// What a strength makes of a run's plan, and that diffusers counts its steps alike.
import { describe, expect, it } from 'vitest';
import { hashSpec, planRun } from '../../../src/main/domain/runs/plan-run.js';
import { RunPreparation } from '../../../src/main/domain/runs/run-preparation.js';
import { runSpecSchema } from '../../../src/shared/api/inputs.js';
import { computedSteps, describeService, serviceOf } from '../../../src/shared/service.js';
import type { Dataset } from '../../../src/shared/dataset.js';
import { buildNode, buildTestbed } from '../../support/storage-fixtures.js';

const base = { testbedId: 'testbed-1', datasetId: 'dataset-1', taskCount: 4 };
const picture = { sha256: 'a'.repeat(64), sizeBytes: 1_000, mediaType: 'image/png' as const };
const plan = (strength?: number) =>
  planRun({
    runId: 'r',
    spec: runSpecSchema.parse({ ...base, strength }),
    prompts: [{ id: 1, text: 'a', picture }],
    baseStationIds: ['n'],
  });

describe('the steps that are computed', () => {
  // Of diffusers 0.42: len(pipeline.get_timesteps(steps, strength, device)[0]).
  it.each([
    [10, 0.3, 3],
    [10, 0.6, 6],
    [15, 0.6, 9],
    [13, 0.5, 7],
    [10, 0.01, 1],
    [19, 1, 19],
    [1, 0.4, 1],
  ])('of %i at a strength of %f are %i', (steps, strength, expected) => {
    expect(computedSteps(steps, strength)).toBe(expected);
  });

  it('are all without a picture', () => expect(computedSteps(15, null)).toBe(15));
});

describe('a run with a strength', () => {
  it('plans the picture and the computed steps with each task, from the same draws', () => {
    const [plain, paired] = [plan(), plan(0.5)];
    expect(plain.map((task) => task.picture)).toEqual([null, null, null, null]);
    expect(plain.map((task) => task.computedSteps)).toEqual(plain.map((task) => task.qualitySteps));
    expect(paired.map((task) => task.picture)).toEqual([picture, picture, picture, picture]);
    expect(paired.map((task) => task.qualitySteps)).toEqual(plain.map((task) => task.qualitySteps));
    expect(paired.map((task) => task.computedSteps)).toEqual(paired.map((task) => computedSteps(task.qualitySteps, 0.5)));
  });

  it('is another specification, and one without keeps the hash that it had', () => {
    const spec = runSpecSchema.parse(base);
    expect(Object.keys(spec)).not.toContain('strength');
    expect(hashSpec(runSpecSchema.parse({ ...base, strength: 0.5 }))).not.toBe(hashSpec(spec));
    expect([serviceOf(spec), describeService({ strength: 0.5 })]).toEqual(['text-to-image', 'image-to-image, strength 0.5']);
  });

  it('is refused outside of its range', () => {
    for (const strength of [0, -1, 1.1]) expect(runSpecSchema.safeParse({ ...base, strength }).success).toBe(false);
  });
});

describe('nodes with an agent of before', () => {
  const nodes = ['ES 1', 'ES 2'].map((name, ordinal) =>
    buildNode({ id: `node-${ordinal + 1}`, ordinal, name, agentVersion: '0.1.0', provisionState: 'ready' }),
  );
  const dataset = { id: 'dataset-1', name: 'Pairs', promptCount: 9, pictureCount: 9 } as Dataset;
  const preparation = new RunPreparation({
    getTestbed: () => buildTestbed({ nodes }),
    getDataset: () => dataset,
    listPrompts: () => Array.from({ length: 9 }, (_, id) => ({ id, text: 'a boat', picture })),
    skillsOf: (nodeId) => Promise.resolve({ services: nodeId === 'node-2' ? [] : ['text-to-image', 'image-to-image'], abilities: [] }),
    programVersion: '1',
    nowMs: () => 1,
  });

  it('are named as too old for image-to-image, and make images of prompts as before', async () => {
    const prepare = (strength?: number) =>
      preparation.prepare(runSpecSchema.parse({ ...base, strength }), { allowOverload: true, series: null });
    await expect(prepare(0.5)).rejects.toMatchObject({
      message: "The run can't start: too old for image-to-image: ES 2 (agent 0.1.0).",
      hint: 'Provision the testbed again.',
    });
    expect((await prepare()).tasks).toHaveLength(4);
  });
});
