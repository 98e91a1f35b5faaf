// What each node is wanted to be.
import { DEFAULT_WANTED_STATE, type WantedState } from '../../../shared/provisioning.js';
import type { Database, Statement } from './database.js';
import { upsertSql } from './insert-sql.js';

interface WantedRow {
  node_id: string;
  worker: WantedState['worker'];
  model_id: string | null;
  service: WantedState['service'];
}

export class WantedStateRepository {
  private readonly upsert: Statement<WantedRow, never>;
  private readonly selectOne: Statement<{ nodeId: string }, WantedRow>;

  constructor(private readonly database: Database) {
    this.upsert = database.prepare(upsertSql('wanted_states', ['node_id'], ['worker', 'model_id', 'service']));
    this.selectOne = database.prepare('SELECT * FROM wanted_states WHERE node_id = @nodeId');
  }

  /** The default where nobody has said anything. */
  get(nodeId: string): WantedState {
    const row = this.selectOne.get({ nodeId });
    return row ? { worker: row.worker, modelId: row.model_id, service: row.service } : DEFAULT_WANTED_STATE;
  }

  /** All of them or none. */
  setAll(states: readonly { nodeId: string; wanted: WantedState }[]): void {
    this.database.transaction(() => {
      for (const { nodeId, wanted } of states) {
        this.upsert.run({ node_id: nodeId, worker: wanted.worker, model_id: wanted.modelId, service: wanted.service });
      }
    });
  }
}
