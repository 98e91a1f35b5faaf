// The path from wheels and weights to Table V, and its commands.
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import type { Situation } from '../../../src/main/domain/path/situation.js';
import { routeOf } from '../../../src/renderer/views/overview/path-target.js';
import { countPathSteps, type PathStepState } from '../../../src/shared/lab-path.js';
import {
  buildDataset,
  buildModel,
  buildOpenJob,
  buildOrin,
  buildStep,
  buildSummary,
  HOUR_MS,
  NOW_MS,
  ORIN_FACTS,
  situate,
  stepOf,
  T5_PART,
} from '../../support/path-fixtures.js';
import { pathOf, look, nodesWith, desired, failed, applied, READY } from '../../support/path-situations.js';
import { buildNode, buildTestbed } from '../../support/storage-fixtures.js';
import { createWholeProgram } from '../../support/whole-program.js';

describe('wheels', () => {
  const nodes = nodesWith(situate(buildOrin('orin-1', { facts: ORIN_FACTS })));
  const list = {
    jetpack: '6',
    title: '',
    python: '3.10',
    notes: [],
    packages: ['torch', 'pillow'],
    missing: [],
    hereBytes: 1,
    index: null,
    folder: '/wheels',
  };

  it.each([
    ['open', '1 of 2 wheels', { wheels: [{ ...list, hereCount: 1 }] }],
    ['done', 'All wheels for JetPack 6', { wheels: [{ ...list, hereCount: 2 }] }],
    ['blocked', 'no list of wheels', { wheels: [] }],
    ['running', 'being fetched', { wheels: [], openJobs: [buildOpenJob('wheels', null)] }],
  ] satisfies [PathStepState, string, Partial<Situation>][])('are %s', (state, words, change) => {
    const step = look('wheels', { ...nodes, ...change });
    expect(step.state).toBe(state);
    expect(step.detail).toContain(words);
  });

  it('are shown where they are fetched, among the models', () => {
    const { action } = look('wheels', { ...nodes, wheels: [{ ...list, hereCount: 1 }] });
    expect(action).toEqual({ label: 'Show wheels', target: { page: 'wheels' } });
    expect(routeOf({ page: 'wheels' })).toEqual({ name: 'models', hash: '#wheels' });
  });

  it('are not needed where torch computes on every GPU', () => {
    const proved = nodesWith(situate(buildOrin('orin-1', { facts: { ...ORIN_FACTS, torchCuda: 'works' } })));
    expect(look('wheels', proved).state).toBe('done');
  });

  it('are not there for JetPack 6.0, whose CUDA is another', () => {
    const old = nodesWith(situate(buildOrin('orin-1', { facts: { ...ORIN_FACTS, jetpack: '6.0' } })));
    expect(look('wheels', { ...old, wheels: [{ ...list, hereCount: 2 }] }).state).toBe('blocked');
  });
});

describe('weights', () => {
  it.each([
    ['open', 'read and accept its license', []],
    ['open', 'No accepted license', [buildModel({ license: null })]],
    ['blocked', 'Nothing is at /models/sd3m.safetensors', [buildModel({ isPresent: false })]],
    ['done', 'license accepted 2027-01-15', [buildModel()]],
  ] as const)('are %s: %s', (state, words, models) => {
    const step = look('weights', { ...nodesWith(situate(buildOrin('orin-1'))), models: [...models] });
    expect(step.state).toBe(state);
    expect(step.detail).toContain(words);
  });

  it('with T5 are to be refined, unless others without it are there', () => {
    const whole = buildModel({ id: 'model-2', name: 'whole', parts: [T5_PART] });
    expect(look('refined', { models: [whole] })).toMatchObject({ state: 'open', action: { label: 'Refine' } });
    expect(look('refined', { models: [whole, buildModel()] }).state).toBe('done');
  });
});

describe('provisioning', () => {
  it('tells what failed on which node', () => {
    const node = situate(buildOrin('orin-1', { provisionState: 'failed' }), { provision: failed('model', 'unsupported') });
    expect(look('provisioned', nodesWith(node))).toMatchObject({
      state: 'blocked',
      detail: 'Node "orin-1" said no.',
      command: 'npm run cli -- provision Lab --retry-failed',
    });
  });

  it('is under way while its job is', () => {
    const openJobs = [buildOpenJob('provisioning', 'testbed-1')];
    expect(look('provisioned', { ...nodesWith(situate(buildOrin('orin-1'))), openJobs }).state).toBe('running');
    const other = [buildOpenJob('provisioning', 'testbed-2')];
    expect(look('provisioned', { ...nodesWith(situate(buildOrin('orin-1'))), openJobs: other }).state).toBe('open');
  });

  it('with simulated workers is not what real nodes are for', () => {
    const node = situate(buildOrin('orin-1', { provisionState: 'ready' }), { provision: applied('health') });
    const step = look('provisioned', { ...nodesWith(node), models: [buildModel()] });
    expect(step).toMatchObject({ state: 'open', command: 'npm run cli -- provision Lab --worker resd3-m --model sd3m' });
    expect(step.detail).toContain('simulated worker');
  });

  it('was as long ago as its health check', () => {
    expect(look('provisioned', READY)).toMatchObject({ state: 'done', asOfMs: NOW_MS - 2 * HOUR_MS });
  });
});

describe('the pushed model', () => {
  const node = situate(buildOrin('orin-1'), { desired });
  const push = (change: object) => ({
    ...nodesWith(node),
    models: [buildModel()],
    pushes: [{ modelId: 'model-1', verification: 'sampled', finishedAtMs: NOW_MS, nodes: [{ nodeId: 'node-orin-1', ...change }] }],
  });

  it.each([
    ['done', { outcome: { check: null }, error: null }],
    ['blocked', { outcome: null, error: { code: 'io', message: 'orin-1: disk full.', hint: null } }],
    ['unseen', { outcome: null, error: { code: 'cancelled', message: '', hint: null } }],
  ] as const)('is %s after a push', (state, change) => {
    expect(look('model-pushed', push(change) as unknown as Partial<Situation>).state).toBe(state);
  });

  it('is gone with a removal of models', () => {
    const provision = { state: 'succeeded', kind: 'remove-with-models', steps: [buildStep('model')] } as const;
    const removed = situate(buildOrin('orin-1'), { desired, provision: { ...provision, steps: [...provision.steps] } });
    expect(look('model-pushed', { ...nodesWith(removed), models: [buildModel()] }).state).toBe('open');
  });

  it('of another model does not count', () => {
    const other = situate(buildOrin('orin-1'), { desired: { ...desired, modelId: 'gone' }, provision: applied('model') });
    expect(look('model-pushed', { ...nodesWith(other), models: [buildModel()] }).state).toBe('unseen');
  });
});

describe('runs', () => {
  it('count when they are valid and real, and say what the paper has', () => {
    expect(look('run-100', { ...READY, runs: [buildSummary(100)] })).toMatchObject({
      state: 'done',
      detail: 'Valid, 400.0 s (the paper: 382.4 s).',
      asOfMs: NOW_MS - HOUR_MS,
    });
  });

  it.each([
    ['is invalid: Too warm.', { validity: { isValid: false, reasons: ['Too warm.'], limitations: [] } }],
    ['simulated workers', { isSimulated: true }],
    ['ended as stopped', { state: 'stopped' }],
  ] as const)('do not count otherwise: %s', (words, change) => {
    const step = look('run-100', { ...READY, runs: [buildSummary(100, change as object)] });
    expect(step.state).toBe('open');
    expect(step.detail).toContain(words);
  });

  it('under way are watched, paused ones resumed', () => {
    const runs = [buildSummary(100, { state: 'running', finishedAtMs: null })];
    expect(look('run-100', { ...READY, runs })).toMatchObject({ state: 'running', action: { target: { page: 'run', runId: 'run-100' } } });
    expect(look('first-run', { ...READY, runs }).state).toBe('running');
    const waiting = buildSummary(1, { id: 'run-behind', state: 'queued', finishedAtMs: null });
    expect(look('first-run', { ...READY, runs: [waiting, ...runs] }).action?.target).toEqual({ page: 'run', runId: 'run-100' });
    const paused = [buildSummary(100, { state: 'paused', finishedAtMs: null })];
    expect(look('run-100', { ...READY, runs: paused }).command).toBe('npm run cli -- run resume run-100');
  });

  it('stay done while another one waits or is in progress', () => {
    const next = buildSummary(1, { id: 'run-next', state: 'queued', finishedAtMs: null });
    expect(look('first-run', { ...READY, runs: [next, buildSummary(100)] }).state).toBe('done');
  });

  it('repeat prompts where the dataset is too small', () => {
    const datasets = [buildDataset({ name: 'Sample prompts', promptCount: 200 })];
    expect(look('run-500', { ...READY, datasets }).command).toBe(
      "npm run cli -- run start --testbed Lab --dataset 'Sample prompts' -n 500 --repeat-prompts",
    );
  });

  it('end the setup, however they ended', () => {
    expect(pathOf({ ...READY, runs: [buildSummary(1, { state: 'running' })] }).hasEndedRun).toBe(false);
    expect(pathOf({ ...READY, runs: [buildSummary(1, { state: 'stopped' })] }).hasEndedRun).toBe(true);
  });
});

describe('Table V', () => {
  it.each([
    ['done', 'all four columns', [{ counts: [1, 100, 500, 1000], isSimulated: false }]],
    ['open', '2 of 4 columns', [{ counts: [1, 7, 100], isSimulated: false }]],
    ['open', '0 of 4 columns', [{ counts: [1, 100, 500, 1000], isSimulated: true }]],
    [
      'open',
      'differ in more than |N|',
      [
        { counts: [1, 100], isSimulated: false },
        { counts: [500, 1000], isSimulated: false },
      ],
    ],
  ] as const)('is %s: %s', (state, words, measuredRows) => {
    const step = look('table-v', { ...READY, measuredRows });
    expect(step.state).toBe(state);
    expect(step.detail).toContain(words);
  });
});

describe('a virtual testbed', () => {
  const node = situate(buildNode({ provisionState: 'ready' }), { provision: applied('health') });
  const testbed = buildTestbed({ nodes: [node.node] });
  const virtual: Partial<Situation> = { testbed, testbeds: [testbed], nodes: [node], datasets: [buildDataset()] };

  it('skips what only hardware and real weights need, and says that it is simulated', () => {
    const path = pathOf(virtual);
    const skipped = path.steps.filter(({ state }) => state === 'skipped');
    expect(skipped.map(({ name }) => name)).toEqual([
      ...['host-keys', 'login', 'preflight', 'power-mode', 'wheels', 'weights', 'refined', 'model-pushed', 'calibrated'],
    ]);
    expect(skipped.every(({ detail }) => detail.startsWith('Simulated: '))).toBe(true);
    expect(countPathSteps(path.steps)).toEqual({ done: 4, total: 10 });
    expect([path.next, path.testbed?.isSimulated]).toEqual(['first-run', true]);
  });

  it('takes simulated runs, marked so', () => {
    const step = stepOf(pathOf({ ...virtual, runs: [buildSummary(100, { isSimulated: true })] }), 'run-100');
    expect(step).toMatchObject({ state: 'done', detail: 'Valid, 400.0 s (simulated; the paper: 382.4 s).' });
  });
});

describe('the commands of the path', () => {
  const hostile = 'Lab $(reboot)';
  const situations: [string, Partial<Situation>][] = [
    ['nothing', { testbed: null, testbeds: [] }],
    ['nodes alone', nodesWith(situate(buildOrin('orin-1')))],
    ['everything', READY],
    ['all measured', { ...READY, runs: [1, 100, 500, 1000].map((count) => buildSummary(count)) }],
  ];

  it.each(situations)('are in the program, with their options: of %s', async (_what, change) => {
    const program = await createWholeProgram();
    for (const { command, name } of pathOf(change).steps) {
      if (name === 'power-mode' && command.startsWith('ssh ')) continue;
      const [, line = ''] = command.split('npm run cli -- ');
      const words = line.split(' ');
      let found: Command = program;
      let child: Command | undefined;
      while ((child = found.commands.find((each) => each.name() === words[0]))) {
        found = child;
        words.shift();
      }
      const options = found.options.flatMap(({ long, short }) => [long, short]);
      expect(found, command).not.toBe(program);
      expect(options, command).toEqual(expect.arrayContaining(words.filter((word) => word.startsWith('-'))));
    }
  });

  it('hold nothing that a shell would obey', () => {
    const testbed = buildTestbed({ kind: 'real', name: hostile, nodes: [] });
    const other = buildTestbed({ id: 'testbed-2', name: 'Lab' });
    for (const { command } of pathOf({ testbed, testbeds: [testbed, other] }).steps) expect(command).not.toContain('reboot');
    const twin = { ...testbed, name: 'Lab' };
    expect(look('calibrated', { testbed: twin, testbeds: [twin, other] }).command).toBe('npm run cli -- calibrate testbed-1');
  });
});
