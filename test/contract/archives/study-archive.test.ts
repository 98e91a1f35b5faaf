// A run of a study goes to another machine with every cell and failure of it, has the same figure there, marked, and is done again there from
// its record.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CoreParts } from '../../../src/main/composition/core.js';
import type { StudyCell } from '../../../src/shared/study.js';
import { exportTo, importFrom, openFolder } from '../../support/archive-folders.js';
import { buildCell } from '../../unit/renderer/studies/study-fixture.js';

let folder: string;
let opened: CoreParts[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'study-archive-'));
  opened = [];
});
afterEach(async () => {
  for (const { core } of opened) await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(name: string): Promise<CoreParts> {
  const parts = await openFolder(join(folder, name));
  opened.push(parts);
  return parts;
}

/** Two seeds of each method at each point of Fig. 6(a), but for one that diverged. */
function fillStudy({ core, context }: CoreParts): void {
  const { storage } = context;
  const study = core.services.studies.list().find(({ name }) => name === 'fig-6a');
  if (!study) throw new Error('There is no study fig-6a');
  storage.studies.add({ id: 'study-1', programVersion: '0.1.0', study, firstSeed: 1, seeds: 2 });
  storage.jobs.save({
    ...{ id: 'study-1', kind: 'study', title: 'Run study', subject: { kind: 'study', id: 'study-1', name: study.name } },
    ...{ state: 'succeeded', outcome: null, error: null, createdAtMs: 1, startedAtMs: 2, finishedAtMs: 9, detail: null, log: [] },
  });
  const keys = study.points.flatMap((_, pointIndex) =>
    study.methods.flatMap((method) => [1, 2].map((seed) => ({ pointIndex, method, seed }))),
  );
  const [diverged, ...others] = keys;
  const cells = others.map((key, index): StudyCell => buildCell({ ...key, meanDelaySec: 7 + index / 8, episodeCpuSec: 0.25 }));
  storage.studies.addCells('study-1', cells);
  const error = { code: 'training-diverged' as const, message: 'A loss was no number in episode 3', hint: null };
  if (diverged) storage.studies.addFailure('study-1', { ...diverged, error });
}

/** Without the marks of where it is from. */
function figuresOf({ core }: CoreParts): unknown {
  const { studies } = core.services;
  const { run, ...figure } = studies.figure('study-1');
  const { imported: _imported, remainingSec: _remaining, ...same } = run;
  return { run: same, figure, cells: studies.cells('study-1').map(({ origin: _origin, ...cell }) => cell) };
}

it('has the same figure on another machine, marked as imported, and can be done again there', async () => {
  const a = await open('a');
  fillStudy(a);
  const before = figuresOf(a);
  const path = join(folder, 'study.zip');
  expect(await exportTo(a, path, [{ kind: 'study', id: 'study-1' }])).toMatchObject({ state: 'succeeded', error: null });
  const b = await open('b');
  expect(await importFrom(b, path)).toMatchObject({ state: 'succeeded', error: null });
  expect(figuresOf(b)).toEqual(before);
  expect(b.core.services.studies.cells('study-1').every(({ origin }) => origin === 'imported')).toBe(true);
  expect(b.core.services.studies.get('study-1').imported).toMatchObject({ fromMachine: 'lab-a' });
  const plan = await b.core.services.records.plan({ kind: 'study', id: 'study-1' });
  expect(plan.blockers).toEqual([]);
});
