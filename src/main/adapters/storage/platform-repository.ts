// The image platforms of the paper's Table V, seeded by the first migration.
import { column, Columns, flag, type RawRow } from './columns.js';
import type { Database, RawStatement } from './database.js';

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

const PLATFORM = new Columns<Omit<PlatformBaseline, 'delaySecByCount'>>({
  id: column('id'),
  platform: column('platform'),
  model: column('model'),
  isEdge: flag('is_edge'),
  pricePer1kUsd: column('price_per_1k_usd'),
  source: column('source'),
});
const DELAY = new Columns<{ count: number; delaySec: number }>({ count: column('task_count'), delaySec: column('total_delay_sec') });

export class PlatformRepository {
  private readonly selectPlatforms: RawStatement<object, RawRow>;
  private readonly selectDelays: RawStatement<{ id: string }, RawRow>;

  constructor(database: Database) {
    this.selectPlatforms = database.prepareRaw(`SELECT ${PLATFORM.list()} FROM platform_baselines ORDER BY ordinal`);
    this.selectDelays = database.prepareRaw(
      `SELECT ${DELAY.list()} FROM platform_baseline_delays WHERE platform_id = @id ORDER BY task_count`,
    );
  }

  /** In the order of Table V. */
  list(): PlatformBaseline[] {
    return this.selectPlatforms.all({}).map((row) => {
      const platform = PLATFORM.read(row);
      const delays = this.selectDelays.all({ id: platform.id }).map((delay) => DELAY.read(delay));
      return { ...platform, delaySecByCount: new Map(delays.map(({ count, delaySec }) => [count, delaySec])) };
    });
  }
}
