// The names of everything, kind by kind, the newest first. What is in the bin has no name here.
import type { FoundName, NamedKind } from '../../../shared/found-name.js';
import { notInBin } from './bin.js';
import type { Database, Statement } from './database.js';
import { containsPattern } from './like-pattern.js';

interface NameRow {
  id: string;
  name: string;
  ofId: string | null;
  ofName: string | null;
  atMs: number | null;
}

type Parameters = { patterns: string; limit: number };

/** Every word has a pattern that the name fits. */
const fits = (name: string): string => `NOT EXISTS (SELECT 1 FROM json_each(@patterns) word WHERE ${name} NOT LIKE word.value ESCAPE '\\')`;
const END = 'ORDER BY atMs DESC, id DESC LIMIT @limit';
const job = (kind: string): string => `SELECT id, subject_name AS name, NULL AS ofId, NULL AS ofName, created_at_ms AS atMs FROM jobs
  WHERE kind = '${kind}' AND ${notInBin(`'${kind}'`, 'id')} AND ${fits('subject_name')} ${END}`;
const plain = (kind: string, name: string, atMs: string): string =>
  `SELECT id, ${name} AS name, NULL AS ofId, NULL AS ofName, ${atMs} AS atMs FROM ${kind}s
    WHERE ${notInBin(`'${kind}'`, 'id')} AND ${fits(name)} ${END}`;

const SELECTS: Readonly<Record<NamedKind, string>> = {
  testbed: plain('testbed', 'name', 'created_at_ms'),
  node: `SELECT n.id, n.name, t.id AS ofId, t.name AS ofName, t.created_at_ms AS atMs FROM nodes n JOIN testbeds t ON t.id = n.testbed_id
    WHERE ${notInBin("'testbed'", 't.id')} AND ${fits("n.name || ' ' || t.name")} ORDER BY t.created_at_ms DESC, n.ordinal LIMIT @limit`,
  run: `SELECT id, name, testbed_id AS ofId, testbed_name AS ofName, created_at_ms AS atMs FROM runs
    WHERE ${notInBin("'run'", 'id')} AND ${fits('name')} ${END}`,
  series: job('series'),
  training: job('training'),
  study: job('study'),
  dataset: plain('dataset', 'name', 'created_at_ms'),
  model: plain('model', 'name', 'added_at_ms'),
  report: plain('report', 'title', 'updated_at_ms'),
  tag: `SELECT DISTINCT tag AS id, tag AS name, NULL AS ofId, NULL AS ofName, NULL AS atMs FROM history_tags WHERE ${fits('tag')}
    ORDER BY tag LIMIT @limit`,
};

export class NameRepository {
  readonly #selects: ReadonlyMap<NamedKind, Statement<Parameters, NameRow>>;

  constructor(database: Database) {
    this.#selects = new Map(Object.entries(SELECTS).map(([kind, sql]) => [kind as NamedKind, database.prepare<Parameters, NameRow>(sql)]));
  }

  /** At most `limit` that may fit, the newest first; of a node its testbed's name may have words too. Words are in lower case. */
  find(kind: NamedKind, words: readonly string[], limit: number): FoundName[] {
    const patterns = JSON.stringify(words.map(patternOf));
    const rows = this.#selects.get(kind)?.all({ patterns, limit }) ?? [];
    return rows.map(({ ofId, ofName, ...row }) => ({
      kind,
      ...row,
      of: ofId === null || ofName === null ? null : { id: ofId, name: ofName },
    }));
  }
}

/** Of letters with two cases LIKE knows those of ASCII alone: in place of others it takes anything, and finds too much at worst. */
function patternOf(word: string): string {
  const letters = Array.from(containsPattern(word));
  return letters.map((letter) => (/\p{ASCII}/u.test(letter) || letter.toUpperCase() === letter ? letter : '%')).join('');
}
