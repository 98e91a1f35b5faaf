import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import { isAbort, toApiErrorShape } from '../../../src/renderer/api/errors.js';
import { describeTimeScale } from '../../../src/renderer/components/describe-time-scale.js';
import { describeMalformed, listCounts } from '../../../src/shared/describe-dataset.js';
import { countSteps, listHostKeyQuestions } from '../../../src/renderer/views/testbeds/provisioning-state.js';
import { describeTestbed } from '../../../src/renderer/views/testbeds/testbed-state.js';
import type { HostKeyQuestion, NodeProvision, ProvisioningRun, StepState } from '../../../src/shared/provisioning.js';
import type { ProvisionState, Testbed, TestbedNode } from '../../../src/shared/testbed.js';

const testbedWith = (...states: ProvisionState[]): Testbed => ({
  id: 'tb',
  name: 'Bench',
  kind: 'virtual',
  timeScale: 1,
  createdAtMs: 0,
  nodes: states.map((provisionState) => ({ provisionState }) as TestbedNode),
});

describe('toApiErrorShape', () => {
  it("passes the program's own error on", () => {
    const appError = { code: 'not-found', message: 'There is no run r1', hint: 'Choose another run.' };
    const thrown = Object.assign(new TRPCClientError('There is no run r1'), { data: { appError } });
    expect(toApiErrorShape(thrown)).toEqual(appError);
  });

  it('passes on what is wrong with each field, and nothing that is no such complaint', () => {
    const fields = [{ field: 'slots', message: 'Must be at least 2.' }];
    const appError = { code: 'invalid-input', message: 'slots: Must be at least 2.', hint: null, fields: [...fields, { field: 1 }, null] };
    const thrown = Object.assign(new TRPCClientError('slots'), { data: { appError } });
    expect(toApiErrorShape(thrown).fields).toEqual(fields);
  });

  it('does not trust a shape with an unknown code', () => {
    const thrown = Object.assign(new TRPCClientError('odd'), { data: { appError: { code: 'toString', message: 'odd', hint: null } } });
    expect(toApiErrorShape(thrown).code).toBe('internal');
  });

  it('says that the connection was lost where the socket could not be opened', () => {
    const thrown = TRPCClientError.from(new Event('error'));
    expect(toApiErrorShape(thrown)).toMatchObject({
      code: 'io',
      message: expect.stringContaining('connection to the program was lost') as string,
    });
  });

  it('knows a cancelled call from a failed one', () => {
    expect(isAbort(new DOMException('Stopped', 'AbortError'))).toBe(true);
    expect(isAbort(new Error('Stopped'))).toBe(false);
  });
});

describe('describeTestbed', () => {
  it.each([
    [[], 'No nodes yet'],
    [['new', 'new'], 'Not provisioned'],
    [['ready', 'new'], '1 of 2 ready'],
    [['ready', 'failed'], '1 node failed'],
    [['failed', 'provisioning'], 'Provisioning'],
    [['ready', 'ready'], 'Ready'],
  ] satisfies [ProvisionState[], string][])('calls nodes %j %s', (states, label) => {
    expect(describeTestbed(testbedWith(...states)).label).toBe(label);
  });
});

describe('provisioning', () => {
  const question = (recordedFingerprint: string | null): HostKeyQuestion => ({
    nodeId: 'n',
    host: 'h',
    port: 22,
    keyType: 'ssh-ed25519',
    fingerprint: 'SHA256:new',
    recordedFingerprint,
    recordedIn: null,
  });
  const node = (states: StepState[], hostKeyQuestion: HostKeyQuestion | null = null): NodeProvision =>
    ({ steps: states.map((state) => ({ state })), hostKeyQuestion }) as NodeProvision;

  it('counts ended steps whatever their outcome', () => {
    const run = { nodes: [node(['changed', 'failed', 'skipped']), node(['unchanged', 'running', 'queued'])] } as ProvisioningRun;
    expect(countSteps(run)).toEqual({ done: 4, total: 6 });
  });

  it('puts changed host keys before unknown ones', () => {
    const run = { nodes: [node([], question(null)), node([], question('SHA256:old'))] } as ProvisioningRun;
    expect(listHostKeyQuestions(run).map((entry) => entry.recordedFingerprint)).toEqual(['SHA256:old', null]);
  });
});

describe('words', () => {
  it('says whose time it is only where it is not plain time', () => {
    expect(describeTimeScale(1, false)).toBeNull();
    expect(describeTimeScale(100, true)?.label).toBe('simulated · time ×100');
  });

  it('tells what was dropped and what was kept', () => {
    const counts = { lines: 12, kept: 9, blank: 1, oneLetter: 2, repeated: 0, malformed: 0, malformedAt: [] };
    expect(listCounts(counts, { keepOneLetter: false, keepRepeated: true })).toEqual([
      ['Entries', '12'],
      ['Blank lines', '1 dropped'],
      ['One-letter captions', '2 dropped'],
      ['Captions kept', '9'],
    ]);
    expect(describeMalformed({ format: 'plain-text', counts: { ...counts, malformed: 3, malformedAt: [4, 9] } })).toBe(
      'Lines 4, 9 and more did not fit the format.',
    );
    expect(describeMalformed({ format: 'coco-json', counts: { ...counts, malformed: 1, malformedAt: [4] } })).toBe(
      'Record 4 did not fit the format.',
    );
  });
});
