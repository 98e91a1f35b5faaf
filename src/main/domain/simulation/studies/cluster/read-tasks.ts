import { AppError } from '../../../../../shared/errors.js';
import { checkGrid, type StudyGrid } from '../cells/study-cells.js';
import { hashStudy, tasksFileSchema } from './cell-files.js';
import { readJson } from './read-json.js';

const MAX_BYTES = 4 * 1024 ** 2;

/** Reads what `study export` wrote. Throws `invalid-input` with the field where it is damaged or asks for what cannot be simulated. */
export async function readTasks(path: string): Promise<StudyGrid> {
  const read = await readJson(path, tasksFileSchema, MAX_BYTES);
  const hint = 'Name the tasks.json of a folder that “npm run cli -- study export” wrote.';
  if ('reason' in read) throw new AppError('invalid-input', `${path} cannot be used: ${read.reason}`, hint);
  const { study, firstSeed, seeds, studySha256 } = read.value;
  if (hashStudy(study) !== studySha256) {
    throw new AppError('invalid-input', `${path} was changed after it was written: its definition does not have the hash it names`, hint);
  }
  checkGrid({ study, firstSeed, seeds });
  return { study, firstSeed, seeds };
}
