import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

interface FileCost {
  suite: string;
  file: string;
  processorSec: number;
}

// The scripts are plain JavaScript without types.
const MODULE = '../../../scripts/lib/test-costs.mjs';
const { describeDearFiles, MAX_SEC_OF_A_FILE, readCosts, recordCosts } = (await import(MODULE)) as {
  describeDearFiles(costs: FileCost[]): string;
  MAX_SEC_OF_A_FILE: Record<'contract', number>;
  readCosts(suite: string, path: string): FileCost[];
  recordCosts(path: string): Record<string, string>;
};

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'costs-'));
  path = join(folder, 'costs.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (...costs: [string, number][]): void =>
  writeFileSync(path, costs.map(([file, processorSec]) => `${JSON.stringify({ file, processorSec })}\n`).join(''));

it('reads the dearest first, and of a file that ran twice the dearer time', () => {
  write(['a.test.ts', 3], ['b.test.ts', 9], ['a.test.ts', 4]);
  expect(readCosts('contract', path)).toEqual([
    { suite: 'contract', file: 'b.test.ts', processorSec: 9 },
    { suite: 'contract', file: 'a.test.ts', processorSec: 4 },
  ]);
});

it('has none where the system does not say what a process cost, and none of the time before', () => {
  expect(readCosts('contract', path)).toEqual([]);
  write(['a.test.ts', 3]);
  expect(recordCosts(path)).toEqual({ DEDGEAI_TEST_COSTS: path });
  expect(readCosts('contract', path)).toEqual([]);
});

it('names files far beyond their share, and not the slow ones', () => {
  const most = MAX_SEC_OF_A_FILE.contract;
  write(['a.test.ts', most * 2], ['b.test.ts', most * 1.2]);
  expect(describeDearFiles(readCosts('contract', path))).toContain(`a.test.ts: ${most * 2} s of a processor, at most ${most}`);
  expect(describeDearFiles(readCosts('contract', path))).not.toContain('b.test.ts');
  expect(describeDearFiles(readCosts('slow', path))).toBe('');
  expect(describeDearFiles([])).toBe('');
});
