// A definition narrowed to what a run of it is asked for, and the command that asks for the same again.
import { AppError } from '../../../../shared/errors.js';
import type { StudyDefinition, StudyRun } from '../../../../shared/study.js';

/** Throws `not-found` for a method that the study does not compare. */
export function chooseStudy(study: StudyDefinition, choice: { methods?: readonly string[]; episodes?: number }): StudyDefinition {
  const asked = choice.methods ?? study.methods;
  const unknown = asked.find((method) => !study.methods.includes(method));
  if (unknown !== undefined) {
    throw new AppError('not-found', `Study ${study.name} has no method “${unknown}”`, `It compares: ${study.methods.join(', ')}.`);
  }
  const methods = study.methods.filter((method) => asked.includes(method));
  const episodes = choice.episodes ?? study.episodes;
  return {
    ...study,
    methods,
    episodes,
    lastEpisodes: Math.min(study.lastEpisodes, episodes),
    paper: study.paper.filter(({ method }) => methods.includes(method)),
  };
}

/** `definition`: as the program ships it now; null where it ships none of that name. */
export function commandFor(
  { study, firstSeed, seeds }: Pick<StudyRun, 'study' | 'firstSeed' | 'seeds'>,
  definition: StudyDefinition | null,
): string {
  const words = ['npm run cli -- study run', study.name, `--seeds ${seeds}`];
  if (firstSeed !== 1) words.push(`--first-seed ${firstSeed}`);
  if (definition?.methods.join() !== study.methods.join()) words.push(`--methods ${study.methods.join(',')}`);
  if (definition?.episodes !== study.episodes) words.push(`--episodes ${study.episodes}`);
  return words.join(' ');
}
