// The two files of a study that runs elsewhere: tasks.json goes out, one result a cell comes back. What comes back may be anything.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { errorShapeSchema } from '../../../../../shared/error-shape-schema.js';
import type { FailedStudyCell, StudyCell, StudyDefinition } from '../../../../../shared/study.js';
import { canonicalJson } from '../../../../foundation/canonical-json.js';
import type { StudyGrid } from '../cells/study-cells.js';
import { studyDefinitionSchema } from '../../../../../shared/study-schema.js';

const FORMAT = 1;
/** A delay that no simulation of ours comes near to. */
const MAX_SEC = 1e12;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'Not a SHA-256');
const version = z.string().regex(/^[\w.+-]{1,64}$/, 'Not a version');
const seed = z.int().min(0).max(0xffffffff);
const sec = z.number().positive().max(MAX_SEC);
const cpu = z.number().nonnegative().max(MAX_SEC);
const key = { pointIndex: z.int().min(0).max(100), method: z.string().min(1).max(64), seed };

export const tasksFileSchema = z.strictObject({
  format: z.literal(FORMAT, 'Not a form that this version knows'),
  programVersion: version,
  studySha256: sha256,
  study: studyDefinitionSchema,
  firstSeed: seed,
  seeds: z.int().min(1).max(1000),
});

const resultFields = { format: z.literal(FORMAT, 'Not a form that this version knows'), studySha256: sha256, programVersion: version };

export const resultFileSchema = z.union([
  z.strictObject({
    ...resultFields,
    cell: z.strictObject({
      ...key,
      meanDelaySec: sec,
      optTsDelaySec: sec,
      ratioToOptTs: z.number().positive(),
      convergenceEpisode: z.int().min(1).nullable(),
      cpuSec: cpu,
      episodeCpuSec: cpu,
      curveSec: z.array(sec).max(100_000).nullable(),
    }),
  }),
  z.strictObject({ ...resultFields, failure: z.strictObject({ ...key, error: errorShapeSchema }) }),
]);
export type ResultFile = z.output<typeof resultFileSchema>;

/** SHA-256 (hex) of everything that a cell's numbers depend on: two cells of one hash, point, method and seed are the same. */
export function hashStudy({ kind, preset, points, episodes, lastEpisodes }: StudyDefinition): string {
  return createHash('sha256').update(canonicalJson({ kind, preset, points, episodes, lastEpisodes })).digest('hex');
}

/** Task n of the file is cell n of `listCells`. */
export function buildTasksFile({ study, firstSeed, seeds }: StudyGrid, programVersion: string): z.output<typeof tasksFileSchema> {
  return { format: FORMAT, programVersion, studySha256: hashStudy(study), study, firstSeed, seeds };
}

export function buildResultFile(
  study: StudyDefinition,
  programVersion: string,
  result: { cell: Omit<StudyCell, 'origin' | 'programVersion'> } | { failure: FailedStudyCell },
): ResultFile {
  const common = { format: FORMAT, studySha256: hashStudy(study), programVersion } as const;
  return 'cell' in result
    ? { ...common, cell: { ...result.cell, curveSec: result.cell.curveSec?.slice() ?? null } }
    : { ...common, ...result };
}
