// The paper's point, from a terminal: LAD-TS learns in the digital twin of a testbed and then schedules a run on that testbed, by the agents' own
// decisions. A small network and few episodes: what it learns is not judged here.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli, runCliJson } from '../support/cli.js';

let folder: string;
let trainingId: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'learned-run-'));
  await must('testbed', 'create-virtual', '--name', 'Lab', '--nodes', '3', '--speed', '1,0.5,2', '--time-scale', '500');
  await must('provision', 'Lab');
  await must('dataset', 'import', '--sample');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inFolder = (...args: string[]): string[] => [...args, '--data', join(folder, 'data')];
async function must(...args: string[]): Promise<unknown> {
  const { status, document, stderr } = await runCliJson(inFolder(...args));
  expect(status, stderr).toBe(0);
  return document;
}
const START = ['run', 'start', '--testbed', 'Lab', '--dataset', 'Sample prompts', '-n', '12', '--allow-overload'];

it('says what is missing when there is no training to take', async () => {
  const { status, stderr } = await runCli(inFolder(...START, '--scheduler', 'learned'));
  expect(status).toBe(3);
  expect(stderr).toContain('There is no training in the digital twin of this testbed (train --testbed).');
});

it('trains in the digital twin of the testbed', async () => {
  const training = await must('train', '--testbed', 'Lab', '--episodes', '2', '--set', 'hiddenSize=4', '--set', 'learningStarts=20');
  trainingId = (training as { id: string }).id;
  expect(training).toMatchObject({
    state: 'succeeded',
    spec: { twin: { testbedName: 'Lab', environment: 'testbed' } },
    environment: { kind: 'testbed', nodes: [{}, {}, {}] },
  });
});

it('schedules a run by what was learned', async () => {
  const run = await must(...START, '--scheduler', 'learned', '--training', trainingId);
  expect(run).toMatchObject({ state: 'succeeded', spec: { scheduler: 'learned', trainingId }, counts: { succeeded: 12 } });
});

it('takes the newest training that fits the testbed where none is named, and says so', async () => {
  const { status, stderr, document } = await runCliJson(inFolder(...START, '--scheduler', 'learned'));
  expect(status, stderr).toBe(0);
  expect(stderr).toContain(`The training is ${trainingId} (lad-ts): it is the newest.`);
  expect(document).toMatchObject({ spec: { trainingId } });
});

it('refuses a training that was not made for the testbed', async () => {
  const other = (await must('train', '--base-stations', '3', '--slots', '3', '--max-tasks', '2', '--episodes', '1')) as { id: string };
  const { status, stderr } = await runCli(inFolder(...START, '--scheduler', 'learned', '--training', other.id));
  expect(status).toBe(2);
  expect(stderr).toContain('was not made in the digital twin of a testbed');
});

it('evaluates what was learned on nodes of stated speeds, on streams, beside list scheduling', async () => {
  const evaluate = ['evaluate', '--policy', trainingId, '--episodes', '1', '--speeds'];
  const there = await must(...evaluate, '1,0.8,0.4', '--arrivals', 'streams', '--load', '0.7');
  // Of an image: 3.8 s and a second a step, on the first node.
  expect(there).toMatchObject({
    config: { nodes: [{ secPerStep: 1 }, { secPerStep: 1.25 }, { secPerStep: 2.5 }], arrivals: 'streams', streamLoad: 0.7 },
    rows: [{ delayAgainstListScheduling: { mean: {}, p95: {} } }, { delayAgainstListScheduling: { mean: { mean: 0 }, p95: { mean: 0 } } }],
  });
  const fewer = await runCli(inFolder(...evaluate, '1,0.8'));
  expect([fewer.status, fewer.stderr]).toEqual([2, expect.stringContaining('2 speeds are stated for 3 nodes')]);
  const idle = await runCli(inFolder(...evaluate, '1,1,1', '--arrivals', 'bursts', '--load', '0.7'));
  expect([idle.status, idle.stderr]).toEqual([2, expect.stringContaining('A load is of streams')]);
});

interface LearningStatus {
  isOn: boolean;
  decisions: number;
  runs: number;
  trainingId: string | null;
  attempts: { trainingId: string; state: string; decisions: number; reasons: string[]; comparison: { decisions: number } | null }[];
}

it('keeps nothing of runs until learning on the job is switched on', async () => {
  expect(await must('policy', 'learn', 'Lab')).toMatchObject({ isOn: false, decisions: 0, runs: 0, trainingId, attempts: [] });
  const { status, stderr } = await runCli(inFolder('policy', 'learn', 'Lab', '--now'));
  expect(status).toBe(4);
  expect(stderr).toContain('has 0 decisions of runs on record');
});

it('learns from a run, and deploys the version or says in numbers why not', async () => {
  expect(await must('policy', 'learn', 'Lab', '--on')).toMatchObject({ isOn: true });
  const more = START.map((word) => (word === '12' ? '90' : word));
  await must(...more, '--scheduler', 'learned', '--training', trainingId);
  const kept = (await must('policy', 'learn', 'Lab')) as LearningStatus;
  expect(kept.runs).toBe(1);
  expect(kept.decisions).toBeGreaterThan(50);
  expect(kept.decisions).toBeLessThanOrEqual(90);

  const { attempts, trainingId: inUse } = (await must('policy', 'learn', 'Lab', '--now')) as LearningStatus;
  expect(attempts).toHaveLength(1);
  const [attempt] = attempts;
  expect(['deployed', 'not-deployed']).toContain(attempt?.state);
  expect(attempt?.comparison?.decisions).toBe(kept.decisions);
  const isDeployed = attempt?.state === 'deployed';
  expect(attempt?.reasons.length === 0).toBe(isDeployed);
  expect(inUse).toBe(isDeployed ? attempt?.trainingId : trainingId);

  // The next run that names no training is decided by what is deployed, and its record says by which.
  expect(await must(...START, '--scheduler', 'learned')).toMatchObject({ spec: { trainingId: inUse }, counts: { succeeded: 12 } });
  // The what-if of the version that was learned, deployed or not.
  const asked = [
    '--testbed',
    'Lab',
    '-n',
    '20',
    '--repeat',
    '2',
    '--schedulers',
    `shortest-expected-completion,learned:${attempt?.trainingId}`,
  ];
  expect(await must('what-if', ...asked, '--add-node', '1')).toMatchObject({
    rows: [{}, { scheduler: { scheduler: 'learned' } }, {}, { isChanged: true, scheduler: { scheduler: 'learned' } }],
  });
});

interface MeasuredSeries {
  series: { id: string; cells: { state: string; runId: string }[] };
  result: {
    learning: {
      steps: {
        runId: string;
        trainingId: string;
        version: number;
        learned: { trainingId: string; state: string; decisions: number } | null;
      }[];
    }[];
    cells: { scheduler: number; totalSec: { halfWidth95: number | null } }[];
    notes: string[];
  };
}

it('learns between the runs of a series that measures it, though the testbed’s own switch is off, and says which version decided each', async () => {
  const before = (await must('policy', 'learn', 'Lab', '--off')) as LearningStatus;
  const heuristic = await runCli(inFolder('series', 'start', '--testbed', 'Lab', '--schedulers', 'random', '--learning', 'measured'));
  expect(heuristic.status).toBe(2);
  expect(heuristic.stderr).toContain('--learning measured takes a learned policy');

  const start = ['series', 'start', '--testbed', 'Lab', '--dataset', 'Sample prompts', '-n', '80', '--repeat', '3', '--warm-up', '0'];
  const schedulers = ['--schedulers', `learned:${trainingId},random`, '--learning', 'measured', '--keep-invalid', '--allow-overload'];
  await runCliJson(inFolder(...start, ...schedulers, '--name', 'Learning'));
  const { series, result } = (await must('series', 'show', 'Learning', '--include-invalid')) as MeasuredSeries;
  expect(series.cells.map(({ state }) => state).every((state) => state === 'valid' || state === 'invalid')).toBe(true);

  const [row] = result.learning;
  expect(row?.steps).toHaveLength(3);
  let decides = { trainingId, version: 1 };
  for (const [index, { runId, learned, ...decided }] of row!.steps.entries()) {
    // The run's own record says the same.
    expect(await must('run', 'show', runId)).toMatchObject({ run: { spec: { trainingId: decides.trainingId, learning: 'measured' } } });
    expect(decided).toMatchObject(decides);
    // After the last there is none that it would be for.
    expect(learned === null).toBe(index === 2);
    if (learned?.state === 'deployed') decides = { trainingId: learned.trainingId, version: decides.version + 1 };
  }
  expect(row!.steps[1]!.learned!.decisions).toBeGreaterThan(row!.steps[0]!.learned!.decisions);
  expect(result.cells.map(({ totalSec }) => totalSec.halfWidth95 === null)).toEqual([true, false]);
  expect(result.notes.join(' ')).toContain('Learning on the job is what this series measures');

  const after = (await must('policy', 'learn', 'Lab')) as LearningStatus;
  expect(after.isOn).toBe(false);
  expect(after.attempts.length).toBe(before.attempts.length + 2);
}, 300_000);
