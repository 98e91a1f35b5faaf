import { describe, expect, it } from 'vitest';
import { runSpecSchema } from '../../../src/shared/api/inputs.js';
import type { Dataset } from '../../../src/shared/dataset.js';
import type { Testbed, TestbedNode } from '../../../src/shared/testbed.js';
import { checkSpec } from '../../../src/main/workload/check-spec.js';

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
