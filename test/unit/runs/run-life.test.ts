// What a run notes of what held it up, in its own row.
import { expect, it } from 'vitest';
import { RunLife } from '../../../src/main/domain/runs/run-life.js';
import type { RunChange, StoredRun } from '../../../src/main/domain/runs/run-store.js';
import { buildRun } from '../../support/storage-fixtures.js';

/** Over a row that keeps what is written; `at` sets the clock, epoch ms. */
function openLife(change: Partial<StoredRun> = {}) {
  let nowMs = 1_000;
  let row = buildRun({ state: 'running', startedAtMs: 1_000, timeScale: 10, ...change });
  const store = {
    updateRun: (_id: string, changed: RunChange) => {
      row = { ...row, ...changed };
    },
  };
  const open = (): RunLife => new RunLife({ run: row, store, nowMs: () => nowMs, changed: () => undefined });
  return { life: open(), open, row: () => row, at: (ms: number) => (nowMs = ms) };
}

it('keeps when a node was lost and when it came back, over a restart of the program', () => {
  const { life, open, row, at } = openLife();
  at(2_000);
  life.noteLoss('node-1', 4_000);
  life.noteLoss('node-2', 9_000);
  const later = open();
  at(3_000);
  later.noteReturn('node-1');
  expect(later.losses).toEqual([
    { nodeId: 'node-1', fromMs: 4_000, toMs: 20_000 },
    { nodeId: 'node-2', fromMs: 9_000, toMs: null },
  ]);
  expect(row().interruptions?.losses).toEqual(later.losses);
});

it('has one loss of a node that is still away after a restart of the program', () => {
  const { life, open } = openLife();
  life.noteLoss('node-1', 4_000);
  const later = open();
  later.noteLoss('node-1', 9_000);
  expect(later.losses).toEqual([{ nodeId: 'node-1', fromMs: 4_000, toMs: null }]);
});

it('writes nothing for a node that was not lost', () => {
  const { life, row } = openLife();
  life.noteReturn('node-1');
  expect(row().interruptions).toBeUndefined();
});

it('keeps when it stood still, and shows the one that lasts', () => {
  const { life, open, row, at } = openLife();
  at(2_000);
  life.update({ state: 'paused', clockStoppedAtMs: 2_000 });
  at(2_500);
  expect(life.standstills).toEqual([{ atMs: 10_000, realMs: null }]);
  life.update({ state: 'running' });
  expect(row().interruptions?.standstills).toEqual([{ atMs: 10_000, realMs: 500 }]);
  expect(open().standstills).toEqual([{ atMs: 10_000, realMs: 500 }]);
});

it('lets the oldest go where a link comes and goes without end', () => {
  const { life, row } = openLife();
  for (let fromMs = 0; fromMs < 1_200; fromMs++) {
    life.noteLoss('node-1', fromMs);
    life.noteReturn('node-1');
  }
  expect(row().interruptions?.losses).toHaveLength(1000);
  expect(row().interruptions?.losses[0]?.fromMs).toBe(200);
});
