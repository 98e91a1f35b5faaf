// The image worker on nodes whose SSH server is OpenSSH's: prepared, provisioned with a model, measured. Needs sshd, and Python with torch and
// diffusers where it generates (`npm test` brings them).
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, type TestContext, vi } from 'vitest';
import { CalibrationService } from '../../../src/main/domain/nodes/calibration/calibration-service.js';
import { refineModel } from '../../../src/main/domain/models/refine-model.js';
import { ModelMemoryService } from '../../../src/main/domain/nodes/model-memory/model-memory-service.js';
import { MemoryRepository } from '../../../src/main/adapters/storage/memory-repository.js';
import type { StoredModel } from '../../../src/main/adapters/storage/model-repository.js';
import { buildEntry } from '../../support/build-entry.js';
import { findSshd } from '../../support/find-tools.js';
import { makeJobEngine } from '../../support/job-fixtures.js';
import { openProvisionHarness, type ProvisionHarness } from '../../support/provision-harness.js';
import { findPipWheel, WORKER_PACKAGES, writeEmptyWheels } from '../../support/python-wheels.js';
import { stepOf, stepStates } from '../../support/provisioning-services.js';
import { hasPython, makeTinySd3, PYTHON } from '../../support/worker-harness.js';
import { modelRecord, recordOf, UNBOUNDED } from '../../support/worker-models.js';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 200_000 });

let folder: string;
let bundle: string;
let pushWorker: string;
let harness: ProvisionHarness | null = null;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'provision-worker-'));
  bundle = await buildEntry('src/agent/main.ts', { isSelfContained: true });
  pushWorker = await buildEntry('src/main/programs/push-worker/push-worker.ts');
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await harness?.close();
  harness = null;
});

const never = new AbortController().signal;

/** A lab of one node that should generate with the model `refined`; `python` is the node's. */
async function openHarness(context: TestContext, python: string, records: Map<string, StoredModel>): Promise<ProvisionHarness> {
  const sshd = findSshd();
  if (!sshd) context.skip('not run: no sshd here');
  harness = await openProvisionHarness({
    sshd,
    bundlePath: bundle,
    python,
    timeScale: 1,
    services: { models: { records, pushWorkerPath: pushWorker } },
  });
  const { services, testbed } = harness;
  await services.provisioning.plan({ testbedId: testbed.id }, never);
  for (const { nodeId, fingerprint } of services.hostKeys.listQuestions(testbed.id))
    services.hostKeys.answer({ nodeId, fingerprint, replace: false });
  services.provisioning.setDesired({ testbedId: testbed.id, desired: { worker: 'resd3-m', modelId: 'refined' } });
  return harness;
}

test('a node is brought from nothing to images of a model with random weights, stripped here and pushed, then calibrated and its memory measured', async (context) => {
  if (!(await hasPython('torch', 'diffusers', 'transformers', 'accelerate')))
    context.skip('not run: no Python with torch and diffusers here');
  const { folder: original, allInOne } = await makeTinySd3();
  const refined = join(folder, 'refined.safetensors');
  await refineModel({ ...UNBOUNDED, inputPath: allInOne, outputPath: refined, overwrite: false });
  const records = new Map([
    ['original', await recordOf('original', allInOne)],
    ['refined', await recordOf('refined', refined)],
  ]);
  const { services, testbed, nodes, provision, homeOf } = await openHarness(context, PYTHON, records);
  // The settings and tokenizers of the small model; those of SD3 medium are shipped.
  cpSync(original, join(services.dataDir, 'worker-config'), { recursive: true, filter: (path) => !path.endsWith('.safetensors') });

  const run = await provision();

  expect(run.nodes[0]?.steps.map(({ error }) => error).filter(Boolean)).toEqual([]);
  expect(stepOf(run.nodes[0], 'python').detail).toMatch(/of the device has torch .* and the worker's files are there/);
  expect(stepOf(run.nodes[0], 'model').state).toBe('changed');
  expect(stepOf(run.nodes[0], 'health').detail).toMatch(/^Made a one-step image, 512 × 512 px/);

  const calibrations = new CalibrationService({
    ...services,
    describeUse: () => null,
    jobs: makeJobEngine(),
    recordEvent: () => undefined,
  });
  const started = calibrations.start({ testbedId: testbed.id, imagesPerCount: 1 });
  for await (const { state } of calibrations.watch(started.id, never)) if (state !== 'running') break;
  expect(calibrations.get(started.id).nodes[0]).toMatchObject({ state: 'succeeded', error: null });
  const { calibration } = services.testbeds.getNode(nodes[0]!.id)!;
  expect(calibration).toMatchObject({ imageCount: 2 });
  expect(calibration!.fixedSec + 20 * calibration!.secPerStep).toBeGreaterThan(0);
  // With the next apply the schedulers get to know it, and nothing else changes.
  expect(stepStates((await provision()).nodes[0])).toMatch(
    /agent=unchanged python=unchanged model=unchanged service=changed health=unchanged/,
  );

  await services.pusher.push({ model: records.get('original')!, node: nodes[0]!, signal: never, onProgress: () => undefined });
  const memory = new ModelMemoryService({
    ...services,
    getNode: (id) => services.testbeds.getNode(id),
    getModel: (id) => records.get(id) ?? null,
    comparisons: new MemoryRepository(services.database),
    describeUse: () => null,
  });
  const comparison = await memory.compare({ nodeId: nodes[0]!.id, originalModelId: 'original', refinedModelId: 'refined' }, never);
  expect(memory.list()).toEqual([comparison]);
  expect(services.testbeds.getNode(nodes[0]!.id)?.worker).toMatchObject({
    t5Tokens: 0,
    guidanceScale: 5,
    shift: 3,
    modelSha256: records.get('refined')!.sha256,
  });
  expect([comparison.original.hasT5, comparison.refined.hasT5]).toEqual([true, false]);
  expect(Math.min(comparison.original.mostResidentBytes ?? 0, comparison.refined.mostResidentBytes ?? 0)).toBeGreaterThan(50_000_000);

  await services.finished(services.provisioning.remove({ testbedId: testbed.id, removesModels: true }));
  expect(existsSync(join(homeOf(nodes[0]!), '.dedgeai', 'worker'))).toBe(false);
});

test('a node without the libraries is blocked with the command that fetches them, and gets an environment from the wheels once they are there', async (context) => {
  // The wheels of this test are empty: it is about installing them.
  const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  if (hasLibraries(python)) context.skip('not run: python3 itself has torch here');
  const records = new Map([['refined', modelRecord()]]);
  const { services, plan, provision, homeOf, nodes } = await openHarness(context, python, records);

  const finding = (await plan()).nodes[0]?.steps.find(({ name }) => name === 'python');
  expect(finding?.verdict).toBe('blocked');
  expect(finding?.remedy).toContain(`pip download --dest "${join(services.dataDir, 'wheels')}"`);
  writeEmptyWheels(python, join(services.dataDir, 'wheels'), WORKER_PACKAGES);
  expect((await plan()).nodes[0]?.steps.find(({ name }) => name === 'python')?.verdict).toBe('change');

  const run = await provision();

  expect(stepOf(run.nodes[0], 'python').detail).toMatch(/of this program has torch 1\.0 and diffusers 1\.0/);
  expect(existsSync(join(homeOf(nodes[0]!), '.dedgeai', 'wheels'))).toBe(false);
  expect((await plan()).nodes[0]?.steps.find(({ name }) => name === 'python')?.verdict).toBe('nothing');
});

test('an environment is made where neither ensurepip nor pip is there, out of a pushed wheel of pip, and takes the extra libraries along', async (context) => {
  const real = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  const pip = findPipWheel(real);
  if (hasLibraries(real)) context.skip('not run: python3 itself has torch here');
  if (pip === null) return context.skip('not run: no wheel of pip lies beside python3');
  const python = writePythonWithoutPip(real);
  const records = new Map([['refined', modelRecord()]]);
  const { services, plan, provision, homeOf, nodes } = await openHarness(context, python, records);
  const wheels = join(services.dataDir, 'wheels');
  writeEmptyWheels(real, wheels, [...WORKER_PACKAGES, 'nvidia-cudss-cu12=nvidia']);
  const pythonFinding = async () => (await plan()).nodes[0]?.steps.find(({ name }) => name === 'python');
  expect(await pythonFinding()).toMatchObject({ verdict: 'blocked', why: expect.stringContaining('lacks pip') as string });
  cpSync(pip, join(wheels, basename(pip)));
  cpSync(join(wheels, 'torch-1.0-py3-none-any.whl'), join(wheels, 'torch-2.0-py3-none-any.whl'));
  expect(await pythonFinding()).toMatchObject({
    verdict: 'blocked',
    why: expect.stringMatching(/several wheels of torch .*torch-1\.0-py3-none-any\.whl and torch-2\.0/) as string,
  });
  rmSync(join(wheels, 'torch-2.0-py3-none-any.whl'));

  const run = await provision();

  expect(stepOf(run.nodes[0], 'python').detail).toMatch(/of this program has torch 1\.0 and diffusers 1\.0/);
  const packagesDir = execFileSync('sh', ['-c', `ls -d '${homeOf(nodes[0]!)}'/.dedgeai/venv/lib/python3*/site-packages`], {
    encoding: 'utf8',
  });
  expect(existsSync(join(packagesDir.trim(), 'nvidia'))).toBe(true);
  // A library that comes later is added to the environment that is there.
  writeEmptyWheels(real, wheels, ['nvidia-cusparselt-cu12=cusparselt']);
  expect(await pythonFinding()).toMatchObject({ verdict: 'change', why: expect.stringContaining('nvidia-cusparselt-cu12') as string });
  await provision();
  expect(existsSync(join(packagesDir.trim(), 'cusparselt'))).toBe(true);
  expect((await pythonFinding())?.verdict).toBe('nothing');
});

/** A Python as stock images have it: without ensurepip, and without pip. */
function writePythonWithoutPip(real: string): string {
  const dir = join(folder, 'without-pip');
  mkdirSync(dir);
  const blocker = `import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("ensurepip", "pip"):
            raise ModuleNotFoundError("No module named %r" % name)
sys.meta_path.insert(0, Blocker())
`;
  writeFileSync(join(dir, 'sitecustomize.py'), blocker);
  const path = join(dir, 'python3');
  writeFileSync(path, `#!/bin/sh\nPYTHONPATH='${dir}' exec '${real}' "$@"\n`, { mode: 0o755 });
  return path;
}

function hasLibraries(python: string): boolean {
  try {
    execFileSync(python, ['-c', 'import torch'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
