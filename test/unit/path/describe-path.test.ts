import { routeOf } from '../../../src/renderer/views/overview/path-target.js';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { describePath } from '../../../src/main/domain/path/describe-path.js';
import type { NodeSituation, Situation } from '../../../src/main/domain/path/situation.js';
import { countPathSteps, type LabPath, nameStepState, type PathStepName, type PathStepState } from '../../../src/shared/lab-path.js';
import {
  buildDataset,
  buildModel,
  buildOpenJob,
  buildOrin,
  buildSituation,
  buildStep,
  buildSummary,
  HOUR_MS,
  NOW_MS,
  ORIN_FACTS,
  REAL_WORKER,
  situate,
  stepOf,
  T5_PART,
} from '../../support/path-fixtures.js';
import { buildNode, buildTestbed } from '../../support/storage-fixtures.js';
import { createWholeProgram } from '../../support/whole-program.js';

const pathOf = (change: Partial<Situation> = {}): LabPath => describePath(buildSituation(change));
const look = (name: PathStepName, change: Partial<Situation> = {}) => stepOf(pathOf(change), name);
const nodesWith = (...nodes: NodeSituation[]): Partial<Situation> => ({ nodes });
const desired = { worker: 'resd3-m', modelId: 'model-1', service: 'auto' } as const;
const failed = (name: 'connect' | 'preflight' | 'model', code: 'ssh-auth-failed' | 'host-key-changed' | 'unsupported') => ({
  state: 'failed' as const,
  kind: 'apply' as const,
  steps: [buildStep(name, { state: 'failed', error: { code, message: 'Node "orin-1" said no.', hint: 'Ask it again.' } })],
});
const applied = (...names: Parameters<typeof buildStep>[0][]) => ({
  state: 'succeeded' as const,
  kind: 'apply' as const,
  steps: names.map((name) => buildStep(name)),
});

/** A node as it is when everything before the runs is done. */
const readyNode = (name: string): NodeSituation =>
  situate(
    buildOrin(name, {
      facts: ORIN_FACTS,
      provisionState: 'ready',
      worker: REAL_WORKER,
      calibration: { fixedSec: 3.8, secPerStep: 1, residualSec: 0, imageCount: 6, measuredAtMs: NOW_MS - HOUR_MS },
    }),
    { desired, hostKeyAtMs: 1, provision: applied('connect', 'preflight', 'model', 'health') },
  );
const READY: Partial<Situation> = {
  ...nodesWith(readyNode('orin-1'), readyNode('orin-2')),
  models: [buildModel()],
  datasets: [buildDataset()],
  wheels: [
    {
      jetpack: '6',
      title: '',
      python: '3.10',
      notes: [],
      packages: ['torch'],
      hereCount: 1,
      missing: [],
      hereBytes: 1,
      index: null,
      folder: '/wheels',
    },
  ],
};

describe('the next step', () => {
  it.each<[string, Partial<Situation>, PathStepName | null]>([
    ['without a testbed', { testbed: null, testbeds: [] }, 'testbed'],
    ['of a testbed without nodes', {}, 'nodes'],
    ['of nodes that no one has looked at', nodesWith(situate(buildOrin('orin-1'))), 'host-keys'],
    ['of nodes that are ready', READY, 'first-run'],
    ['after a first run of another size', { ...READY, runs: [buildSummary(3)] }, 'run-1'],
    ['after the run of 1', { ...READY, runs: [buildSummary(1)] }, 'run-100'],
    [
      'when all is measured',
      {
        ...READY,
        runs: [1, 100, 500, 1000].map((count) => buildSummary(count)),
        measuredRows: [{ counts: [1, 100, 500, 1000], isSimulated: false }],
      },
      null,
    ],
  ])('%s', (_what, change, next) => {
    expect(pathOf(change).next).toBe(next);
  });

  it('is no advice that was gone past', () => {
    const slow = readyNode('orin-1');
    slow.node = { ...slow.node, facts: { ...ORIN_FACTS, powerMode: 'MODE_30W' } };
    const path = pathOf({ ...READY, nodes: [slow], wheels: [] });
    expect(stepOf(path, 'power-mode').state).toBe('open');
    expect(stepOf(path, 'wheels').state).toBe('blocked');
    expect(path.next).toBe('first-run');
  });
});

describe('what no one has looked at', () => {
  it.each<PathStepName>(['host-keys', 'login', 'preflight', 'power-mode', 'wheels', 'model-pushed'])('is not claimed: %s', (name) => {
    const step = look(name, { ...nodesWith(situate(buildOrin('orin-1'))), models: [buildModel()] });
    expect([step.state, step.asOfMs]).toEqual(['unseen', null]);
  });

  it('is named where other nodes were looked at', () => {
    const step = look('login', nodesWith(situate(buildOrin('orin-1', { facts: ORIN_FACTS })), situate(buildOrin('orin-2'))));
    expect(step).toMatchObject({ state: 'unseen', detail: '1 of 2 nodes done. orin-2: not tried yet.' });
    expect(step.command).toBe('npm run cli -- node facts orin-2 --read');
  });

  it('has a word of its own', () => {
    expect([nameStepState('unseen', false), nameStepState('open', false), nameStepState('unseen', true)]).toEqual([
      'Not looked at',
      'To do',
      'Next',
    ]);
  });
});

describe('how old a step is', () => {
  it('is the age of its oldest look', () => {
    const older = buildOrin('orin-2', { facts: { ...ORIN_FACTS, readAtMs: NOW_MS - 5 * HOUR_MS } });
    const nodes = nodesWith(situate(buildOrin('orin-1', { facts: ORIN_FACTS })), situate(older));
    expect(look('login', nodes)).toMatchObject({ state: 'done', asOfMs: NOW_MS - 5 * HOUR_MS });
    expect(look('power-mode', nodes)).toMatchObject({ state: 'done', asOfMs: NOW_MS - 5 * HOUR_MS });
  });
});

describe('host keys', () => {
  const question = {
    ...{ nodeId: 'node-orin-1', host: '192.168.1.11', port: 22, keyType: 'ssh-ed25519', fingerprint: 'SHA256:new' },
    recordedIn: null,
  };

  it('that wait for a word are to be compared, by the command that names them', () => {
    const step = look('host-keys', nodesWith(situate(buildOrin('orin-1'), { question: { ...question, recordedFingerprint: null } })));
    expect(step).toMatchObject({ state: 'open', command: 'npm run cli -- node trust orin-1 --fingerprint SHA256:new' });
  });

  it('that have changed block, and no command trusts the new one', () => {
    const changed = { question: { ...question, recordedFingerprint: 'SHA256:old' }, hostKeyAtMs: 1 };
    const step = look('host-keys', nodesWith(situate(buildOrin('orin-1'), changed)));
    expect(step.state).toBe('blocked');
    expect(step.command).not.toContain('SHA256:new');
  });

  it('that were refused since they were trusted block', () => {
    const node = situate(buildOrin('orin-1'), { hostKeyAtMs: 1, provision: failed('connect', 'host-key-changed') });
    expect(look('host-keys', nodesWith(node))).toMatchObject({ state: 'blocked', remedy: 'Ask it again.' });
    expect(look('login', nodesWith(node)).state).toBe('unseen');
  });
});

describe('a login', () => {
  it('that was refused blocks with the reason, and leads to the command that helps', () => {
    const step = look('login', nodesWith(situate(buildOrin('orin-1'), { provision: failed('connect', 'ssh-auth-failed') })));
    expect(step).toMatchObject({ state: 'blocked', detail: 'Node "orin-1" said no.', remedy: 'Ask it again.' });
    expect(step.command).toBe('npm run cli -- node authorize orin-1');
  });

  it('that worked after it was refused works', () => {
    const node = situate(buildOrin('orin-1', { facts: ORIN_FACTS }), { provision: failed('connect', 'ssh-auth-failed') });
    expect(look('login', nodesWith(node)).state).toBe('done');
  });

  it('that failed in the last check does not, whatever it was before', () => {
    const check = { outcome: 'unreached', message: 'Node "orin-1" does not answer.', atMs: NOW_MS } as const;
    const step = look('login', nodesWith(situate(buildOrin('orin-1', { facts: ORIN_FACTS }), { check })));
    expect(step).toMatchObject({ state: 'blocked', detail: 'Node "orin-1" does not answer.', asOfMs: NOW_MS });
  });
});

describe('the preflight check', () => {
  const checked = (outcome: 'passed' | 'blocked' | 'preflight-blocked', atMs: number) =>
    look(
      'preflight',
      nodesWith(
        situate(buildOrin('orin-1'), {
          check: { outcome, message: 'orin-1: no room.', atMs },
          provision: failed('preflight', 'unsupported'),
        }),
      ),
    );

  it('counts as it came out last, in a check or in a provisioning', () => {
    expect(checked('passed', NOW_MS).state).toBe('done');
    expect(checked('preflight-blocked', NOW_MS)).toMatchObject({ state: 'blocked', detail: 'orin-1: no room.' });
    expect(checked('passed', NOW_MS - 3 * HOUR_MS)).toMatchObject({ state: 'blocked', detail: 'Node "orin-1" said no.' });
  });

  it('is passed where something later is in the way, which provisioning says', () => {
    expect(checked('blocked', NOW_MS).state).toBe('done');
    const check = { outcome: 'blocked', message: 'orin-1: no wheels.', atMs: NOW_MS } as const;
    expect(look('provisioned', nodesWith(situate(buildOrin('orin-1'), { check })))).toMatchObject({
      state: 'blocked',
      detail: 'orin-1: no wheels.',
    });
  });
});

describe('power modes', () => {
  const inMode = (...modes: (string | null)[]) =>
    nodesWith(...modes.map((powerMode, index) => situate(buildOrin(`orin-${index + 1}`, { facts: { ...ORIN_FACTS, powerMode } }))));

  it('name an unboxed AGX Orin at 30 W and the command for it', () => {
    const step = look('power-mode', inMode('MODE_30W', 'MODE_30W', 'MAXN'));
    expect(step.state).toBe('open');
    expect(step.detail).toContain('orin-1, orin-2: power mode MODE_30W, in which an AGX Orin comes out of its box');
    expect(step.detail).toContain('about a quarter of what MAXN gives');
    expect(step.command).toBe('ssh -t lab@192.168.1.11 "echo YES | sudo nvpmodel -m 0"');
  });

  it('have to be alike', () => {
    const other = { ...ORIN_FACTS, module: 'p3767-0000 (Orin NX 16 GB)', powerMode: '25W' };
    const step = look('power-mode', nodesWith(situate(buildOrin('a', { facts: ORIN_FACTS })), situate(buildOrin('b', { facts: other }))));
    expect(step).toMatchObject({ state: 'open', detail: 'The power modes differ: a in MAXN, b in 25W.' });
  });

  it('are not made up where the node does not report them', () => {
    expect(look('power-mode', inMode(null)).state).toBe('unseen');
  });

  it('are none of a node that is no Jetson', () => {
    const facts = { ...ORIN_FACTS, l4tVersion: null, soc: null, module: null, powerMode: null };
    expect(look('power-mode', nodesWith(situate(buildOrin('pc', { facts }))))).toMatchObject({ state: 'done' });
  });
});

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
    const paused = [buildSummary(100, { state: 'paused', finishedAtMs: null })];
    expect(look('run-100', { ...READY, runs: paused }).command).toBe('npm run cli -- run resume run-100');
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
