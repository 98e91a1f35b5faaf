import { expect, test } from 'vitest';
import { agentConfigFor, encodeAgentConfig } from '../../../src/main/domain/nodes/provisioning/agent-config-for.js';
import { planVirtualTestbed } from '../../../src/main/domain/nodes/testbed/plan-virtual-testbed.js';
import { agentConfigSchema } from '../../../src/shared/agent-config.js';
import { createVirtualTestbedInput } from '../../../src/shared/api/inputs.js';

function plan() {
  let count = 0;
  const input = createVirtualTestbedInput.parse({
    nodeCount: 3,
    speedFactors: [1, 0.5],
    linkMbps: 100,
    jitterFraction: 0.1,
    timeScale: 50,
  });
  return planVirtualTestbed(input, (prefix) => `${prefix}-${++count}`, 0);
}

test('a virtual node listens on loopback, at its own speed and scale, and ends with its host', () => {
  const testbed = plan();

  expect(agentConfigFor({ testbed, node: testbed.nodes[1]!, port: 25000, exitWithPid: 77 })).toMatchObject({
    listen: { host: '127.0.0.1', port: 25000 },
    timeScale: 50,
    worker: { kind: 'simulated', speedFactor: 0.5, jitterFraction: 0.1 },
    simulatedLink: { rateMbps: 100, jitterFraction: 0.1 },
    exitWithPid: 77,
  });
});

test('a real node listens on every address, at the speed of the paper, without a simulated link', () => {
  const testbed = { ...plan(), kind: 'real' as const, timeScale: 1 };
  const node = { ...testbed.nodes[0]!, kind: 'ssh' as const, host: '10.0.0.7', virtual: null };

  expect(agentConfigFor({ testbed, node, port: 7411, exitWithPid: null })).toMatchObject({
    listen: { host: '0.0.0.0' },
    worker: { timeModel: { fixedSec: 3.8, secPerStep: 1 }, speedFactor: 1 },
    simulatedLink: null,
  });
});

test('the agent reads what is written, and reading and writing again gives the same bytes', () => {
  const testbed = plan();
  const text = encodeAgentConfig(agentConfigFor({ testbed, node: testbed.nodes[0]!, port: 25000, exitWithPid: 77 }));

  expect(encodeAgentConfig(agentConfigSchema.parse(JSON.parse(text)))).toBe(text);
});

test('a worker loads T5 where its model holds it and never else; a configuration from before it was an option means no', () => {
  const testbed = { ...plan(), kind: 'real' as const, timeScale: 1 };
  const node = { ...testbed.nodes[0]!, kind: 'ssh' as const, host: '10.0.0.7', virtual: null };
  const part = (name: 't5' | 'transformer') => ({ name, tensorCount: 1, sizeBytes: 1, dtypes: ['F16'] });
  const sha256 = 'a'.repeat(64);
  const model = { sha256, layout: 'all-in-one' as const, files: [{ path: 'm.safetensors', sizeBytes: 2, sha256 }] };
  const configOf = (...names: ('t5' | 'transformer')[]) =>
    agentConfigFor({ testbed, node, model: { ...model, parts: names.map(part) }, port: 7411, exitWithPid: null });

  expect(configOf('transformer', 't5').worker).toMatchObject({ kind: 'diffusers', withT5: true });
  const refined = configOf('transformer');
  expect(refined.worker).toMatchObject({ kind: 'diffusers', withT5: false });
  const { withT5: _withT5, ...before } = refined.worker as Extract<typeof refined.worker, { kind: 'diffusers' }>;
  expect(agentConfigSchema.parse({ ...refined, worker: before }).worker).toMatchObject({ withT5: false });
});
