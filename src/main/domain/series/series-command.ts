// The command line that starts a series with the same settings. Pure.
import { quoteWord } from '../../../shared/command-line.js';
import { wordForArrivals, wordForSteps } from '../../../shared/run-command-line.js';
import type { SeriesSpec } from '../../../shared/series.js';

/** One command for each set of conditions that the options can say at once: task counts that share steps and arrivals. */
export function toSeriesCommand(spec: SeriesSpec): string {
  const groups = Map.groupBy(spec.conditions, ({ qualitySteps, arrivals }) => JSON.stringify([qualitySteps, arrivals]));
  return [...groups.values()].map((conditions) => commandOf(spec, conditions)).join('\n');
}

function commandOf(spec: SeriesSpec, conditions: SeriesSpec['conditions']): string {
  const [first] = conditions;
  const { sec, belowCelsius } = spec.coolDown;
  const schedulers = spec.schedulers.map(({ scheduler, trainingId }) =>
    trainingId === undefined ? scheduler : `${scheduler}:${trainingId}`,
  );
  return [
    'npm run cli -- series start',
    `--testbed ${quoteWord(spec.testbedId)}`,
    `--dataset ${quoteWord(spec.datasetId)}`,
    `--name ${quoteWord(spec.name)}`,
    `--schedulers ${quoteWord(schedulers.join(','))}`,
    `--count ${conditions.map(({ taskCount }) => taskCount).join(',')}`,
    ...(first ? [`--steps ${wordForSteps(first.qualitySteps)}`, `--arrivals ${wordForArrivals(first.arrivals)}`] : []),
    `--repeat ${spec.repetitions}`,
    `--seed ${spec.seed}`,
    `--cool-down ${sec}`,
    ...(belowCelsius === null ? [] : [`--cool-below ${belowCelsius}`]),
    `--warm-up ${spec.warmUpTasksPerNode}`,
    `--tries ${spec.maxTries}`,
    `--attempts ${spec.maxAttempts}`,
    ...(spec.keepInvalid ? ['--keep-invalid'] : []),
    ...(spec.allowRepeatedPrompts ? ['--repeat-prompts'] : []),
    ...(spec.allowOverload ? ['--allow-overload'] : []),
  ].join(' ');
}
