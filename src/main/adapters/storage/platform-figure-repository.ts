// Platforms of one's own, and the figures that stand in place of the paper's. The paper's own tables are never written.
import type { PlatformFigure } from '../../../shared/platform.js';
import { column, Columns, instant, type Mapping, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { insertSql, upsertSql } from './insert-sql.js';

export interface OwnPlatform {
  id: string;
  platform: string;
  /** Epoch ms. */
  createdAtMs: number;
  /** Epoch ms; null while it is there. */
  removedAtMs: number | null;
}

const OWN = new Columns<OwnPlatform>({
  id: column('id'),
  platform: column('platform'),
  createdAtMs: instant('created_at_ms'),
  removedAtMs: instant<number | null>('removed_at_ms'),
});

const VALUE: Mapping<string | number> = {
  names: ['number_value', 'text_value'],
  write: (value, row) => {
    row['number_value'] = typeof value === 'number' ? value : null;
    row['text_value'] = typeof value === 'string' ? value : null;
  },
  read: (row, at) => (row[at] ?? row[at + 1]) as string | number,
};

const FIGURE = new Columns<PlatformFigure & { platformId: string }>({
  platformId: column('platform_id'),
  field: column('field'),
  count: column('task_count'),
  value: VALUE,
  source: column('source'),
  date: column('dated'),
  note: column('note'),
  changedAtMs: instant('changed_at_ms'),
});
const KEY = ['platform_id', 'field', 'task_count'];

export class PlatformFigureRepository {
  readonly #insertOwn: Statement<Row, never>;
  readonly #selectOwn: RawStatement<object, RawRow>;
  readonly #setRemoved: Statement<{ id: string; removed_at_ms: number | null }, never>;
  readonly #save: Statement<Row, never>;
  readonly #selectFigures: RawStatement<object, RawRow>;
  readonly #deleteFigures: Statement<Row, never>;

  constructor(private readonly database: Database) {
    this.#insertOwn = database.prepare(insertSql('own_platforms', OWN.names));
    this.#selectOwn = database.prepareRaw(`SELECT ${OWN.list()} FROM own_platforms ORDER BY created_at_ms, id`);
    this.#setRemoved = database.prepare('UPDATE own_platforms SET removed_at_ms = @removed_at_ms WHERE id = @id');
    this.#save = database.prepare(
      upsertSql(
        'platform_figures',
        KEY,
        FIGURE.names.filter((name) => !KEY.includes(name)),
      ),
    );
    this.#selectFigures = database.prepareRaw(`SELECT ${FIGURE.list()} FROM platform_figures ORDER BY platform_id, field, task_count`);
    this.#deleteFigures = database.prepare(
      `DELETE FROM platform_figures WHERE platform_id = @platform_id AND (@field IS NULL OR field = @field)
         AND (@task_count IS NULL OR task_count = @task_count)`,
    );
  }

  /** Oldest first, removed ones too. */
  listOwn(): OwnPlatform[] {
    return this.#selectOwn.all({}).map((row) => OWN.read(row));
  }

  /** With its figures, in one transaction. */
  addOwn(own: OwnPlatform, figures: readonly PlatformFigure[]): void {
    this.database.transaction(() => {
      this.#insertOwn.run(OWN.toRow(own));
      for (const figure of figures) this.setFigure(own.id, figure);
    });
  }

  /** Null brings it back. */
  setRemoved(id: string, removedAtMs: number | null): void {
    this.#setRemoved.run({ id, removed_at_ms: removedAtMs });
  }

  /** Of all platforms, by their ids. */
  figures(): Map<string, PlatformFigure[]> {
    const all = this.#selectFigures.all({}).map((row) => FIGURE.read(row));
    const byPlatform = Map.groupBy(all, ({ platformId }) => platformId);
    return new Map([...byPlatform].map(([id, list]) => [id, list.map(({ platformId: _, ...figure }) => figure)]));
  }

  setFigure(platformId: string, figure: PlatformFigure): void {
    this.#save.run(FIGURE.toRow({ platformId, ...figure }));
  }

  /** Null stands for all fields, or all |N|. */
  deleteFigures(platformId: string, field: string | null, count: number | null): void {
    this.#deleteFigures.run({ platform_id: platformId, field, task_count: count });
  }
}
