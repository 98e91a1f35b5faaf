// Learning on the job: switches of testbeds, experience of their runs, attempts.
import { z } from 'zod';
import { seenDecisionSchema, type SeenDecision } from '../../../scheduling/experience/seen-decision.js';
import type { LearningAttempt } from '../../../shared/on-the-job.js';
import { comparisonSchema } from '../../../shared/on-the-job-schema.js';
import { column, Columns, instant, json, nullableJson, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { insertSql, upsertSql } from './insert-sql.js';

/** What a run has to learn from. */
export interface RunExperience {
  runId: string;
  testbedId: string;
  atMs: number;
  decisions: number;
  experience: {
    decisions: SeenDecision[];
    /** Of each node by ordinal: how many times as long as on record it took; null where it executed nothing. */
    slowness: (number | null)[];
  };
}

/** Of a testbed, the newest. */
const MAX_RUNS = 10;

const EXPERIENCE = new Columns<RunExperience>({
  runId: column('run_id'),
  testbedId: column('testbed_id'),
  atMs: instant('at_ms'),
  decisions: column('decisions'),
  experience: json(
    'experience_json',
    z.object({ decisions: z.array(seenDecisionSchema), slowness: z.array(z.number().positive().nullable()) }),
  ),
});

const ATTEMPT = new Columns<LearningAttempt>({
  trainingId: column('training_id'),
  testbedId: column('testbed_id'),
  fromTrainingId: column('from_training_id'),
  afterRunId: column('after_run_id'),
  startedAtMs: instant('started_at_ms'),
  state: column('state'),
  decisions: column('decisions'),
  runs: column('runs'),
  comparison: nullableJson('comparison_json', comparisonSchema),
  reasons: json('reasons_json', z.array(z.string())),
});

export class LearningRepository {
  readonly #database: Database;
  readonly #selectSwitch: Statement<{ testbed_id: string }, { found: number }>;
  readonly #switchOn: Statement<{ testbed_id: string }, never>;
  readonly #switchOff: Statement<{ testbed_id: string }, never>;
  readonly #saveExperience: Statement<Row, never>;
  readonly #deleteOld: Statement<{ testbed_id: string; kept: number }, never>;
  readonly #selectExperience: RawStatement<{ testbed_id: string }, RawRow>;
  readonly #count: Statement<{ testbed_id: string }, { runs: number; decisions: number }>;
  readonly #saveAttempt: Statement<Row, never>;
  readonly #selectAttempts: RawStatement<{ testbed_id: string }, RawRow>;
  readonly #selectAttemptsAfter: RawStatement<{ run_ids: string }, RawRow>;
  readonly #isDeployed: Statement<{ training_id: string }, { found: number }>;
  readonly #endOpen: Statement<{ reasons: string }, never>;

  constructor(database: Database) {
    this.#database = database;
    this.#selectSwitch = database.prepare('SELECT count(*) AS found FROM learning_testbeds WHERE testbed_id = @testbed_id');
    this.#switchOn = database.prepare('INSERT OR IGNORE INTO learning_testbeds (testbed_id) VALUES (@testbed_id)');
    this.#switchOff = database.prepare('DELETE FROM learning_testbeds WHERE testbed_id = @testbed_id');
    this.#saveExperience = database.prepare(insertSql('learning_experience', EXPERIENCE.names));
    this.#deleteOld = database.prepare(
      `DELETE FROM learning_experience WHERE testbed_id = @testbed_id AND run_id NOT IN (
         SELECT run_id FROM learning_experience WHERE testbed_id = @testbed_id ORDER BY at_ms DESC LIMIT @kept)`,
    );
    this.#selectExperience = database.prepareRaw(
      `SELECT ${EXPERIENCE.list()} FROM learning_experience WHERE testbed_id = @testbed_id ORDER BY at_ms`,
    );
    this.#count = database.prepare(
      'SELECT count(*) AS runs, coalesce(sum(decisions), 0) AS decisions FROM learning_experience WHERE testbed_id = @testbed_id',
    );
    const [id, ...others] = ATTEMPT.names;
    this.#saveAttempt = database.prepare(upsertSql('learning_attempts', [id ?? ''], others));
    this.#selectAttempts = database.prepareRaw(
      `SELECT ${ATTEMPT.list()} FROM learning_attempts WHERE testbed_id = @testbed_id ORDER BY started_at_ms DESC LIMIT 20`,
    );
    this.#selectAttemptsAfter = database.prepareRaw(
      `SELECT ${ATTEMPT.list()} FROM learning_attempts
       WHERE after_run_id IN (SELECT value FROM json_each(@run_ids)) ORDER BY started_at_ms`,
    );
    this.#isDeployed = database.prepare(
      "SELECT count(*) AS found FROM learning_attempts WHERE training_id = @training_id AND state = 'deployed'",
    );
    this.#endOpen = database.prepare("UPDATE learning_attempts SET state = 'ended', reasons_json = @reasons WHERE state = 'learning'");
  }

  isOn(testbedId: string): boolean {
    return (this.#selectSwitch.get({ testbed_id: testbedId })?.found ?? 0) > 0;
  }

  set(testbedId: string, isOn: boolean): void {
    (isOn ? this.#switchOn : this.#switchOff).run({ testbed_id: testbedId });
  }

  /** What is older than the newest runs of the testbed goes. */
  addExperience(experience: RunExperience): void {
    this.#database.transaction(() => {
      this.#saveExperience.run(EXPERIENCE.toRow(experience));
      this.#deleteOld.run({ testbed_id: experience.testbedId, kept: MAX_RUNS });
    });
  }

  /** Oldest first. */
  experience(testbedId: string): RunExperience[] {
    return this.#selectExperience.all({ testbed_id: testbedId }).map((row) => EXPERIENCE.read(row));
  }

  count(testbedId: string): { runs: number; decisions: number } {
    return this.#count.get({ testbed_id: testbedId }) ?? { runs: 0, decisions: 0 };
  }

  saveAttempt(attempt: LearningAttempt): void {
    this.#saveAttempt.run(ATTEMPT.toRow(attempt));
  }

  /** The newest 20, the newest first. */
  attempts(testbedId: string): LearningAttempt[] {
    return this.#selectAttempts.all({ testbed_id: testbedId }).map((row) => ATTEMPT.read(row));
  }

  /** Those that series made after these runs, oldest first. */
  attemptsAfter(runIds: readonly string[]): LearningAttempt[] {
    return this.#selectAttemptsAfter.all({ run_ids: JSON.stringify(runIds) }).map((row) => ATTEMPT.read(row));
  }

  isDeployed(trainingId: string): boolean {
    return (this.#isDeployed.get({ training_id: trainingId })?.found ?? 0) > 0;
  }

  /** Of an earlier start of the program. */
  endOpenAttempts(reason: string): void {
    this.#endOpen.run({ reasons: JSON.stringify([reason]) });
  }
}
