// The energy of a run over OpenSSH, from a tegrastats that plays back real lines: measured while the run's clock goes, kept over a restart.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, type TestContext, test as plainTest } from 'vitest';
import { EnergyRepository } from '../../../src/main/adapters/storage/energy-repository.js';
import { RunRepository } from '../../../src/main/adapters/storage/run-repository.js';
import { TelemetryService } from '../../../src/main/domain/nodes/telemetry/telemetry-service.js';
import { RunPowerMeters } from '../../../src/main/domain/runs/energy/run-power-meters.js';
import { summarizeEnergy } from '../../../src/main/domain/runs/energy/summarize-energy.js';
import type { TestbedNode } from '../../../src/shared/testbed.js';
import { findSshd } from '../../support/find-tools.js';
import { buildRun, openTemporaryDatabase, type TemporaryDatabase } from '../../support/storage-fixtures.js';
import { openTrustHarness, type TrustHarness } from '../../support/trust-harness.js';

const sshd = findSshd();
/** 5.139 + 3.268 + 5.5 W; the rail that is within another one is not counted twice. */
const LINE =
  'RAM 4084/62817MB (lfb 8x4MB) CPU [10%@729,30%@729] GR3D_FREQ 42%@1300 cpu@52C VDD_GPU_SOC 5139mW/5139mW VDD_CPU_CV 3268mW/3268mW VIN_SYS_5V0 5500mW/5500mW VDDQ_VDD2_1V8AO 900mW/900mW';
const WATTS = 13.907;
const RUN_ID = 'run-1';
let harness: TrustHarness;
let temporary: TemporaryDatabase;
let energy: EnergyRepository;
let closing: (() => Promise<void> | void)[];

beforeEach(async () => {
  closing = [];
  harness = await openTrustHarness(sshd ?? '/nonexistent');
  temporary = openTemporaryDatabase();
  new RunRepository(temporary.database, () => 1).insertRun(buildRun({ id: RUN_ID }), []);
  energy = new EnergyRepository(temporary.database);
});
afterEach(async () => {
  for (const close of closing) await close();
  await harness.remove();
  temporary.dispose();
});

function test(name: string, act: (context: TestContext) => Promise<void>): void {
  plainTest(name, async (context) => {
    if (sshd) await act(context);
    else await context.annotate('There is no sshd on this machine, so OpenSSH was not tried.');
  });
}

async function jetson(body = `while :; do echo '${LINE}'; sleep 0.05; done`): Promise<TestbedNode> {
  const path = join(harness.dir, 'programs');
  mkdirSync(path);
  writeFileSync(join(path, 'tegrastats'), `#!/bin/sh\n${body}\n`);
  chmodSync(join(path, 'tegrastats'), 0o755);
  const node = harness.addNode(await harness.startServer(undefined, { path }));
  await harness.say(node, true);
  return node;
}

/** As one start of the program has them. */
function startProgram(): RunPowerMeters {
  const telemetry = new TelemetryService({
    getNode: (id) => harness.services.testbeds.getNode(id),
    connector: harness.connector,
    nowMs: Date.now,
  });
  const meters = new RunPowerMeters({ watch: (id, signal) => telemetry.watch(id, signal), store: energy, nowMs: Date.now });
  closing.push(() => {
    meters.close();
    return telemetry.close();
  });
  return meters;
}

const coveredMs = (meters: RunPowerMeters): number => meters.reading(RUN_ID)?.[0]?.coveredMs ?? 0;

test('a run has the power of its node while its clock goes, and no more afterwards', async () => {
  const node = await jetson();
  const meters = startProgram();
  meters.start(RUN_ID, [node.id]);
  await expect.poll(() => meters.reading(RUN_ID)).toEqual([]);
  meters.setRunning(RUN_ID, true);
  await expect.poll(() => coveredMs(meters), { timeout: 30_000 }).toBeGreaterThan(500);
  meters.setRunning(RUN_ID, false);
  const paused = coveredMs(meters);
  meters.end(RUN_ID);

  const [measured] = energy.listEnergy(RUN_ID);
  expect(measured).toMatchObject({ nodeId: node.id, source: 'rails', measured: ['VDD_GPU_SOC', 'VDD_CPU_CV', 'VIN_SYS_5V0'] });
  expect(measured!.coveredMs).toBe(paused);
  expect(measured!.joules / (measured!.coveredMs / 1000)).toBeCloseTo(WATTS, 6);
  expect([measured!.idleMs, measured!.loadKnownMs > 0]).toEqual([0, true]);
});

test('what was measured before a restart stays, and the gap lowers what is covered', async () => {
  const node = await jetson();
  const first = startProgram();
  first.start(RUN_ID, [node.id]);
  first.setRunning(RUN_ID, true);
  await expect.poll(() => coveredMs(first), { timeout: 30_000 }).toBeGreaterThan(300);
  first.close();
  const before = energy.listEnergy(RUN_ID)[0]!.coveredMs;

  const second = startProgram();
  second.start(RUN_ID, [node.id]);
  expect(coveredMs(second)).toBe(before);
  second.setRunning(RUN_ID, true);
  await expect.poll(() => coveredMs(second), { timeout: 30_000 }).toBeGreaterThan(before + 300);
  second.end(RUN_ID);

  const measured = energy.listEnergy(RUN_ID);
  const durationMs = measured[0]!.coveredMs * 2;
  const summary = summarizeEnergy({ nodes: [{ id: node.id, name: node.name }], measured, durationMs, images: 10 });
  expect(summary).toMatchObject({ joules: null, problem: `Too little was measured: ${node.name} for 50 % of the run; it takes 90 %.` });
});

test('a node whose telemetry fails harms no run: nothing is measured, and that is said', async () => {
  const node = await jetson('exit 1');
  const meters = startProgram();
  meters.start(RUN_ID, [node.id, 'node-that-is-gone']);
  meters.setRunning(RUN_ID, true);
  meters.end(RUN_ID);

  expect(energy.listEnergy(RUN_ID)).toEqual([]);
  const summary = summarizeEnergy({ nodes: [{ id: node.id, name: node.name }], measured: [], durationMs: 1000, images: 1 });
  expect(summary?.problem).toContain('No power was measured');
});
