// A node whose plug is pulled in the middle of its provisioning: no connection is closed, nothing answers any more.
import { afterEach, expect, it, vi } from 'vitest';
import { buildEntry } from '../../support/build-entry.js';
import { type NamespaceHarness, openNamespaceHarness, whyNoNamespaces } from '../../support/namespaces/namespace-harness.js';
import { stepOf } from '../../support/provisioning-services.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

let harness: NamespaceHarness | null = null;
afterEach(() => harness?.close());

it('is named as not answering while the other becomes ready, and a run over both says that it is not provisioned', async (context) => {
  const reason = whyNoNamespaces();
  if (reason !== null) context.skip(`not run: ${reason}`);
  const bundlePath = await buildEntry('src/agent/main.ts', { isSelfContained: true });
  harness = await openNamespaceHarness({ bundlePath, nodes: [{ hasNodeJs: false }, {}] });
  const { services, machines, testbed } = harness;
  await harness.trustHostKeys();
  const { provisioning } = services;
  const { id } = provisioning.start({ testbedId: testbed.id });

  let off: Promise<void> | null = null;
  for await (const { nodes } of provisioning.watch(id, new AbortController().signal)) {
    // Its Node.js of 127 MB is on the way.
    if (off === null && stepOf(nodes[0], 'runtime').state === 'running') off = machines[0]!.powerOff();
  }
  await off;

  const { nodes } = provisioning.get(id);
  expect(nodes.map(({ state }) => state)).toEqual(['failed', 'succeeded']);
  const failed = nodes[0]!.steps.filter(({ error }) => error !== null);
  expect(failed).toHaveLength(1);
  expect(failed[0]!.error).toMatchObject({
    code: 'ssh-unreachable',
    message: `${machines[0]!.address}, port 22 does not answer in time.`,
    hint: expect.stringContaining('switched on') as string,
  });
  expect(services.service.get(testbed.id).nodes.map(({ provisionState }) => provisionState)).toEqual(['failed', 'ready']);
  await expect(harness.startRun(4)).rejects.toThrow('Not provisioned yet: orin-1');
});
