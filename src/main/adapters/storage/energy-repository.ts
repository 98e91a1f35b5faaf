// What was measured of the energy of runs, a row a node.
import { z } from 'zod';
import type { MeasuredEnergy } from '../../domain/runs/energy/power-integral.js';
import { column, Columns, json, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { upsertSql } from './insert-sql.js';

const ENERGY = new Columns<MeasuredEnergy>({
  nodeId: column('node_id'),
  source: column('source'),
  measured: json('measured_json', z.array(z.string())),
  coveredMs: column('covered_ms'),
  joules: column('joules'),
  loadKnownMs: column('load_known_ms'),
  idleMs: column('idle_ms'),
});

export class EnergyRepository {
  readonly #save: Statement<Row, never>;
  readonly #selectOfRun: RawStatement<{ run_id: string }, RawRow>;

  constructor(private readonly database: Database) {
    const others = ENERGY.names.filter((name) => name !== 'node_id');
    this.#save = database.prepare(upsertSql('run_energy', ['run_id', 'node_id'], others));
    this.#selectOfRun = database.prepareRaw(`SELECT ${ENERGY.list()} FROM run_energy WHERE run_id = @run_id ORDER BY node_id`);
  }

  listEnergy(runId: string): MeasuredEnergy[] {
    return this.#selectOfRun.all({ run_id: runId }).map((row) => ENERGY.read(row));
  }

  /** In the place of what is on record of these nodes. Throws for a run that is gone. */
  saveEnergy(runId: string, energy: readonly MeasuredEnergy[]): void {
    this.database.transaction(() => {
      for (const each of energy) this.#save.run({ run_id: runId, ...ENERGY.toRow(each) });
    });
  }
}
