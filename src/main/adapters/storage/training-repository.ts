// What trainings are made of, and their curves; their lives are with the jobs. The newest point of an episode counts: a resumed training repeats what its checkpoint does not hold.
import { z } from 'zod';
import { withCurrentNames } from '../../../scheduling/learning/training-settings.js';
import { startTrainingInput } from '../../../shared/api/training-inputs.js';
import {
  type EpisodeMetrics,
  type Training,
  type TrainingSpec,
  TWIN_ARRIVALS,
  TWIN_ENVIRONMENTS,
  TWIN_SPEEDS,
  TWIN_VIEWS,
} from '../../../shared/training.js';
import { column, Columns, json, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { insertSql, upsertSql } from './insert-sql.js';
import { prepareOriginOf } from './record-repository.js';

/** A training's own part of the record, under the id of its job. */
export type StoredTraining = Pick<Training, 'id' | 'spec' | 'environment' | 'programVersion' | 'checkpointEpisodes'>;

const twinSchema = z.object({
  testbedId: z.string(),
  testbedName: z.string(),
  environment: z.enum(TWIN_ENVIRONMENTS).optional(),
  arrivals: z.enum(TWIN_ARRIVALS).optional(),
  view: z.enum(TWIN_VIEWS).optional(),
  speeds: z.enum(TWIN_SPEEDS).optional(),
  qualitySteps: z.object({ min: z.number(), max: z.number() }),
  load: z.number(),
  nodeNames: z.array(z.string()),
  work: z.object({ fixedGigacycles: z.number(), gigacyclesPerStep: z.number() }),
  meanQualitySteps: z.number(),
});
export const trainingSpecSchema: z.ZodType<TrainingSpec> = startTrainingInput.extend({
  twin: twinSchema.optional(),
  learnedFrom: z.object({ trainingId: z.string(), runIds: z.array(z.string()), decisions: z.number() }).optional(),
  episodes: z.int().min(1),
  settings: z.record(z.string(), z.union([z.number(), z.string(), z.record(z.string(), z.number())])).transform(withCurrentNames),
});

const TRAINING = new Columns<StoredTraining>({
  id: column('id'),
  spec: json('spec_json', trainingSpecSchema),
  environment: json('environment_json', z.record(z.string(), z.unknown())),
  programVersion: column('program_version'),
  checkpointEpisodes: column('checkpoint_episodes'),
});

const POINT = new Columns<EpisodeMetrics>({
  episode: column('episode'),
  meanDelaySec: column('mean_delay_sec'),
  optTsDelaySec: column('opt_ts_delay_sec'),
  ratioToOptTs: column('ratio_to_opt_ts'),
  criticLoss: column('critic_loss'),
  actorLoss: column('actor_loss'),
  entropy: column('entropy_nats'),
  temperature: column('temperature'),
  meanQ: column('mean_q'),
  cpuMs: column('cpu_ms'),
});

export class TrainingRepository {
  /** Null of one that was made here. */
  readonly originOf: ReturnType<typeof prepareOriginOf>;
  private readonly insertTraining: Statement<Row, never>;
  private readonly updateCheckpoint: Statement<{ id: string; checkpointEpisodes: number }, never>;
  private readonly upsertEpisode: Statement<Row, never>;
  private readonly selectOne: RawStatement<{ id: string }, RawRow>;
  private readonly selectCurve: RawStatement<{ id: string; fromEpisode: number }, RawRow>;
  private readonly countEpisodes: Statement<{ id: string }, { count: number }>;

  constructor(private readonly database: Database) {
    this.originOf = prepareOriginOf(database, 'training');
    this.insertTraining = database.prepare(insertSql('trainings', TRAINING.names));
    this.updateCheckpoint = database.prepare('UPDATE trainings SET checkpoint_episodes = @checkpointEpisodes WHERE id = @id');
    const [episode, ...metrics] = POINT.names;
    this.upsertEpisode = database.prepare(upsertSql('training_episodes', ['training_id', episode ?? ''], metrics));
    this.selectOne = database.prepareRaw(`SELECT ${TRAINING.list()} FROM trainings WHERE id = @id`);
    this.selectCurve = database.prepareRaw(
      `SELECT ${POINT.list()} FROM training_episodes WHERE training_id = @id AND episode >= @fromEpisode ORDER BY episode`,
    );
    this.countEpisodes = database.prepare('SELECT count(*) AS count FROM training_episodes WHERE training_id = @id');
  }

  add(training: StoredTraining): void {
    this.insertTraining.run(TRAINING.toRow(training));
  }

  keepCheckpoint(id: string, checkpointEpisodes: number): void {
    this.updateCheckpoint.run({ id, checkpointEpisodes });
  }

  /** Puts points on the curve, each in the place of an earlier one of its episode. */
  saveEpisodes(id: string, points: readonly EpisodeMetrics[]): void {
    this.database.transaction(() => {
      for (const point of points) this.upsertEpisode.run({ training_id: id, ...POINT.toRow(point) });
    });
  }

  get(id: string): StoredTraining | null {
    const row = this.selectOne.get({ id });
    return row ? TRAINING.read(row) : null;
  }

  /** By episode, from `fromEpisode` on. */
  curve(id: string, fromEpisode = 1): EpisodeMetrics[] {
    return this.selectCurve.all({ id, fromEpisode }).map((row) => POINT.read(row));
  }

  /** Points of the curve. */
  episodes(id: string): number {
    return this.countEpisodes.get({ id })?.count ?? 0;
  }
}
