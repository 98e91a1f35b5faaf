// Three nodes from nothing to images of the real worker with random weights, a worker killed and a node lost in the run. Needs, besides namespaces, a
// Python with torch and diffusers (`npm test` brings one).
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { openAgentClient } from '../../../src/main/adapters/agents/open-agent-client.js';
import { refineModel } from '../../../src/main/domain/models/refine-model.js';
import { DEFAULT_AGENT_PORT } from '../../../src/main/domain/nodes/provisioning/agent-config-for.js';
import { buildEntry } from '../../support/build-entry.js';
import { type NamespaceHarness, openNamespaceHarness, whyNoNamespaces } from '../../support/namespaces/namespace-harness.js';
import { stepOf } from '../../support/provisioning-services.js';
import { hasPython, makeTinySd3, PYTHON } from '../../support/worker-harness.js';
import { recordOf, UNBOUNDED } from '../../support/worker-models.js';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 200_000 });

const folder = mkdtempSync(join(tmpdir(), 'dedgeai-weights-'));
let harness: NamespaceHarness | null = null;
afterEach(async () => {
  await harness?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('three nodes come to images with random weights, while one worker is killed and one node loses power', async (context) => {
  const reason = whyNoNamespaces();
  if (reason !== null) context.skip(`not run: ${reason}`);
  if (!(await hasPython('torch', 'diffusers', 'transformers', 'accelerate')))
    context.skip('not run: no Python with torch and diffusers here; the nodes of three-nodes.test.ts have simulated workers');
  const { folder: original, allInOne } = await makeTinySd3();
  const refined = join(folder, 'refined.safetensors');
  await refineModel({ ...UNBOUNDED, inputPath: allInOne, outputPath: refined, overwrite: false });
  const python = execFileSync(PYTHON, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  const node = { user: 'root', python };
  harness = await openNamespaceHarness({
    bundlePath: await buildEntry('src/agent/main.ts', { isSelfContained: true }),
    nodes: [node, node, node],
    timeScale: 1,
    services: {
      models: {
        records: new Map([['refined', await recordOf('refined', refined)]]),
        pushWorkerPath: await buildEntry('src/main/programs/push-worker/push-worker.ts'),
      },
    },
  });
  const { services, testbed, machines, nodes } = harness;
  // The settings and tokenizers of the small model; those of SD3 medium are shipped.
  cpSync(original, join(services.dataDir, 'worker-config'), { recursive: true, filter: (path) => !path.endsWith('.safetensors') });
  services.provisioning.setDesired({ testbedId: testbed.id, desired: { worker: 'resd3-m', modelId: 'refined' } });

  const { nodes: provisioned } = await harness.provision();

  expect(provisioned.map(({ steps }) => steps.map(({ error }) => error).filter(Boolean))).toEqual([[], [], []]);
  for (const each of provisioned) expect(stepOf(each, 'health').detail).toMatch(/^Made a one-step image, 512 × 512 px/);
  const { runs } = services.core.services;
  const { id } = await harness.startRun(12, { qualitySteps: { min: 1, max: 2 } });
  await harness.runUntil(id, ({ run }) => run.counts.succeeded >= 2);
  machines[0]!.runAsRoot(`kill -9 $(grep -l -a 'worker/main[.]py' /proc/[0-9]*/cmdline | cut -d / -f 3)`);
  await machines[2]!.powerOff();
  await harness.runUntil(id, () => false);

  const tasks = services.storage.runs.listTasks(id);
  const run = runs.get(id);
  expect(run.counts).toMatchObject({ total: 12, succeeded: 12, failed: 0 });
  expect(tasks.every(({ isSimulated, imageSha256 }) => !isSimulated && imageSha256 !== null)).toBe(true);
  expect(run.counts.resent).toBeGreaterThan(0);
  expect(run.validity.reasons.join(' ')).toContain('orin-3');
  expect(tasks.filter(({ attempts }) => attempts > 1).every(({ edgeServerId }) => edgeServerId !== nodes[2]!.id)).toBe(true);
  const identity = await services.identities.controlCenter(testbed.id);
  const client = await openAgentClient({ nodeId: nodes[0]!.id, host: nodes[0]!.host, port: DEFAULT_AGENT_PORT, identity });
  const { worker } = await client.describe();
  client.close();
  expect(worker).toMatchObject({ startCount: 2, device: 'cpu' });
});
