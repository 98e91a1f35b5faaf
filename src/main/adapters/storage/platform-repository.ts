// The image platforms of the paper's Table V, seeded by the first migration.
import type { Database, Statement } from './database.js';

export interface PlatformBaseline {
  /** `paper:...` */
  id: string;
  platform: string;
  model: string;
  /** The paper's own row: five Jetsons work at once there. */
  isEdge: boolean;
  /** US dollars per 1,000 images; 0 is free, null unknown. */
  pricePer1kUsd: number | null;
  /** Where the figures come from. */
  source: string;
  /** Total generation delay in seconds, by |N|. */
  delaySecByCount: Map<number, number>;
}

interface PlatformRow {
  id: string;
  platform: string;
  model: string;
  is_edge: number;
  price_per_1k_usd: number | null;
  source: string;
}

export class PlatformRepository {
  private readonly selectPlatforms: Statement<object, PlatformRow>;
  private readonly selectDelays: Statement<{ id: string }, { task_count: number; total_delay_sec: number }>;

  constructor(database: Database) {
    this.selectPlatforms = database.prepare('SELECT * FROM platform_baselines ORDER BY ordinal');
    this.selectDelays = database.prepare(
      'SELECT task_count, total_delay_sec FROM platform_baseline_delays WHERE platform_id = @id ORDER BY task_count',
    );
  }

  /** In the order of Table V. */
  list(): PlatformBaseline[] {
    return this.selectPlatforms.all({}).map((row) => ({
      id: row.id,
      platform: row.platform,
      model: row.model,
      isEdge: row.is_edge === 1,
      pricePer1kUsd: row.price_per_1k_usd,
      source: row.source,
      delaySecByCount: new Map(this.selectDelays.all({ id: row.id }).map((delay) => [delay.task_count, delay.total_delay_sec])),
    }));
  }
}
