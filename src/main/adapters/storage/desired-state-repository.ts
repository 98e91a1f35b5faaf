// The desired state of each node.
import { DEFAULT_DESIRED_STATE, type DesiredState } from '../../../shared/provisioning.js';
import { column, Columns, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { upsertSql } from './insert-sql.js';

const DESIRED = new Columns<DesiredState>({ worker: column('worker'), modelId: column('model_id'), service: column('service') });

export class DesiredStateRepository {
  private readonly upsert: Statement<Row, never>;
  private readonly selectOne: RawStatement<{ nodeId: string }, RawRow>;

  constructor(private readonly database: Database) {
    this.upsert = database.prepare(upsertSql('wanted_states', ['node_id'], DESIRED.names));
    this.selectOne = database.prepareRaw(`SELECT ${DESIRED.list()} FROM wanted_states WHERE node_id = @nodeId`);
  }

  /** The default where no one has said anything. */
  get(nodeId: string): DesiredState {
    const row = this.selectOne.get({ nodeId });
    return row ? DESIRED.read(row) : DEFAULT_DESIRED_STATE;
  }

  /** All of them or none. */
  setAll(states: readonly { nodeId: string; desired: DesiredState }[]): void {
    this.database.transaction(() => {
      for (const { nodeId, desired } of states) {
        this.upsert.run({ node_id: nodeId, ...DESIRED.toRow(desired) });
      }
    });
  }
}
