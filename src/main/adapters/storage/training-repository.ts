// Trainings and their curves. The newest point of an episode counts: a resumed training repeats what its checkpoint does not hold.
import { z } from 'zod';
import { withCurrentNames } from '../../../scheduling/learning/training-settings.js';
import { startTrainingInput } from '../../../shared/api/training-inputs.js';
import { type AppErrorCode, type AppErrorShape, ERROR_CODES } from '../../../shared/errors.js';
import type { EpisodeMetrics, Training, TrainingSpec, TrainingState } from '../../../shared/training.js';
import type { Database, Statement } from './database.js';
import { insertSql, upsertSql } from './insert-sql.js';
import { wholeMs } from './whole-ms.js';

/** A training as it is on record: what only a running process knows is not in it. */
export interface StoredTraining extends Omit<Training, 'state' | 'doneEpisodes' | 'last' | 'convergenceEpisode' | 'remainingSec'> {
  state: Exclude<TrainingState, 'stopping'>;
}

interface TrainingRow {
  id: string;
  spec_json: string;
  environment_json: string;
  state: StoredTraining['state'];
  program_version: string;
  checkpoint_episodes: number;
  error_json: string | null;
  created_at_ms: number;
  started_at_ms: number | null;
  finished_at_ms: number | null;
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
const errorSchema: z.ZodType<AppErrorShape> = z.object({
  code: z.custom<AppErrorCode>((code) => typeof code === 'string' && Object.hasOwn(ERROR_CODES, code)),
  message: z.string(),
  hint: z.string().nullable(),
});

export class TrainingRepository {
  private readonly insertTraining: Statement<TrainingRow, never>;
  private readonly updateTraining: Statement<
    Omit<TrainingRow, 'spec_json' | 'environment_json' | 'program_version' | 'created_at_ms'>,
    never
  >;
  private readonly upsertEpisode: Statement<EpisodeRow, never>;
  private readonly selectAll: Statement<object, TrainingRow>;
  private readonly selectOne: Statement<{ id: string }, TrainingRow>;
  private readonly selectCurve: Statement<{ id: string; fromEpisode: number }, EpisodeRow>;
  private readonly deleteOne: Statement<{ id: string }, never>;

  constructor(private readonly database: Database) {
    this.insertTraining = database.prepare(
      insertSql('trainings', [
        'id',
        'spec_json',
        'environment_json',
        'state',
        'program_version',
        'checkpoint_episodes',
        'error_json',
        'created_at_ms',
        'started_at_ms',
        'finished_at_ms',
      ]),
    );
    this.updateTraining = database.prepare(
      `UPDATE trainings SET state = @state, checkpoint_episodes = @checkpoint_episodes, error_json = @error_json,
       started_at_ms = @started_at_ms, finished_at_ms = @finished_at_ms WHERE id = @id`,
    );
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
    this.selectAll = database.prepare('SELECT * FROM trainings ORDER BY created_at_ms, id');
    this.selectOne = database.prepare('SELECT * FROM trainings WHERE id = @id');
    this.selectCurve = database.prepare(
      'SELECT * FROM training_episodes WHERE training_id = @id AND episode >= @fromEpisode ORDER BY episode',
    );
    this.deleteOne = database.prepare('DELETE FROM trainings WHERE id = @id');
  }

  add(training: StoredTraining): void {
    this.insertTraining.run({
      ...changingColumns(training),
      spec_json: JSON.stringify(training.spec),
      environment_json: JSON.stringify(training.environment),
      program_version: training.programVersion,
      created_at_ms: wholeMs(training.createdAtMs),
    });
  }

  /** Keeps what changes in a training's life; what it is made of stays as it was added. */
  update(training: StoredTraining): void {
    this.updateTraining.run(changingColumns(training));
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

  /** Oldest first. */
  list(): StoredTraining[] {
    return this.selectAll.all({}).map(toTraining);
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

  /** Its curve goes with it. */
  delete(id: string): boolean {
    return this.deleteOne.run({ id }) > 0;
  }
}

function changingColumns(training: StoredTraining) {
  return {
    id: training.id,
    state: training.state,
    checkpoint_episodes: training.checkpointEpisodes,
    error_json: training.error === null ? null : JSON.stringify(training.error),
    started_at_ms: wholeMs(training.startedAtMs),
    finished_at_ms: wholeMs(training.finishedAtMs),
  };
}

function toTraining(row: TrainingRow): StoredTraining {
  return {
    id: row.id,
    spec: specSchema.parse(JSON.parse(row.spec_json)),
    environment: environmentSchema.parse(JSON.parse(row.environment_json)),
    state: row.state,
    programVersion: row.program_version,
    checkpointEpisodes: row.checkpoint_episodes,
    error: row.error_json === null ? null : errorSchema.parse(JSON.parse(row.error_json)),
    createdAtMs: row.created_at_ms,
    startedAtMs: row.started_at_ms,
    finishedAtMs: row.finished_at_ms,
  };
}
