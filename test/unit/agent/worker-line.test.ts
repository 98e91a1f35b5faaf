import { describe, expect, it } from 'vitest';
import { LineReader } from '../../../src/agent/worker/line-reader.js';
import { parseWorkerLine } from '../../../src/agent/worker/worker-messages.js';

describe('lines of the worker', () => {
  function read(maxChars: number, ...chunks: string[]): string[] {
    const lines: string[] = [];
    const reader = new LineReader(maxChars, (line) => lines.push(line));
    for (const chunk of chunks) reader.write(chunk);
    return lines;
  }

  it('are put together from whatever pieces they come in', () => {
    expect(read(100, '{"a"', ':1}\n{"b":2}', '\n', '\n{"c"')).toEqual(['{"a":1}', '{"b":2}']);
  });

  it('that are too long are left out whole, and the next one is read', () => {
    expect(read(5, '123456', '789\n12345\n')).toEqual(['12345']);
  });

  it('are messages when they have the form of one', () => {
    expect(parseWorkerLine('{"type":"step","id":"7","n":3,"more":true}')).toEqual({ type: 'step', id: '7', n: 3 });
  });

  it('tell memory that the system does not report as none', () => {
    const done = { type: 'done', id: '1', sizeBytes: 3, encodeMs: 1, stepMs: [2], decodeMs: 3, memory: { leastAvailableBytes: null } };
    expect(parseWorkerLine(JSON.stringify(done))).toMatchObject({ memory: { leastAvailableBytes: 0, mostCudaAllocatedBytes: 0 } });
  });

  it.each([
    'Loading pipeline components...',
    '42',
    '{"type":"step","id":"7","n":0}',
    '{"type":"done","id":"7","sizeBytes":1e12,"encodeMs":1,"stepMs":[],"decodeMs":1,"memory":{}}',
    '{"type":"done","id":"7","sizeBytes":1,"encodeMs":-1,"stepMs":[],"decodeMs":1,"memory":{}}',
    '{"type":"launch"}',
  ])('%s is no message', (line) => {
    expect(parseWorkerLine(line)).toBeNull();
  });
});
