// Calibration against agents whose worker is stood in for: 20 ms a step, needs Python alone.
import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test, type TestContext } from 'vitest';
import { CalibrationService } from '../../../src/main/domain/nodes/calibration/calibration-service.js';
import { ChangeTopic } from '../../../src/main/foundation/live/change-topic.js';
import type { JobEngine } from '../../../src/main/domain/jobs/job-engine.js';
import type { NodePatch } from '../../../src/main/adapters/storage/testbed-repository.js';
import type { CalibrationRun } from '../../../src/shared/calibration.js';
import type { Testbed } from '../../../src/shared/testbed.js';
import { makeJobEngine } from '../../support/job-fixtures.js';
import { startTestAgents, type TestAgents } from '../../support/agents.js';
import { buildNode, buildTestbed } from '../../support/storage-fixtures.js';
import { diffusersConfig, hasPython, makeStandInWorker } from '../../support/worker-harness.js';

let scriptDir: string;
let isPythonThere: boolean;
let agents: TestAgents | null = null;
let use: string | null = null;
let jobs: JobEngine;
const saved: NodePatch[] = [];

beforeAll(async () => {
  isPythonThere = await hasPython();
  scriptDir = await makeStandInWorker();
});
afterEach(async () => {
  await agents?.close();
  agents = null;
  use = null;
  saved.length = 0;
});
afterAll(() => rm(scriptDir, { recursive: true, force: true }));

function serviceFor(testbed: Testbed): CalibrationService {
  jobs = makeJobEngine({ nowMs: () => 7 });
  return new CalibrationService({
    testbeds: {
      getTestbed: (id) => (id === testbed.id ? testbed : null),
      updateNode: (_id, patch) => {
        saved.push(patch);
        return null;
      },
    },
    identities: { controlCenter: () => (agents ? Promise.resolve(agents.identity) : Promise.reject(new Error('no agents'))) },
    describeUse: () => use,
    changes: new ChangeTopic(),
    jobs,
    nowMs: () => 7,
    recordEvent: () => undefined,
  });
}

/** Real nodes with agents; those named in `simulated` have a simulated worker. */
async function openTestbed(context: TestContext, options: { count: number; simulated?: number[] }): Promise<Testbed> {
  if (!isPythonThere) context.skip('not run: no Python here');
  const adjusted = diffusersConfig({ modelPath: 'model', scriptDir });
  agents = await startTestAgents({
    count: options.count,
    timeScale: 1,
    adjust: (config, index) => (options.simulated?.includes(index) ? config : { ...config, worker: adjusted }),
  });
  const nodes = agents.agents.map(({ nodeId, port }, ordinal) =>
    buildNode({ id: nodeId, name: nodeId, ordinal, kind: 'ssh', virtual: null, agentPort: port, provisionState: 'ready' }),
  );
  return buildTestbed({ kind: 'real', timeScale: 1, nodes });
}

async function ended(service: CalibrationService, run: CalibrationRun): Promise<CalibrationRun> {
  let last = run;
  for await (const snapshot of service.watch(run.id, new AbortController().signal)) last = snapshot;
  return last;
}

test('finds the time of a step and keeps it with the node', async (context) => {
  const testbed = await openTestbed(context, { count: 1 });
  const service = serviceFor(testbed);
  const run = await ended(service, service.start({ testbedId: testbed.id, imagesPerCount: 2 }));
  expect(run).toMatchObject({ state: 'succeeded', nodes: [{ state: 'succeeded', imageCount: 4 }] });
  const [{ calibration }] = saved as [NodePatch];
  expect(calibration).toMatchObject({ imageCount: 4, measuredAtMs: 7 });
  expect(calibration?.secPerStep).toBeGreaterThan(0);
});

test('leaves the other nodes alone when one can not be measured', async (context) => {
  const testbed = await openTestbed(context, { count: 2, simulated: [0] });
  const service = serviceFor(testbed);
  const run = await ended(service, service.start({ testbedId: testbed.id, imagesPerCount: 1 }));
  expect(run.state).toBe('failed');
  expect(run.nodes.map(({ state, error }) => [state, error?.code])).toEqual([
    ['failed', 'unsupported'],
    ['succeeded', undefined],
  ]);
});

test('is canceled in the middle, and keeps nothing then', async (context) => {
  const testbed = await openTestbed(context, { count: 1 });
  const service = serviceFor(testbed);
  const run = service.start({ testbedId: testbed.id, imagesPerCount: 20 });
  for await (const { nodes } of service.watch(run.id, new AbortController().signal)) if ((nodes[0]?.samples.length ?? 0) > 0) break;
  expect(service.isCalibrating(testbed.id)).toBe(true);
  await jobs.cancel(run.id);
  expect(service.get(run.id)).toMatchObject({ state: 'cancelled', nodes: [{ state: 'cancelled', error: null }] });
  expect(saved).toEqual([]);
});

test('waits for no one: a testbed in use, or without a real node, is refused', () => {
  const virtual = serviceFor(buildTestbed());
  expect(() => virtual.start({ testbedId: 'testbed-1', imagesPerCount: 1 })).toThrow(expect.objectContaining({ code: 'unsupported' }));
  use = 'run “A” is not finished';
  const real = serviceFor(buildTestbed({ nodes: [buildNode({ kind: 'ssh', virtual: null })] }));
  expect(() => real.start({ testbedId: 'testbed-1', imagesPerCount: 1 })).toThrow(/can't be calibrated while run “A” is not finished/);
});
