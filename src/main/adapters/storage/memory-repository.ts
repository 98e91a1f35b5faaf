// What models took of nodes' memory, as it was measured; the newest first, bounded for each node.
import { type MemoryComparison, memoryComparisonSchema } from '../../../shared/model-memory.js';
import type { Database, Statement } from './database.js';
import { insertSql } from './insert-sql.js';
import { wholeMs } from './whole-ms.js';

interface ComparisonRow {
  node_id: string;
  measured_at_ms: number;
  comparison_json: string;
}

/** Comparisons kept of each node; the oldest go first. */
const MAX_KEPT = 50;

export class MemoryRepository {
  private readonly insert: Statement<ComparisonRow, never>;
  private readonly deleteOldest: Statement<{ nodeId: string; keep: number }, never>;
  private readonly selectAll: Statement<object, ComparisonRow>;

  constructor(private readonly database: Database) {
    this.insert = database.prepare(insertSql('memory_comparisons', ['node_id', 'measured_at_ms', 'comparison_json']));
    this.deleteOldest = database.prepare(
      `DELETE FROM memory_comparisons WHERE node_id = @nodeId AND measured_at_ms NOT IN
         (SELECT measured_at_ms FROM memory_comparisons WHERE node_id = @nodeId ORDER BY measured_at_ms DESC LIMIT @keep)`,
    );
    this.selectAll = database.prepare('SELECT * FROM memory_comparisons ORDER BY measured_at_ms DESC, node_id');
  }

  append(comparison: MemoryComparison): void {
    this.database.transaction(() => {
      const { nodeId, measuredAtMs } = comparison;
      this.insert.run({ node_id: nodeId, measured_at_ms: wholeMs(measuredAtMs), comparison_json: JSON.stringify(comparison) });
      this.deleteOldest.run({ nodeId, keep: MAX_KEPT });
    });
  }

  list(): MemoryComparison[] {
    return this.selectAll.all({}).map((row) => memoryComparisonSchema.parse(JSON.parse(row.comparison_json)));
  }
}
