// The form that starts a study, as typed, and its way to what the API takes.
import type { StudyDefinition } from '../../../shared/study.js';

export interface StartStudyForm {
  seeds: number | null;
  firstSeed: number | null;
  /** Null while the field has no number. */
  episodes: number | null;
  methods: string[];
}

/** A first look, not the paper's 50 seeds: an interval needs two, and three tell noise from a trend. */
const FIRST_SEEDS = 3;

export function fillForm({ episodes, methods }: Pick<StudyDefinition, 'episodes' | 'methods'>): StartStudyForm {
  return { seeds: FIRST_SEEDS, firstSeed: 1, episodes, methods: [...methods] };
}

/** The form as the API takes it, unchecked. What is as the definition has it is left out. */
export function toStartInput(study: Pick<StudyDefinition, 'name' | 'methods' | 'episodes'>, form: StartStudyForm): Record<string, unknown> {
  const { seeds, firstSeed, episodes } = form;
  const methods = study.methods.filter((method) => form.methods.includes(method));
  return {
    study: study.name,
    seeds,
    firstSeed,
    ...(methods.length < study.methods.length && { methods }),
    ...(episodes !== study.episodes && { episodes }),
  };
}
