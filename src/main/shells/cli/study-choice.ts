// Which part of a study is asked for on the command line, the same wherever one is started.
import type { Command } from 'commander';
import { whole, wordList } from './parse-arguments.js';

/** What of a study is asked for; the API verifies it. */
export interface StudyChoice {
  seeds?: number;
  firstSeed?: number;
  methods?: string[];
  episodes?: number;
}

/** Options of a choice, the same wherever a study is started. */
export function withChoice(command: Command): Command {
  return command
    .option('--seeds <count>', 'independent repetitions (default: 3; the paper has 50)', whole)
    .option('--first-seed <seed>', 'the first of the seeds (default: 1)', whole)
    .option('--methods <names>', 'only these of its methods, separated by commas', wordList)
    .option('--episodes <count>', "episodes of a training, instead of the study's", whole);
}

export function choiceOf({ seeds, firstSeed, methods, episodes }: StudyChoice): StudyChoice {
  return {
    ...(seeds !== undefined && { seeds }),
    ...(firstSeed !== undefined && { firstSeed }),
    ...(methods && { methods }),
    ...(episodes !== undefined && { episodes }),
  };
}
