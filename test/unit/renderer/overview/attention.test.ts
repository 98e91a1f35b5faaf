import { describe, expect, it } from 'vitest';
import { type AttentionFacts, listAttention } from '../../../../src/renderer/views/overview/attention.js';
import type { NodeLive } from '../../../../src/shared/testbed.js';
import { buildNode, buildTestbed } from '../../../support/storage-fixtures.js';

const nodes = [0, 1, 2, 3, 4].map((ordinal) =>
  buildNode({ id: `n${ordinal}`, name: `node-${ordinal + 1}`, ordinal, provisionState: 'ready' }),
);
const testbed = buildTestbed({ id: 'rack', name: 'Rack A', nodes });
function live(nodeId: string, change: Partial<NodeLive> = {}): NodeLive {
  return {
    ...{ nodeId, isConnected: true, lastCheckInAgeSec: 1, queueLength: 0, backlogSec: 0 },
    ...{ runningTaskId: null, runningStep: null, runningSteps: null, executedCount: 0, problem: null, ...change },
  };
}
const lost = (nodeId: string): NodeLive => live(nodeId, { isConnected: false, lastCheckInAgeSec: 134, problem: 'It does not answer.' });
function facts(change: Partial<AttentionFacts> = {}): AttentionFacts {
  return { testbeds: [testbed], live: new Map(), badRuns: [], jobs: [], questions: [], data: null, seenMs: 0, ...change };
}
const run = (id: string, change: object = {}) => ({
  ...{ id, name: `Run ${id}`, state: 'succeeded', createdAtMs: 1, finishedAtMs: 10 },
  result: { isValid: false, reasons: ['The nodes ran in different power modes.'] },
  ...change,
});

describe('what needs attention', () => {
  it('is nothing where all is well', () => {
    const data = { freeBytes: 50e9, totalBytes: 100e9, damagedImages: [] };
    expect(listAttention(facts({ live: new Map([['rack', nodes.map(({ id }) => live(id))]]), data }))).toEqual([]);
  });

  it('names a lost node with how long and why, and leads to it', () => {
    expect(listAttention(facts({ live: new Map([['rack', [lost('n2')]]]) }))).toEqual([
      {
        ...{ key: 'node n2', tone: 'danger', text: 'node-3 lost for 2 min 14 s', reason: 'Rack A: It does not answer.', endedAtMs: null },
        action: { label: 'Show node', to: { name: 'testbed', params: { testbedId: 'rack' }, query: { node: 'n2' } } },
      },
    ]);
  });

  it('counts the lost nodes of a testbed where many are', () => {
    const items = listAttention(facts({ live: new Map([['rack', nodes.map(({ id }) => lost(id))]]) }));
    expect(items.map(({ text }) => text)).toEqual(['node-1 lost for 2 min 14 s and 4 more nodes of Rack A']);
  });

  it('joins invalid runs with the reason of the newest, and shows none that was looked at', () => {
    const badRuns = [run('b', { finishedAtMs: 20 }), run('a')];
    const [item] = listAttention(facts({ badRuns }));
    expect(item).toMatchObject({ text: '2 runs invalid', reason: 'The nodes ran in different power modes.', endedAtMs: 20 });
    expect(item?.action.to).toEqual({ name: 'runs', query: { q: 'kind:run valid:no' } });
    expect(listAttention(facts({ badRuns, seenMs: 10 })).map(({ text }) => text)).toEqual(['Run b is invalid']);
    expect(listAttention(facts({ badRuns, seenMs: 20 }))).toEqual([]);
  });

  it('names the reason of the newest as its own where the runs have different ones', () => {
    const badRuns = [run('b', { result: { isValid: false, reasons: ['ES 2 was lost.'] } }), run('a')];
    expect(listAttention(facts({ badRuns }))[0]).toMatchObject({ text: '2 runs invalid', reason: 'Most recent: ES 2 was lost.' });
  });

  it('tells a failed run from an invalid one', () => {
    const items = listAttention(facts({ badRuns: [run('a', { state: 'failed' })] }));
    expect(items.map(({ text, tone }) => [text, tone])).toEqual([['Run a failed', 'danger']]);
  });

  it('says that a disk is low by its share, and nothing where the size is not known', () => {
    const low = { freeBytes: 5e9, totalBytes: 100e9, damagedImages: [] };
    expect(listAttention(facts({ data: low }))[0]).toMatchObject({ key: 'disk', text: '5.00 GB free on the disk of the data folder' });
    expect(listAttention(facts({ data: { ...low, totalBytes: null } }))).toEqual([]);
  });

  const question = {
    ...{ nodeId: 'n0', host: 'h', port: 22, keyType: 'ssh-ed25519', fingerprint: 'f' },
    ...{ recordedFingerprint: null, recordedIn: null },
  };

  it('puts a changed host key before one that is only new', () => {
    const items = listAttention(
      facts({
        questions: [
          { ...question, testbedId: 'other' },
          { ...question, recordedFingerprint: 'g', testbedId: 'rack' },
        ],
      }),
    );
    expect(items.map(({ text, tone }) => [text, tone])).toEqual([
      ['1 host key of Rack A changed', 'danger'],
      ['1 host key of other not trusted yet', 'warning'],
    ]);
  });

  it('lists the addresses of changed host keys without those that are only new', () => {
    const questions = [
      { ...question, host: 'a', testbedId: 'rack' },
      { ...question, host: 'b', recordedFingerprint: 'g', testbedId: 'rack' },
      { ...question, host: 'c', testbedId: 'rack' },
    ];
    expect(listAttention(facts({ questions }))).toMatchObject([
      { text: '1 host key of Rack A changed', reason: 'b:22; 2 more not trusted yet' },
    ]);
  });

  const job = (id: string, finishedAtMs: number, change: object = {}): AttentionFacts['jobs'][number] => ({
    ...{ id, kind: 'provisioning', title: 'Provision', subject: { kind: 'testbed', id: 'rack', name: 'Rack A' } },
    ...{ state: 'failed', error: null, finishedAtMs, ...change },
  });

  it('names of jobs that do the same to the same the last that failed, until one succeeds', () => {
    const other = job('c', 5, { subject: { kind: 'testbed', id: 'loft', name: 'Loft' } });
    const named = (jobs: AttentionFacts['jobs']): string[] => listAttention(facts({ jobs })).map(({ key }) => key);
    expect(named([job('a', 10), job('b', 20), other])).toEqual(['job b', 'job c']);
    expect(named([job('b', 20), job('d', 30, { state: 'succeeded' }), other])).toEqual(['job c']);
    expect(named([job('b', 20), job('e', 30, { state: 'cancelled' })])).toEqual(['job b']);
  });
});
