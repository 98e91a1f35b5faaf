// What costs are computed with; one row.
import { costSettingsSchema } from '../../../shared/api/cost-inputs.js';
import type { CostSettings } from '../../../shared/cost.js';
import { Columns, json, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { upsertSql } from './insert-sql.js';

const SETTINGS = new Columns<{ settings: CostSettings }>({ settings: json('settings_json', costSettingsSchema) });

export class CostSettingsRepository {
  readonly #select: RawStatement<object, RawRow>;
  readonly #save: Statement<Row, never>;

  constructor(database: Database) {
    this.#select = database.prepareRaw(`SELECT ${SETTINGS.list()} FROM cost_settings WHERE id = 1`);
    this.#save = database.prepare(upsertSql('cost_settings', ['id'], SETTINGS.names));
  }

  /** Null until some were saved. */
  get(): CostSettings | null {
    const row = this.#select.get({});
    return row ? SETTINGS.read(row).settings : null;
  }

  save(settings: CostSettings): void {
    this.#save.run({ id: 1, ...SETTINGS.toRow({ settings }) });
  }
}
