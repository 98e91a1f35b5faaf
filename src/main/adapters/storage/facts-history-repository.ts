// Every reading of a node's facts that is worth keeping: before and after each provisioning, and when the user asked.
import { z } from 'zod';
import { FACTS_MOMENTS, type FactsMoment, type FactsReading } from '../../../shared/facts-reading.js';
import type { NodeFacts } from '../../../shared/testbed.js';
import type { Database, Statement } from './database.js';
import { parseFactsValue } from './facts-json.js';
import { insertSql } from './insert-sql.js';
import { wholeMs } from './whole-ms.js';

interface ReadingRow {
  id: number;
  node_id: string;
  moment: string;
  provisioning_run_id: string | null;
  facts_json: string;
  read_at_ms: number;
}

const momentSchema = z.enum(FACTS_MOMENTS);

/** Readings kept of each node; the oldest go first. */
const MOST_READINGS = 100;

export class FactsHistoryRepository {
  private readonly insertReading: Statement<Omit<ReadingRow, 'id'>, never>;
  private readonly deleteOldest: Statement<{ nodeId: string; keep: number }, never>;
  private readonly selectReadings: Statement<{ nodeId: string }, ReadingRow>;

  constructor(private readonly database: Database) {
    this.insertReading = database.prepare(
      insertSql('facts_history', ['node_id', 'moment', 'provisioning_run_id', 'facts_json', 'read_at_ms']),
    );
    this.deleteOldest = database.prepare(
      `DELETE FROM facts_history WHERE node_id = @nodeId
         AND id NOT IN (SELECT id FROM facts_history WHERE node_id = @nodeId ORDER BY id DESC LIMIT @keep)`,
    );
    this.selectReadings = database.prepare('SELECT * FROM facts_history WHERE node_id = @nodeId ORDER BY id DESC');
  }

  append(reading: { nodeId: string; moment: FactsMoment; provisioningRunId: string | null; facts: NodeFacts }): void {
    this.database.transaction(() => {
      this.insertReading.run({
        node_id: reading.nodeId,
        moment: reading.moment,
        provisioning_run_id: reading.provisioningRunId,
        facts_json: JSON.stringify(reading.facts),
        read_at_ms: wholeMs(reading.facts.readAtMs),
      });
      this.deleteOldest.run({ nodeId: reading.nodeId, keep: MOST_READINGS });
    });
  }

  /** Newest first. */
  list(nodeId: string): FactsReading[] {
    return this.selectReadings.all({ nodeId }).flatMap((row) => {
      const facts = parseFactsValue(JSON.parse(row.facts_json));
      return facts ? [{ id: row.id, moment: momentSchema.parse(row.moment), provisioningRunId: row.provisioning_run_id, facts }] : [];
    });
  }
}
