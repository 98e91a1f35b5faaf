// The command line that starts a series with the same settings.
import { quoteWord } from './command-line.js';
import { wordForArrivals, wordForSteps } from './run-command-line.js';
import { wordForScheduler } from './scheduler-word.js';
import { SERIES_PRESETS, type SeriesSpec } from './series.js';

/**
 * Ids, not names: names may change and need not be unique. Quoted for POSIX shells. A command says every combination of its counts, steps and
 * arrivals: conditions that are no such product take a line for each set of counts that share the rest.
 */
export function toSeriesCommand(spec: SeriesSpec): string {
  const { conditions } = spec;
  const options = {
    counts: unique(conditions.map(({ taskCount }) => String(taskCount))),
    steps: unique(conditions.map(({ qualitySteps }) => wordForSteps(qualitySteps))),
    arrivals: unique(conditions.map(({ arrivals }) => wordForArrivals(arrivals))),
  };
  if (options.counts.length * options.steps.length * options.arrivals.length === conditions.length) return commandOf(spec, options);
  const groups = Map.groupBy(conditions, ({ qualitySteps, arrivals }) => JSON.stringify([qualitySteps, arrivals]));
  return [...groups.values()].map((group) => toSeriesCommand({ ...spec, conditions: group })).join('\n');
}

interface ConditionWords {
  counts: readonly string[];
  steps: readonly string[];
  arrivals: readonly string[];
}

function commandOf(spec: SeriesSpec, { counts, steps, arrivals }: ConditionWords): string {
  const { coolDown } = spec;
  const isTableV = counts.join(',') === SERIES_PRESETS['table-v'].taskCounts.join(',');
  return [
    'npm run cli -- series start',
    `--testbed ${quoteWord(spec.testbedId)}`,
    `--dataset ${quoteWord(spec.datasetId)}`,
    isTableV ? '--preset table-v' : `--count ${counts.join(',')}`,
    `--schedulers ${quoteList(spec.schedulers.map(wordForScheduler))}`,
    `--repeat ${spec.repetitions}`,
    `--seed ${spec.seed}`,
    `--steps ${steps.join(',')}`,
    `--arrivals ${arrivals.join(',')}`,
    `--name ${quoteWord(spec.name)}`,
    `--cool-down ${coolDown.sec}`,
    ...(coolDown.belowCelsius === null ? [] : [`--cool-below ${coolDown.belowCelsius}`]),
    `--warm-up ${spec.warmUpTasksPerNode}`,
    `--tries ${spec.maxTries}`,
    `--attempts ${spec.maxAttempts}`,
    ...(spec.strength === undefined ? [] : [`--strength ${spec.strength}`]),
    ...(spec.keepInvalid ? ['--keep-invalid'] : []),
    ...(spec.allowRepeatedPrompts ? ['--repeat-prompts'] : []),
    ...(spec.allowOverload ? ['--allow-overload'] : []),
  ].join(' ');
}

function quoteList(words: readonly string[]): string {
  const list = words.join(',');
  return words.every((word) => quoteWord(word) === word) ? list : quoteWord(list);
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)];
}
