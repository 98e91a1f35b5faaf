// Every reading of a node's facts that is worth keeping: before and after each provisioning, and when the user asked.
import { z } from 'zod';
import { FACTS_MOMENTS, type FactsMoment, type FactsReading } from '../../../shared/facts-reading.js';
import type { NodeFacts } from '../../../shared/testbed.js';
import { column, Columns, instant, json, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { parseFactsValue } from './facts-json.js';
import { insertSql } from './insert-sql.js';

interface StoredReading {
  nodeId: string;
  moment: FactsMoment;
  provisioningRunId: string | null;
  facts: NodeFacts | null;
  readAtMs: number;
}

const READING = new Columns<StoredReading>({
  nodeId: column('node_id'),
  moment: column('moment'),
  provisioningRunId: column('provisioning_run_id'),
  // Of an older program it may be no reading at all.
  facts: json('facts_json', z.unknown().transform(parseFactsValue)),
  readAtMs: instant('read_at_ms'),
});
const STORED = new Columns<{ id: number }>({ id: column('id') }).and(READING);
const momentSchema = z.enum(FACTS_MOMENTS);

/** Readings kept of each node; the oldest go first. */
const MAX_READINGS = 100;

export class FactsHistoryRepository {
  private readonly insertReading: Statement<Row, never>;
  private readonly deleteOldest: Statement<{ nodeId: string; keep: number }, never>;
  private readonly selectReadings: RawStatement<{ nodeId: string }, RawRow>;

  constructor(private readonly database: Database) {
    this.insertReading = database.prepare(insertSql('facts_history', READING.names));
    this.deleteOldest = database.prepare(
      `DELETE FROM facts_history WHERE node_id = @nodeId
         AND id NOT IN (SELECT id FROM facts_history WHERE node_id = @nodeId ORDER BY id DESC LIMIT @keep)`,
    );
    this.selectReadings = database.prepareRaw(`SELECT ${STORED.list()} FROM facts_history WHERE node_id = @nodeId ORDER BY id DESC`);
  }

  append(reading: { nodeId: string; moment: FactsMoment; provisioningRunId: string | null; facts: NodeFacts }): void {
    this.database.transaction(() => {
      this.insertReading.run(READING.toRow({ ...reading, readAtMs: reading.facts.readAtMs }));
      this.deleteOldest.run({ nodeId: reading.nodeId, keep: MAX_READINGS });
    });
  }

  /** Newest first. */
  list(nodeId: string): FactsReading[] {
    return this.selectReadings.all({ nodeId }).flatMap((row) => {
      const { id, facts, moment, provisioningRunId } = STORED.read(row);
      return facts ? [{ id, moment: momentSchema.parse(moment), provisioningRunId, facts }] : [];
    });
  }
}
