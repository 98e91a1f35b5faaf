// The words of a run's prompts in the full-text index: one document a run, its distinct prompts with a mark between them that no phrase crosses.
import type { Database, Statement } from './database.js';

/** A letter of no script, which the tokenizer takes for a word. */
const BETWEEN_PROMPTS = "' ' || char(0xE000) || ' '";

/** Of the run that `run_id` names in the surrounding statement. */
const PROMPTS_OF_RUN = `SELECT coalesce(group_concat(prompt, ${BETWEEN_PROMPTS}), '')
  FROM (SELECT DISTINCT prompt FROM tasks WHERE tasks.run_id = searched_runs.run_id)`;

/** Runs whose prompts fit; `@...` is a match of the full-text index. */
export function runsWithWords(parameter: string): string {
  return `SELECT found.run_id FROM run_words JOIN searched_runs found ON found.number = run_words.rowid WHERE run_words MATCH @${parameter}`;
}

/** Words that start with the text; where it has several in one, such as `t-shirt`, one after the other. */
export function matchOfWord(text: string): string {
  return `${matchOfPhrase(text)}*`;
}

/** Whole words in this order. */
export function matchOfPhrase(text: string): string {
  return `"${text.replaceAll('"', '""').replaceAll('\0', ' ')}"`;
}

export class RunWords {
  readonly #number: Statement<{ runId: string }, never>;
  readonly #index: Statement<{ runId: string }, never>;

  constructor(database: Database) {
    this.#number = database.prepare('INSERT INTO searched_runs (run_id) VALUES (@runId)');
    this.#index = database.prepare(
      `INSERT INTO run_words (rowid, prompts) SELECT number, (${PROMPTS_OF_RUN}) FROM searched_runs WHERE run_id = @runId`,
    );
  }

  /** Of a run with all its tasks, once. */
  add(runId: string): void {
    this.#number.run({ runId });
    this.#index.run({ runId });
  }
}
