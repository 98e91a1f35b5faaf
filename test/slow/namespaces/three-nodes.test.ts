// A lab of three nodes from nothing to the end of a run: machines of their own in namespaces, agents on their real port, the program's own core.
// The images are simulated, and say so; random-weights.test.ts has the real worker. Each test continues where the one before ended.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DEFAULT_AGENT_PORT } from '../../../src/main/domain/nodes/provisioning/agent-config-for.js';
import { BLOCK_BYTES, modelDir } from '../../../src/shared/model-layout.js';
import { buildEntry } from '../../support/build-entry.js';
import { type NamespaceHarness, openNamespaceHarness, whyNoNamespaces } from '../../support/namespaces/namespace-harness.js';
import { stepOf, stepStates } from '../../support/provisioning-services.js';
import { modelOf } from '../../support/push-harness.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const reason = whyNoNamespaces();
let harness: NamespaceHarness;
let folder: string;

if (reason !== null) it('is not tried: three nodes with networks of their own', (context) => context.skip(`not run: ${reason}`));
else
  describe('three nodes as they come out of their boxes', () => {
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'dedgeai-three-nodes-'));
      const [bundlePath, pushWorkerPath] = await Promise.all([
        buildEntry('src/agent/main.ts', { isSelfContained: true }),
        buildEntry('src/main/programs/push-worker/push-worker.ts'),
      ]);
      harness = await openNamespaceHarness({
        bundlePath,
        nodes: [{ hasNodeJs: false }, {}, {}],
        takesPasswordsOnly: true,
        services: { overrides: { paths: { pushWorkerPath } } },
      });
    });
    afterAll(async () => {
      await harness?.close();
      rmSync(folder, { recursive: true, force: true });
    });
    defineTests();
  });

function defineTests(): void {
  it('become ready, each at its own address and all on the real port of the agents', async () => {
    const { services, machines, nodes, testbed } = harness;
    await harness.trustHostKeys();
    for (const [index, { id }] of nodes.entries()) {
      const { password } = machines[index]!;
      const { signal } = new AbortController();
      expect(await services.core.services.authorizer.authorize({ nodeId: id, password }, signal)).toEqual({ state: 'added' });
    }

    const { state, nodes: provisioned } = await harness.provision();

    expect(provisioned.map((node) => node.steps.map(({ error }) => error).filter(Boolean))).toEqual([[], [], []]);
    expect(state).toBe('succeeded');
    expect(stepStates(provisioned[0])).toContain('runtime=changed');
    expect(stepStates(provisioned[1])).toContain('runtime=unchanged');
    for (const node of provisioned) expect(stepOf(node, 'health').detail).toContain('simulated image');
    const records = services.service.get(testbed.id).nodes;
    expect(new Set(records.map(({ host }) => host)).size).toBe(3);
    expect(records.map(({ agentPort, provisionState }) => [agentPort, provisionState])).toEqual(
      Array.from({ length: 3 }, () => [DEFAULT_AGENT_PORT, 'ready']),
    );
    expect(records.map(({ facts }) => facts?.hostname)).toEqual(['orin-1', 'orin-2', 'orin-3']);
  });

  it('hand the blocks of a model on to each other, so that it leaves this machine once', async () => {
    const { services, testbed, machines } = harness;
    const bytes = randomBytes(4 * BLOCK_BYTES + 4321);
    const path = join(folder, 'model.safetensors');
    writeFileSync(path, bytes);
    const model = modelOf(path, [{ path: 'model.safetensors', bytes }], 'all-in-one');
    services.storage.models.save(model);
    const { modelPushes } = services.core.services;

    const started = modelPushes.start({ modelId: model.id, testbedId: testbed.id, verification: 'sampled' });
    for await (const { state } of modelPushes.watch(started.id, new AbortController().signal)) if (state !== 'running') break;

    const { nodes } = modelPushes.get(started.id);
    expect(nodes.map(({ error }) => error)).toEqual([null, null, null]);
    const sum = (what: 'sentBytes' | 'relayedBytes'): number => nodes.reduce((total, { outcome }) => total + outcome![what], 0);
    expect([sum('sentBytes'), sum('relayedBytes')]).toEqual([bytes.length, 2 * bytes.length]);
    for (const { homeDir, pathOf } of machines) {
      const there = readFileSync(pathOf(`${homeDir}/.dedgeai/${modelDir(model.sha256)}/model.safetensors`));
      expect(there.equals(bytes)).toBe(true);
    }
  });

  it('send tasks to each other, and lose none when the plug of one is pulled in the middle of the run', async () => {
    const { services, machines, nodes } = harness;
    const { runs } = services.core.services;
    const [, , dead] = nodes;
    const { id } = await harness.startRun(60);
    await harness.runUntil(id, ({ run }) => run.counts.succeeded >= 10);

    await machines[2]!.powerOff();
    await harness.runUntil(id, () => false);

    const run = runs.get(id);
    expect(run.state).toBe('succeeded');
    expect(run.counts).toMatchObject({ total: 60, succeeded: 60, failed: 0 });
    expect(run.validity.reasons.join(' ')).toContain('orin-3');
    const tasks = services.storage.runs.listTasks(id);
    expect(tasks.every(({ isSimulated, imageSha256 }) => isSimulated && imageSha256 !== null)).toBe(true);
    const [first, second] = nodes.map((node) => node.id);
    const between = (from: string | undefined, to: string | undefined): number =>
      tasks.filter(({ baseStationId, edgeServerId, attempts }) => baseStationId === from && edgeServerId === to && attempts === 1).length;
    expect(Math.min(between(first, second), between(second, first))).toBeGreaterThan(0);
    const resent = tasks.filter(({ attempts }) => attempts > 1);
    expect(run.counts.resent).toBe(resent.length);
    expect(resent.length).toBeGreaterThan(0);
    expect(resent.every(({ edgeServerId }) => edgeServerId !== dead!.id)).toBe(true);
    expect(runs.audit(id).findings).toEqual([]);
  });
}
