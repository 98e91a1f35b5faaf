import { describe, expect, it } from 'vitest';
import { compareEnvironments } from '../../../src/main/domain/records/compare-environments.js';
import type { Environment, NodeEnvironment } from '../../../src/shared/record.js';

const node = (change: Partial<NodeEnvironment> = {}): NodeEnvironment => ({
  ...{
    id: 'node-1',
    name: 'orin-1',
    deviceModel: 'AGX Orin',
    jetpack: '6.1',
    powerMode: 'MAXN',
    agentVersion: '0.1.0',
    worker: 'GPU (cuda, float16)',
  },
  ...{ torchVersion: '2.5.0', modelSha256: 'a'.repeat(64), linkMbps: 1000 },
  timing: { source: 'calibration', fixedSec: 3.8, secPerStep: 1, speedFactor: 1 },
  ...change,
});
const environment = (change: Partial<Environment> = {}): Environment => ({
  program: { version: '0.1.0', commit: 'c'.repeat(40), isModified: false, lockfileSha256: 'd'.repeat(64) },
  controlCenter: { nodeVersion: 'v24.0.0', electronVersion: null, platform: 'linux x64' },
  specSha256: 'e'.repeat(64),
  seeds: [1],
  testbed: { id: 'testbed-1', name: 'Lab', timeScale: 1 },
  nodes: [node()],
  dataset: { id: 'dataset-1', name: 'Flickr8k', sha256: 'f'.repeat(64), promptCount: 10 },
  policies: [],
  ...change,
});

const named = (then: Environment, now: Environment): string[] =>
  compareEnvironments(then, now).differences.map(({ subject, field, then: was, now: is }) => `${subject} ${field}: ${was} -> ${is}`);

describe('the comparison of environments', () => {
  it('finds nothing where nothing has changed', () => {
    expect(compareEnvironments(environment(), environment())).toEqual({ differences: [], unknown: [], isSameEnvironment: true });
  });

  it('names the power mode, the agent, the calibration and the model of the node where they changed', () => {
    const now = node({
      powerMode: 'MODE_30W',
      agentVersion: '0.2.0',
      modelSha256: 'b'.repeat(64),
      timing: { ...node().timing, secPerStep: 1.5 },
    });
    expect(named(environment(), environment({ nodes: [now] }))).toEqual([
      'Node orin-1 power mode: MAXN -> MODE_30W',
      'Node orin-1 agent version: 0.1.0 -> 0.2.0',
      'Node orin-1 model: aaaaaaaaaaaa -> bbbbbbbbbbbb',
      'Node orin-1 time of an image: 3.8 s + 1 s a step (calibration) -> 3.8 s + 1.5 s a step (calibration)',
    ]);
  });

  it('names nodes that are gone or new, and knows one again by its name', () => {
    const [first, second] = [node(), node({ id: 'node-2', name: 'orin-2' })];
    const now = [node({ id: 'node-9' }), node({ id: 'node-3', name: 'orin-3' })];
    expect(named(environment({ nodes: [first, second] }), environment({ nodes: now }))).toEqual([
      'Node orin-2 in the testbed: yes -> no',
      'Node orin-3 in the testbed: no -> yes',
    ]);
  });

  it('names another content of the dataset, another policy and another program', () => {
    const policy = { trainingId: 'training-1', episodes: 60, sha256: '1'.repeat(64) };
    const then = environment({ policies: [policy] });
    const now = environment({
      program: { ...then.program, version: '0.2.0', isModified: true },
      dataset: { ...then.dataset!, sha256: '0'.repeat(64) },
      policies: [{ ...policy, episodes: 90, sha256: '2'.repeat(64) }],
    });
    expect(named(then, now)).toEqual([
      'Program version: 0.1.0 -> 0.2.0',
      'Program modified files: as committed -> modified',
      'Dataset “Flickr8k” content: ffffffffffff -> 000000000000',
      'Training training-1 episodes of its checkpoint: 60 -> 90',
      'Training training-1 policy: 111111111111 -> 222222222222',
    ]);
  });

  it('takes what was not recorded for unknown, never for the same', () => {
    const then = environment({ program: { version: '0.1.0', commit: null, isModified: null, lockfileSha256: null }, controlCenter: null });
    const { differences, unknown, isSameEnvironment } = compareEnvironments(then, environment());
    expect(differences).toEqual([]);
    expect(unknown).toEqual([
      'Program: commit',
      'Program: modified files',
      'Program: lockfile',
      'Control center: Node.js',
      'Control center: platform',
    ]);
    expect(isSameEnvironment).toBe(false);
  });

  it('does not take the terminal and the desktop for different', () => {
    const now = environment({ controlCenter: { nodeVersion: 'v24.0.0', electronVersion: '39.0.0', platform: 'linux x64' } });
    expect(compareEnvironments(environment(), now).isSameEnvironment).toBe(true);
  });
});
