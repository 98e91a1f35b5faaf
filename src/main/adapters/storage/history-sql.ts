// Every record of the history as one row of the same columns, whatever its kind. Figures of ended runs are those that were kept
// (run_figures): a list reads no task.
import { notInBin } from './bin.js';

/** Kinds whose records are jobs. */
const JOB_KINDS = "('series', 'training', 'study', 'provisioning', 'calibration')";

/** A learned policy is its training's, so that one is named with it. */
const SCHEDULER_OF_RUN = `CASE WHEN r.spec_json ->> '$.trainingId' IS NULL THEN r.spec_json -> '$.scheduler'
  ELSE json_array(json_object('scheduler', r.spec_json ->> '$.scheduler', 'trainingId', r.spec_json ->> '$.trainingId')) END`;

const RUN_ROWS = `
SELECT 'run' AS kind, r.id, r.name, r.state,
  CASE WHEN r.finished_at_ms IS NOT NULL THEN f.figures_json ->> '$.validity.isValid' END AS is_valid,
  coalesce(f.figures_json -> '$.validity.reasons', r.invalid_reasons_json) AS reasons_json,
  r.is_simulated, r.testbed_name, r.dataset_name, ${SCHEDULER_OF_RUN} AS scheduler_json,
  r.spec_json ->> '$.taskCount' AS task_count, r.spec_json ->> '$.seed' AS seed,
  r.spec_json ->> '$.qualitySteps.min' AS min_steps, r.spec_json ->> '$.qualitySteps.max' AS max_steps,
  f.figures_json ->> '$.metrics.totalGenerationDelayMs' AS total_ms, f.figures_json ->> '$.metrics.efficiency' AS efficiency,
  f.figures_json ->> '$.metrics.service.p95Ms' AS p95_ms, f.figures_json ->> '$.metrics.service.meanMs' AS mean_ms,
  f.basis ->> '$[#-1].succeeded' AS succeeded_count,
  r.created_at_ms, r.started_at_ms, r.finished_at_ms, r.series_id, s.spec_json ->> '$.name' AS series_name
FROM runs r
LEFT JOIN run_figures f ON f.run_id = r.id AND f.basis LIKE @figuresBasis
LEFT JOIN series s ON s.id = r.series_id`;

const JOB_ROWS = `
SELECT j.kind, j.id,
  CASE WHEN j.kind IN ('provisioning', 'calibration') THEN j.title || ' ' || j.subject_name ELSE j.subject_name END,
  j.state, NULL, '[]',
  CASE WHEN j.kind = 'series' THEN EXISTS (SELECT 1 FROM runs r WHERE r.series_id = j.id AND r.is_simulated = 1) ELSE 0 END,
  CASE j.kind WHEN 'series' THEN s.testbed_name WHEN 'training' THEN t.spec_json ->> '$.twin.testbedName'
    WHEN 'study' THEN NULL ELSE j.subject_name END,
  s.dataset_name,
  CASE j.kind WHEN 'series' THEN s.spec_json -> '$.schedulers' WHEN 'training' THEN t.spec_json -> '$.method' END,
  NULL, coalesce(s.spec_json ->> '$.seed', t.spec_json ->> '$.seed', y.first_seed), NULL, NULL, NULL, NULL, NULL, NULL, NULL,
  j.created_at_ms, j.started_at_ms, j.finished_at_ms, s.id, s.spec_json ->> '$.name'
FROM jobs j
LEFT JOIN series s ON s.id = j.id
LEFT JOIN trainings t ON t.id = j.id
LEFT JOIN study_runs y ON y.id = j.id
WHERE j.kind IN ${JOB_KINDS}`;

/** `h`: all records; @schedulers names each scheduler as JSON with its names and its title. */
export const HISTORY = `WITH h AS (${RUN_ROWS} UNION ALL ${JOB_ROWS}),
named AS MATERIALIZED (SELECT value ->> 0 AS json, value ->> 1 AS names, value ->> 2 AS title FROM json_each(@schedulers))`;

/** With what people put on them; those in the bin, or all others. */
export function historyTables(inBin: boolean): string {
  return `h LEFT JOIN history_marks m ON m.kind = h.kind AND m.id = h.id LEFT JOIN named ON named.json = h.scheduler_json
  WHERE m.binned_at_ms IS ${inBin ? 'NOT NULL' : 'NULL'}`;
}

/** Every spelling of a scheduler that a record has, as JSON: a name, or of a series a list of them. */
export const SCHEDULERS = `SELECT DISTINCT ${SCHEDULER_OF_RUN} AS json FROM runs r
UNION SELECT s.spec_json -> '$.schedulers' FROM series s
UNION SELECT t.spec_json -> '$.method' FROM trainings t`;

export const COUNT_OF_ALL = `SELECT
  (SELECT count(*) FROM runs r WHERE ${notInBin("'run'", 'r.id')})
  + (SELECT count(*) FROM jobs j WHERE j.kind IN ${JOB_KINDS} AND ${notInBin('j.kind', 'j.id')}) AS total`;
