// The path from unboxed nodes: what is next, and what is known of nodes before anything is sent to them.
import { describe, expect, it } from 'vitest';
import type { Situation } from '../../../src/main/domain/path/situation.js';
import { nameStepState, type PathStepName } from '../../../src/shared/lab-path.js';
import { buildModel, buildOrin, buildSummary, HOUR_MS, NOW_MS, ORIN_FACTS, situate, stepOf } from '../../support/path-fixtures.js';
import { pathOf, look, nodesWith, failed, readyNode, READY } from '../../support/path-situations.js';

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
