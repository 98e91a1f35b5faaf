import { describe, expect, it } from 'vitest';
import { findLines, formatLog, indexOfStep, mergeLog } from '../../../../src/renderer/views/testbeds/provision-log.js';
import type { NodeProvision, ProvisionLine } from '../../../../src/shared/provisioning.js';

function node(name: string, output: ProvisionLine[], change: Partial<NodeProvision> = {}): NodeProvision {
  return { nodeId: `id-${name}`, nodeName: name, state: 'running', steps: [], hostKeyQuestion: null, output, ...change };
}
const line = (atMs: number | null, text: string, step: ProvisionLine['step'] = 'agent'): ProvisionLine => ({ atMs, text, step });

describe('the log of a provisioning', () => {
  it('merges the lines of all nodes by time, and keeps the order of one instant', () => {
    const nodes = [node('a', [line(1, 'a1'), line(3, 'a2'), line(3, 'a3')]), node('b', [line(2, 'b1'), line(3, 'b2')])];
    expect(mergeLog(nodes, null).map(({ text }) => text)).toEqual(['a1', 'b1', 'a2', 'a3', 'b2']);
    expect(mergeLog(nodes, 'id-b').map(({ text }) => text)).toEqual(['b1', 'b2']);
  });

  it('has the error of a step as a line of its own', () => {
    const error = { code: 'node-failed', message: 'No space left on device', hint: '' } as const;
    const step = { name: 'agent', state: 'failed', detail: null, startedAtMs: 1, finishedAtMs: 5, error } as const;
    const lines = mergeLog([node('a', [line(2, 'scp')], { steps: [step as never] })], null);
    expect(lines.at(-1)).toMatchObject({ isError: true, text: 'No space left on device', step: 'agent', atMs: 5 });
  });

  it('gives a line the same key when older ones have gone', () => {
    const before = mergeLog([node('a', [line(1, 'x'), line(2, 'y'), line(2, 'z')])], null);
    const after = mergeLog([node('a', [line(2, 'y'), line(2, 'z'), line(3, 'w')])], null);
    expect(after.slice(0, 2).map(({ key }) => key)).toEqual(before.slice(1).map(({ key }) => key));
    expect(new Set(after.map(({ key }) => key)).size).toBe(3);
  });

  it('finds lines by words in any order and case, also by node and step', () => {
    const lines = mergeLog(
      [node('rack-1', [line(1, 'Copied 3 files'), line(2, 'No space left')]), node('rack-2', [line(3, 'Copied 4 files')])],
      null,
    );
    expect(findLines(lines, 'files COPIED')).toEqual([0, 2]);
    expect(findLines(lines, 'rack-2')).toEqual([2]);
    expect(findLines(lines, 'agent space')).toEqual([1]);
    expect(findLines(lines, '  ')).toEqual([]);
  });

  it('takes text that turns its neighbors around for what it is', () => {
    const [hostile] = mergeLog([node('a', [line(1, 'safe \u{202e}txet')])], null);
    expect(hostile?.text).not.toContain('\u{202e}');
  });

  it('leads to where a step starts, or to what the node printed last before it', () => {
    const lines = mergeLog([node('a', [line(1, 'p', 'facts'), line(4, 'q', 'agent')]), node('b', [line(2, 'r', 'facts')])], null);
    expect(indexOfStep(lines, 'id-a', 'agent')).toBe(2);
    expect(indexOfStep(lines, 'id-b', 'health')).toBe(1);
    expect(indexOfStep(lines, 'id-c', 'facts')).toBeNull();
  });

  it('is text with an instant, a node and a step in each line', () => {
    expect(formatLog(mergeLog([node('a', [line(0, 'x'), line(null, 'old', null)])], null))).toBe(
      '1970-01-01T00:00:00.000Z\ta\tagent\tx\n-\ta\t-\told',
    );
  });
});
