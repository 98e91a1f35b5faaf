// What trainings are made of, and their curves; their lives are with the jobs. The newest point of an episode counts: a resumed training repeats what its checkpoint does not hold.
import { z } from 'zod';
import { withCurrentNames } from '../../../scheduling/learning/training-settings.js';
import { startTrainingInput } from '../../../shared/api/training-inputs.js';
import type { EpisodeMetrics, Training, TrainingSpec } from '../../../shared/training.js';
import type { Database, Statement } from './database.js';
import { insertSql, upsertSql } from './insert-sql.js';

/** A training's own part of the record, under the id of its job. */
export type StoredTraining = Pick<Training, 'id' | 'spec' | 'environment' | 'programVersion' | 'checkpointEpisodes'>;

interface TrainingRow {
  id: string;
  spec_json: string;
  environment_json: string;
  program_version: string;
  checkpoint_episodes: number;
}

interface EpisodeRow {
  training_id: string;
  episode: number;
  mean_delay_sec: number;
  opt_ts_delay_sec: number;
  ratio_to_opt_ts: number;
  critic_loss: number | null;
  actor_loss: number | null;
  entropy_nats: number | null;
  temperature: number | null;
  mean_q: number | null;
  cpu_ms: number;
}

const twinSchema = z.object({
  testbedId: z.string(),
  testbedName: z.string(),
  qualitySteps: z.object({ min: z.number(), max: z.number() }),
  load: z.number(),
  nodeNames: z.array(z.string()),
  work: z.object({ fixedGigacycles: z.number(), gigacyclesPerStep: z.number() }),
  meanQualitySteps: z.number(),
});
const specSchema: z.ZodType<TrainingSpec> = startTrainingInput.extend({
  twin: twinSchema.optional(),
  settings: z.record(z.string(), z.union([z.number(), z.string(), z.record(z.string(), z.number())])).transform(withCurrentNames),
});
const environmentSchema = z.record(z.string(), z.unknown());

export class TrainingRepository {
  private readonly insertTraining: Statement<TrainingRow, never>;
  private readonly updateCheckpoint: Statement<Pick<TrainingRow, 'id' | 'checkpoint_episodes'>, never>;
  private readonly upsertEpisode: Statement<EpisodeRow, never>;
  private readonly selectOne: Statement<{ id: string }, TrainingRow>;
  private readonly selectCurve: Statement<{ id: string; fromEpisode: number }, EpisodeRow>;
  private readonly countEpisodes: Statement<{ id: string }, { count: number }>;

  constructor(private readonly database: Database) {
    this.insertTraining = database.prepare(
      insertSql('trainings', ['id', 'spec_json', 'environment_json', 'program_version', 'checkpoint_episodes']),
    );
    this.updateCheckpoint = database.prepare('UPDATE trainings SET checkpoint_episodes = @checkpoint_episodes WHERE id = @id');
    this.upsertEpisode = database.prepare(
      upsertSql(
        'training_episodes',
        ['training_id', 'episode'],
        [
          'mean_delay_sec',
          'opt_ts_delay_sec',
          'ratio_to_opt_ts',
          'critic_loss',
          'actor_loss',
          'entropy_nats',
          'temperature',
          'mean_q',
          'cpu_ms',
        ],
      ),
    );
    this.selectOne = database.prepare('SELECT * FROM trainings WHERE id = @id');
    this.selectCurve = database.prepare(
      'SELECT * FROM training_episodes WHERE training_id = @id AND episode >= @fromEpisode ORDER BY episode',
    );
    this.countEpisodes = database.prepare('SELECT count(*) AS count FROM training_episodes WHERE training_id = @id');
  }

  add(training: StoredTraining): void {
    this.insertTraining.run({
      id: training.id,
      spec_json: JSON.stringify(training.spec),
      environment_json: JSON.stringify(training.environment),
      program_version: training.programVersion,
      checkpoint_episodes: training.checkpointEpisodes,
    });
  }

  keepCheckpoint(id: string, checkpointEpisodes: number): void {
    this.updateCheckpoint.run({ id, checkpoint_episodes: checkpointEpisodes });
  }

  /** Puts points on the curve, each in the place of an earlier one of its episode. */
  saveEpisodes(id: string, points: readonly EpisodeMetrics[]): void {
    this.database.transaction(() => {
      for (const point of points) {
        this.upsertEpisode.run({
          training_id: id,
          episode: point.episode,
          mean_delay_sec: point.meanDelaySec,
          opt_ts_delay_sec: point.optTsDelaySec,
          ratio_to_opt_ts: point.ratioToOptTs,
          critic_loss: point.criticLoss,
          actor_loss: point.actorLoss,
          entropy_nats: point.entropy,
          temperature: point.temperature,
          mean_q: point.meanQ,
          cpu_ms: point.cpuMs,
        });
      }
    });
  }

  get(id: string): StoredTraining | null {
    const row = this.selectOne.get({ id });
    return row ? toTraining(row) : null;
  }

  /** By episode, from `fromEpisode` on. */
  curve(id: string, fromEpisode = 1): EpisodeMetrics[] {
    return this.selectCurve.all({ id, fromEpisode }).map((row) => ({
      episode: row.episode,
      meanDelaySec: row.mean_delay_sec,
      optTsDelaySec: row.opt_ts_delay_sec,
      ratioToOptTs: row.ratio_to_opt_ts,
      criticLoss: row.critic_loss,
      actorLoss: row.actor_loss,
      entropy: row.entropy_nats,
      temperature: row.temperature,
      meanQ: row.mean_q,
      cpuMs: row.cpu_ms,
    }));
  }

  /** Points of the curve. */
  episodes(id: string): number {
    return this.countEpisodes.get({ id })?.count ?? 0;
  }
}

function toTraining(row: TrainingRow): StoredTraining {
  return {
    id: row.id,
    spec: specSchema.parse(JSON.parse(row.spec_json)),
    environment: environmentSchema.parse(JSON.parse(row.environment_json)),
    programVersion: row.program_version,
    checkpointEpisodes: row.checkpoint_episodes,
  };
}
