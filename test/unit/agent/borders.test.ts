import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';

import { DecisionTimes } from '../../../src/agent/base-station/decision-times.js';
import { drainedBacklogMs } from '../../../src/agent/peers/peer-directory.js';
import { checkConfigure, checkTask } from '../../../src/agent/messages/parse-messages.js';
import { identityOfNames } from '../../../src/agent/rpc/peer-identity.js';
import { PolicyVersions } from '../../../src/agent/policies/policy-versions.js';
import { Runs } from '../../../src/agent/runs.js';
import { wrapText } from '../../../src/agent/worker/bitmap-font.js';
import { ConfigureRequestSchema, TaskSchema } from '../../../src/shared/rpc/gen/agent_pb.js';

describe('identityOfNames', () => {
  it('knows the control center', () => {
    expect(identityOfNames('DNS:control-center.dedgeai.internal')).toEqual({ kind: 'control-center' });
  });

  it('knows a node and its id', () => {
    expect(identityOfNames('DNS:n1.node.dedgeai.internal')).toEqual({ kind: 'node', nodeId: 'n1' });
  });

  it.each([
    undefined,
    '',
    'DNS:.node.dedgeai.internal',
    'DNS:a.b.node.dedgeai.internal',
    'DNS:n1.node.dedgeai.internal.evil.example',
    'DNS:evil.example, DNS:control-center.dedgeai.internal',
    'IP Address:127.0.0.1',
  ])('calls %s a stranger', (names) => {
    expect(identityOfNames(names)).toEqual({ kind: 'stranger' });
  });
});

describe('checks of requests', () => {
  const task = { id: 't', runId: 'r', leaseEpoch: 1, baseStationId: 'n', prompt: 'p', qualitySteps: 10, widthPx: 512, heightPx: 512 };

  it('let a good task pass', () => {
    expect(checkTask(create(TaskSchema, task)).id).toBe('t');
  });

  it.each([
    ['an empty id', { id: '' }, 'id'],
    ['an absurd lease epoch', { leaseEpoch: 4_000_000_000 }, 'leaseEpoch'],
    ['no steps', { qualitySteps: 0 }, 'qualitySteps'],
    ['a huge picture', { widthPx: 100_000 }, 'widthPx'],
    ['a novel for a prompt', { prompt: 'x'.repeat(10_001) }, 'prompt'],
  ])('refuse a task with %s and name the field', (_, change, field) => {
    expect(() => checkTask(create(TaskSchema, { ...task, ...change }))).toThrow(field);
  });

  it('refuse an unknown scheduler', () => {
    const request = create(ConfigureRequestSchema, {
      protocolVersion: 2,
      runId: 'r',
      scheduler: 'psychic',
      peers: [{ nodeId: 'n', host: 'h', port: 1 }],
    });
    expect(() => checkConfigure(request, 'n')).toThrow('scheduler');
  });

  it('refuse a control center of another age in words', () => {
    const request = create(ConfigureRequestSchema, { runId: 'r', scheduler: 'random', peers: [{ nodeId: 'n', host: 'h', port: 1 }] });
    expect(() => checkConfigure(request, 'n')).toThrow(/of another age.*version 0.*provision the node again/);
  });

  it('refuse a run that this node is no part of', () => {
    const request = create(ConfigureRequestSchema, {
      protocolVersion: 2,
      runId: 'r',
      scheduler: 'random',
      peers: [{ nodeId: 'n', host: 'h', port: 1 }],
    });
    expect(() => checkConfigure(request, 'me')).toThrow('node me is not among its peers');
  });
});

describe('runs', () => {
  const settings = {
    runId: 'r',
    scheduler: 'random' as const,
    learnedPolicy: '',
    nodeIds: ['n'],
    schedulerSeed: 1,
    scheduling: {},
    stoodStillMs: 0,
    keepsExperience: false,
  };

  function runsAt(clock: { nowMs: number }): Runs {
    const scaled = { timeScale: 100, nowMs: () => clock.nowMs, waitUntil: () => Promise.resolve() };
    return new Runs(scaled, new PolicyVersions(() => 0));
  }

  it('keep the time axis however late a repeated Configure arrives: no computation is placed before the end of the one before', () => {
    const clock = { nowMs: 500 };
    const runs = runsAt(clock);
    runs.configure({ ...settings, elapsedMs: 1_000 });
    clock.nowMs = 1_000_500;
    runs.configure({ ...settings, elapsedMs: 500_000 });
    expect(runs.get('r')?.startMs).toBe(-500);
  });

  it('come nearer to the axis with a Configure that was under way for less time', () => {
    const clock = { nowMs: 500 };
    const runs = runsAt(clock);
    runs.configure({ ...settings, elapsedMs: 1_000 });
    clock.nowMs = 10_500;
    runs.configure({ ...settings, elapsedMs: 11_700 });
    expect(runs.get('r')?.startMs).toBe(-1_200);
  });

  it('take the start as soon as it is known, however near it is to the first Configure', () => {
    const clock = { nowMs: 500 };
    const runs = runsAt(clock);
    runs.configure({ ...settings, elapsedMs: 0 });
    clock.nowMs = 10_500;
    runs.configure({ ...settings, elapsedMs: -25_000 });
    clock.nowMs = 40_500;
    runs.configure({ ...settings, elapsedMs: 4_000 });
    expect(runs.get('r')?.startMs).toBe(35_500);
  });

  it('take over the axis of a run that has stood still, also when they were not told of its pause', () => {
    const clock = { nowMs: 500 };
    const runs = runsAt(clock);
    runs.configure({ ...settings, elapsedMs: 500 });
    clock.nowMs = 1_000_500;
    runs.configure({ ...settings, elapsedMs: 500, stoodStillMs: 10_000 });
    expect(runs.get('r')?.startMs).toBe(1_000_000);
  });
});

describe('a reported backlog', () => {
  it('falls with time while the server works', () => {
    expect(drainedBacklogMs({ backlogMs: 100, isDraining: true }, 30)).toBe(70);
  });

  it('stays while the server is held', () => {
    expect(drainedBacklogMs({ backlogMs: 100, isDraining: false }, 30)).toBe(100);
  });
});

describe('decision times', () => {
  it('give percentiles over the last thousand decisions', () => {
    const times = new DecisionTimes();
    times.add(5_000, 1);
    for (let i = 1; i <= 1_000; i++) times.add(i, 1);
    expect([times.percentileMs(0.5), times.percentileMs(0.99), times.percentileMs(1)]).toEqual([500, 990, 1_000]);
  });
});

describe('wrapText', () => {
  it('breaks at spaces', () => {
    expect(wrapText('one two three', 7, 3)).toEqual(['one two', 'three']);
  });

  it('breaks words that are longer than a line and marks what is left out', () => {
    expect(wrapText('abcdefghijkl', 4, 2)).toEqual(['abcd', 'efg…']);
  });
});
