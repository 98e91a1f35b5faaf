// Tags, notes, stars and the bin, by kind and id, and the saved views. What belongs to a record goes with it, by triggers.
import { historyViewSchema } from '../../../shared/api/history-inputs.js';
import type { BinItem } from '../../../shared/bin.js';
import type { HistoryItem, HistoryMarks, HistoryView } from '../../../shared/history.js';
import { column, Columns, json, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { upsertSql } from './insert-sql.js';

const VIEW = new Columns<{ name: string; view: HistoryView }>({ name: column('name'), view: json('view_json', historyViewSchema) });
const BINNED = `SELECT id FROM history_marks WHERE kind = 'run' AND binned_at_ms IS NOT NULL`;

type ItemRow = { kind: string; id: string };

export class HistoryMarksRepository {
  readonly #database: Database;
  readonly #insertTag: Statement<ItemRow & { tag: string }, never>;
  readonly #deleteTag: Statement<ItemRow & { tag: string }, never>;
  readonly #setStar: Statement<ItemRow & { is_starred: number }, never>;
  readonly #setNote: Statement<ItemRow & { note: string | null }, never>;
  readonly #setBinned: Statement<ItemRow & { binned_at_ms: number | null }, never>;
  readonly #selectNote: Statement<ItemRow, { note: string | null }>;
  readonly #selectMarks: Statement<ItemRow, { is_starred: number; note: string | null; binned_at_ms: number | null }>;
  readonly #selectTags: Statement<ItemRow, { tag: string }>;
  readonly #selectBin: Statement<object, BinItem>;
  readonly #selectImageBytes: Statement<object, { bytes: number | null }>;
  readonly #selectImages: Statement<{ id: string }, { sha256: string }>;
  readonly #selectViews: RawStatement<object, RawRow>;
  readonly #upsertView: Statement<Row, never>;
  readonly #deleteView: Statement<{ name: string }, never>;

  constructor(database: Database) {
    this.#database = database;
    this.#insertTag = database.prepare('INSERT INTO history_tags (kind, id, tag) VALUES (@kind, @id, @tag) ON CONFLICT DO NOTHING');
    this.#deleteTag = database.prepare('DELETE FROM history_tags WHERE kind = @kind AND id = @id AND tag = @tag');
    this.#setStar = database.prepare(upsertSql('history_marks', ['kind', 'id'], ['is_starred']));
    this.#setNote = database.prepare(upsertSql('history_marks', ['kind', 'id'], ['note']));
    this.#setBinned = database.prepare(upsertSql('history_marks', ['kind', 'id'], ['binned_at_ms']));
    this.#selectNote = database.prepare('SELECT note FROM history_marks WHERE kind = @kind AND id = @id');
    this.#selectMarks = database.prepare('SELECT is_starred, note, binned_at_ms FROM history_marks WHERE kind = @kind AND id = @id');
    this.#selectTags = database.prepare('SELECT tag FROM history_tags WHERE kind = @kind AND id = @id ORDER BY tag');
    this.#selectBin = database.prepare('SELECT kind, id FROM history_marks WHERE binned_at_ms IS NOT NULL ORDER BY binned_at_ms, kind, id');
    this.#selectImageBytes = database.prepare(
      `SELECT sum(i.size_bytes) AS bytes FROM images i
       WHERE i.sha256 IN (SELECT mine.sha256 FROM task_images mine WHERE mine.run_id IN (${BINNED}))
         AND NOT EXISTS (SELECT 1 FROM task_images other WHERE other.sha256 = i.sha256 AND other.run_id NOT IN (${BINNED}))`,
    );
    this.#selectImages = database.prepare(
      `SELECT sha256 FROM task_images WHERE run_id = @id
       UNION SELECT remade_sha256 FROM remade_images WHERE sha256 IN (SELECT sha256 FROM task_images WHERE run_id = @id)`,
    );
    this.#selectViews = database.prepareRaw(`SELECT ${VIEW.list()} FROM history_views ORDER BY name`);
    this.#upsertView = database.prepare(upsertSql('history_views', ['name'], ['view_json']));
    this.#deleteView = database.prepare('DELETE FROM history_views WHERE name = @name');
  }

  /** One transaction, as are the others that take several. */
  tag(items: readonly HistoryItem[], { add, remove }: { add: readonly string[]; remove: readonly string[] }): void {
    this.#forAll(items, (item) => {
      for (const tag of remove) this.#deleteTag.run({ ...item, tag });
      for (const tag of add) this.#insertTag.run({ ...item, tag });
    });
  }

  star(items: readonly HistoryItem[], isStarred: boolean): void {
    this.#forAll(items, (item) => this.#setStar.run({ ...item, is_starred: isStarred ? 1 : 0 }));
  }

  /** Null takes it away. */
  setNote({ kind, id }: HistoryItem, markdown: string | null): void {
    this.#setNote.run({ kind, id, note: markdown });
  }

  noteOf({ kind, id }: HistoryItem): string | null {
    return this.#selectNote.get({ kind, id })?.note ?? null;
  }

  marksOf({ kind, id }: HistoryItem): HistoryMarks {
    const marks = this.#selectMarks.get({ kind, id });
    return {
      tags: this.#selectTags.all({ kind, id }).map(({ tag }) => tag),
      isStarred: marks?.is_starred === 1,
      note: marks?.note ?? null,
      isInBin: marks?.binned_at_ms != null,
    };
  }

  /** Epoch ms since when they are in the bin; null takes them out of it. */
  setBinned(items: readonly BinItem[], atMs: number | null): void {
    this.#forAll(items, (item) => this.#setBinned.run({ ...item, binned_at_ms: atMs }));
  }

  /** Oldest first. */
  listBin(): BinItem[] {
    return this.#selectBin.all({});
  }

  isInBin({ kind, id }: BinItem): boolean {
    return this.#selectMarks.get({ kind, id })?.binned_at_ms != null;
  }

  /** Of images that only runs in the bin have, as they are on record. */
  imageBytesInBin(): number {
    return this.#selectImageBytes.get({})?.bytes ?? 0;
  }

  /** All that a run has, and what was made in their place; another run may have them, too. */
  imagesOfRun(id: string): string[] {
    return this.#selectImages.all({ id }).map(({ sha256 }) => sha256);
  }

  /** By name. */
  listViews(): HistoryView[] {
    return this.#selectViews.all({}).map((row) => VIEW.read(row).view);
  }

  /** In the place of another of its name. */
  saveView(view: HistoryView): void {
    this.#upsertView.run(VIEW.toRow({ name: view.name, view }));
  }

  /** False where there is none. */
  removeView(name: string): boolean {
    return this.#deleteView.run({ name }) > 0;
  }

  #forAll(items: readonly BinItem[], act: (item: ItemRow) => void): void {
    this.#database.transaction(() => {
      for (const { kind, id } of items) act({ kind, id });
    });
  }
}
