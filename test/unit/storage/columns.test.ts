// One map says where a record lies, for writing and for reading.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { column, Columns, flag, instant, json, nullableJson, optional } from '../../../src/main/adapters/storage/columns.js';

interface Delays {
  uploadMs: number;
  computeMs: number;
}

const DELAYS = new Columns<Delays>({ uploadMs: column('upload_ms'), computeMs: column('compute_ms') });
const TASK = new Columns<{
  id: string;
  isSimulated: boolean;
  delays: Delays | null;
  tags: string[];
  note: { text: string } | null;
  atMs: number;
}>({
  id: column('id'),
  isSimulated: flag('is_simulated'),
  delays: optional(DELAYS),
  tags: json('tags_json', z.array(z.string())),
  note: nullableJson('note_json', z.object({ text: z.string() })),
  atMs: instant('at_ms'),
});

describe('Columns', () => {
  it('writes a record to the columns, and reads it back by their order', () => {
    const task = { id: 't0', isSimulated: true, delays: { uploadMs: 1, computeMs: 2 }, tags: ['a'], note: { text: 'n' }, atMs: 5 };
    const row = TASK.toRow(task);
    expect(row).toEqual({
      id: 't0',
      is_simulated: 1,
      upload_ms: 1,
      compute_ms: 2,
      tags_json: '["a"]',
      note_json: '{"text":"n"}',
      at_ms: 5,
    });
    expect(TASK.read(TASK.names.map((name) => row[name] ?? null))).toEqual(task);
  });

  it('writes an absent part as NULL in all of its columns, and whole milliseconds', () => {
    const row = TASK.toRow({ id: 't0', isSimulated: false, delays: null, tags: [], note: null, atMs: 5.6 });
    expect(row).toMatchObject({ is_simulated: 0, upload_ms: null, compute_ms: null, note_json: null, at_ms: 6 });
    expect(TASK.read(TASK.names.map((name) => row[name] ?? null))).toMatchObject({ delays: null, note: null, isSimulated: false });
  });

  it('takes a part for absent where a required column of it is NULL, and no other', () => {
    const part = optional(DELAYS, ['upload_ms']);
    expect(part.read([7, 1, null], 1)).toEqual({ uploadMs: 1, computeMs: null });
    expect(part.read([7, null, 2], 1)).toBeNull();
  });

  it('puts two maps into one, and names their columns for a SELECT', () => {
    const both = new Columns<{ runId: string }>({ runId: column('run_id') }).and(DELAYS);
    expect([both.list(), both.list('t')]).toEqual(['run_id, upload_ms, compute_ms', 't.run_id, t.upload_ms, t.compute_ms']);
    expect(both.read(['run-1', 1, 2])).toEqual({ runId: 'run-1', uploadMs: 1, computeMs: 2 });
  });

  it('throws where a JSON column does not hold what it should', () => {
    expect(() => TASK.read(['t0', 1, null, null, '{"not":"a list"}', null, 5])).toThrow('expected array');
  });
});
