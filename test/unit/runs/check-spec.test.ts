import { describe, expect, it } from 'vitest';
import { runSpecSchema } from '../../../src/shared/api/inputs.js';
import type { Dataset } from '../../../src/shared/dataset.js';
import type { Testbed, TestbedNode } from '../../../src/shared/testbed.js';
import type { TrainingMethod, TrainingSpec, TrainingTwin } from '../../../src/shared/training.js';
import { checkSpec, warnAboutPolicy } from '../../../src/main/domain/runs/check-spec.js';

const node = (name: string, provisionState: TestbedNode['provisionState']): TestbedNode => ({
  id: `node-${name}`,
  testbedId: 'testbed-1',
  ordinal: 0,
  name,
  kind: 'virtual',
  host: '127.0.0.1',
  port: 2200,
  user: 'edge',
  auth: 'program-key',
  keyFile: null,
  sshRoute: null,
  agentPort: null,
  virtual: null,
  provisionState,
  agentVersion: null,
  calibration: null,
  worker: null,
  facts: null,
  createdAtMs: 0,
});

const testbed = (nodes: TestbedNode[]): Testbed => ({ id: 'testbed-1', name: 'Lab', kind: 'virtual', timeScale: 1, createdAtMs: 0, nodes });

const dataset: Dataset = {
  id: 'dataset-1',
  name: 'Captions',
  format: 'plain-text',
  sourceName: 'captions.txt',
  sha256: '',
  counts: { lines: 50, kept: 50, blank: 0, oneLetter: 0, repeated: 0, malformed: 0, malformedAt: [] },
  options: { keepOneLetter: false, keepRepeated: true },
  promptCount: 50,
  pictureCount: 0,
  createdAtMs: 0,
};

const spec = (taskCount: number, allowRepeatedPrompts = false) =>
  runSpecSchema.parse({ testbedId: 'testbed-1', datasetId: 'dataset-1', taskCount, allowRepeatedPrompts });

describe('checkSpec', () => {
  it('finds nothing wrong with a provisioned testbed and enough prompts', () => {
    expect(checkSpec(spec(50), testbed([node('one', 'ready')]), dataset)).toEqual([]);
  });

  it('names the nodes that are not provisioned', () => {
    const [problem] = checkSpec(spec(1), testbed([node('one', 'ready'), node('two', 'failed'), node('three', 'new')]), dataset);
    expect(problem).toContain('two, three');
  });

  it('refuses more tasks than prompts unless repeats are allowed, and says both numbers', () => {
    const ready = testbed([node('one', 'ready')]);
    expect(checkSpec(spec(51), ready, dataset)[0]).toMatch(/51.*50 prompts/);
    expect(checkSpec(spec(51, true), ready, dataset)).toEqual([]);
  });

  it('refuses a testbed without nodes', () => {
    expect(checkSpec(spec(1), testbed([]), dataset)[0]).toContain('has no nodes');
  });
});

describe('what is known of a learned policy', () => {
  const policyOf = (network: string) =>
    ({ spec: { settings: { network }, twin: { environment: 'testbed', testbedId: 'other' } } }) as unknown as Parameters<
      typeof warnAboutPolicy
    >[0];

  it.each([
    ['per-station', 5, []],
    ['per-station', 6, ['measured with up to 5 nodes, not with 6']],
    ['per-station', 10, ['do not carry 10 nodes']],
    ['shared', 20, []],
    ['shared', 21, ['measured with up to 20 nodes, not with 21']],
  ])('of the network %s with %i nodes', (network, nodes, expected) => {
    expect(warnAboutPolicy(policyOf(network), nodes)).toEqual(expected.map((text) => expect.stringContaining(text) as string));
  });
});

describe('a run by a learned policy', () => {
  const ready = testbed([node('one', 'ready'), node('two', 'ready')]);
  const learned = runSpecSchema.parse({
    testbedId: 'testbed-1',
    datasetId: 'dataset-1',
    taskCount: 1,
    scheduler: 'learned',
    trainingId: 'training-1',
  });
  const twin = { testbedId: 'testbed-1', testbedName: 'Lab', nodeNames: ['one', 'two'] } as TrainingTwin;
  const problemsWith = (changes: { method?: TrainingMethod; twin?: TrainingTwin | undefined; checkpointEpisodes?: number }): string[] => {
    const { method = 'lad-ts', checkpointEpisodes = 5 } = changes;
    const source = {
      id: 'training-1',
      spec: { method, twin: 'twin' in changes ? changes.twin : twin } as TrainingSpec,
      checkpointEpisodes,
    };
    return checkSpec(learned, ready, dataset, (id) => (id === 'training-1' ? source : null));
  };

  it('can start with a policy that was made in the copy of its testbed', () => {
    expect(problemsWith({})).toEqual([]);
  });

  it('can start with a policy whose network is shared by the servers, whatever testbed and nodes that learned on', () => {
    const elsewhere = { ...twin, environment: 'testbed', testbedId: 'other', nodeNames: ['three', 'four', 'five'] } as const;
    const spec = { method: 'lad-ts', twin: elsewhere, settings: { network: 'shared' } } as unknown as TrainingSpec;
    const problemsOf = (checkpointEpisodes: number) => checkSpec(learned, ready, dataset, (id) => ({ id, spec, checkpointEpisodes }));
    expect(problemsOf(5)).toEqual([]);
    expect(problemsOf(0)).toEqual([expect.stringContaining('no checkpoint yet')]);
  });

  it('needs a training', () => {
    expect(checkSpec(learned, ready, dataset)).toEqual([expect.stringContaining('needs a training')]);
  });

  it.each([
    ['one that knows no testbed', { twin: undefined }, 'was not made in the digital twin of a testbed'],
    ['one of another testbed', { twin: { ...twin, testbedId: 'other', testbedName: 'Attic' } }, 'was made for testbed “Attic”'],
    ['one whose nodes have changed since', { twin: { ...twin, nodeNames: ['one', 'three'] } }, 'no longer those'],
    ['one without a checkpoint', { checkpointEpisodes: 0 }, 'no checkpoint yet'],
    ['one of PRICE-TS', { method: 'price-ts' }, 'PRICE-TS'],
  ] as const)('refuses %s', (_what, changes, reason) => {
    expect(problemsWith(changes as Parameters<typeof problemsWith>[0])).toEqual([expect.stringContaining(reason)]);
  });
});
