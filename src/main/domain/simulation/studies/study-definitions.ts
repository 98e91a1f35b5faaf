// The definitions that the program ships, one JSON file each.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AppError } from '../../../../shared/errors.js';
import type { StudyDefinition } from '../../../../shared/study.js';
import { studyDefinitionSchema } from '../../../../shared/study-schema.js';

/** By name, which is the order of the paper. Throws `invalid-input` with file, field and remedy for one that is damaged. */
export function loadStudyDefinitions(folder: string): StudyDefinition[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readDefinition(join(folder, name)));
}

function readDefinition(path: string): StudyDefinition {
  const refuse = (reason: string): AppError =>
    new AppError('invalid-input', `The study ${path} cannot be used: ${reason}`, 'Correct the file, or install the program again.');
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (thrown) {
    throw refuse(thrown instanceof Error ? thrown.message : String(thrown));
  }
  const { success, data, error } = studyDefinitionSchema.safeParse(content);
  if (!success) throw refuse(error.issues.map(({ path: field, message }) => `${field.join('.') || 'the whole'}: ${message}.`).join(' '));
  if (`${data.name}.json` !== basename(path)) throw refuse(`name: “${data.name}” is not the file's.`);
  return data;
}
