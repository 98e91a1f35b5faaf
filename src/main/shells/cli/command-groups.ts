// Which file has which commands, so that a command loads what it needs and nothing else: the whole program takes half a second to load.
import type { Command } from 'commander';

type Run = (act: () => Promise<number>) => Promise<void>;
type AddCommands = (program: Command, run: Run) => void;

interface CommandGroup {
  /** First words of its commands. */
  words: readonly string[];
  load(): Promise<AddCommands>;
}

/** In the order of the help. */
const GROUPS: readonly CommandGroup[] = [
  { words: ['path'], load: async () => (await import('./path-command.js')).addPathCommand },
  { words: ['testbed'], load: async () => (await import('./testbed-commands.js')).addTestbedCommands },
  { words: ['node'], load: async () => (await import('./node-commands.js')).addNodeCommands },
  { words: ['secret'], load: async () => (await import('./secret-commands.js')).addSecretCommands },
  { words: ['node'], load: async () => (await import('./facts-commands.js')).addFactsCommand },
  { words: ['provision'], load: async () => (await import('./provision-command.js')).addProvisionCommand },
  { words: ['clock'], load: async () => (await import('./clock-commands.js')).addClockCommands },
  { words: ['dataset'], load: async () => (await import('./dataset-commands.js')).addDatasetCommands },
  { words: ['run'], load: async () => (await import('./run-commands.js')).addRunCommands },
  { words: ['run'], load: async () => (await import('./run-compare-command.js')).addRunCompareCommand },
  { words: ['run'], load: async () => (await import('./twin-commands.js')).addRunPredictCommand },
  { words: ['what-if'], load: async () => (await import('./twin-commands.js')).addWhatIfCommand },
  { words: ['series'], load: async () => (await import('./series-commands.js')).addSeriesCommands },
  { words: ['images'], load: async () => (await import('./images-commands.js')).addImagesCommands },
  { words: ['history'], load: async () => (await import('./history-commands.js')).addHistoryCommands },
  { words: ['bin'], load: async () => (await import('./bin-commands.js')).addBinCommands },
  { words: ['find'], load: async () => (await import('./find-command.js')).addFindCommand },
  { words: ['model'], load: async () => (await import('./model-commands.js')).addModelCommands },
  { words: ['wheels'], load: async () => (await import('./wheels-commands.js')).addWheelsCommands },
  { words: ['calibrate'], load: async () => (await import('./calibrate-command.js')).addCalibrateCommand },
  { words: ['train'], load: async () => (await import('./train-commands.js')).addTrainCommands },
  { words: ['policy', 'evaluate'], load: async () => (await import('./training-commands.js')).addTrainingCommands },
  { words: ['policy'], load: async () => (await import('./policy-tune-command.js')).addPolicyTuneCommand },
  { words: ['policy'], load: async () => (await import('./policy-nodes-command.js')).addPolicyNodesCommand },
  { words: ['policy'], load: async () => (await import('./policy-learn-command.js')).addPolicyLearnCommand },
  { words: ['study'], load: async () => (await import('./study-commands.js')).addStudyCommands },
  { words: ['reproduce'], load: async () => (await import('./reproduce-command.js')).addReproduceCommand },
  { words: ['archive'], load: async () => (await import('./archive-commands.js')).addArchiveCommands },
  { words: ['jobs'], load: async () => (await import('./jobs-commands.js')).addJobsCommands },
  { words: ['notifications'], load: async () => (await import('./notification-commands.js')).addNotificationCommand },
  { words: ['data'], load: async () => (await import('./data-commands.js')).addDataCommands },
  { words: ['report'], load: async () => (await import('./report-commands.js')).addReportCommands },
  { words: ['compare', 'serve', 'doctor'], load: async () => (await import('./app-commands.js')).addAppCommands },
  { words: ['platforms'], load: async () => (await import('./platform-commands.js')).addPlatformCommands },
  { words: ['cost'], load: async () => (await import('./cost-command.js')).addCostCommand },
  { words: ['log', 'diagnostics'], load: async () => (await import('./log-commands.js')).addLogCommands },
];

export const COMMAND_WORDS: readonly string[] = [...new Set(GROUPS.flatMap(({ words }) => words))];

/**
 * The first word of the command in the words of a command line; null where there is none that is known, which is when all commands are
 * needed, for the help or for what is meant.
 */
export function findCommandWord(words: readonly string[]): string | null {
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--data') index++;
    else if (!word.startsWith('-')) return COMMAND_WORDS.includes(word) ? word : null;
    else if (word !== '--json' && !word.startsWith('--data=')) return null;
  }
  return null;
}

/** Adds the commands that start with a word; null: all. */
export async function addCommands(program: Command, run: Run, word: string | null): Promise<void> {
  const requested = GROUPS.filter(({ words }) => word === null || words.includes(word));
  for (const add of await Promise.all(requested.map(({ load }) => load()))) add(program, run);
}
