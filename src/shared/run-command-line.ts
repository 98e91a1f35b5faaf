// The command line that starts a run with the same settings.
import { quoteWord } from './command-line.js';
import { assertNever } from './errors.js';
import type { Arrivals, RunSpec } from './run.js';
import type { SchedulingSettings } from './scheduling-settings.js';

/** Ids, not names: names may change and need not be unique. Quoted for POSIX shells. */
export function toCliCommand(spec: RunSpec): string {
  return [
    'npm run cli -- run start',
    `--testbed ${quoteWord(spec.testbedId)}`,
    `--dataset ${quoteWord(spec.datasetId)}`,
    `--count ${spec.taskCount}`,
    `--name ${quoteWord(spec.name)}`,
    `--seed ${spec.seed}`,
    `--steps ${wordForSteps(spec.qualitySteps)}`,
    `--arrivals ${wordForArrivals(spec.arrivals)}`,
    `--scheduler ${spec.scheduler}`,
    ...(spec.trainingId === undefined ? [] : [`--training ${quoteWord(spec.trainingId)}`]),
    ...wordsForSettings(spec),
    ...(spec.strength === undefined ? [] : [`--service image-to-image --strength ${spec.strength}`]),
    `--attempts ${spec.maxAttempts}`,
    ...(spec.allowRepeatedPrompts ? ['--repeat-prompts'] : []),
  ].join(' ');
}

/** The options that are not as in the paper. */
export function wordsForSettings({ placingOrder, queueOrder, speedWeight, consideration }: SchedulingSettings): string[] {
  return [
    ...(placingOrder === undefined ? [] : [`--placing-order ${placingOrder}`]),
    ...(queueOrder === undefined ? [] : [`--queue-order ${queueOrder}`]),
    ...(speedWeight === undefined ? [] : [`--speed-weight ${speedWeight}`]),
    ...(consideration === undefined ? [] : [`--consideration ${consideration}`]),
  ];
}

/** `15`, `10-19` */
export function wordForSteps({ min, max }: RunSpec['qualitySteps']): string {
  return min === max ? `${min}` : `${min}-${max}`;
}

/** `at-once`, `slots:50:1`, `poisson:2` */
export function wordForArrivals(arrivals: Arrivals): string {
  switch (arrivals.kind) {
    case 'all-at-once':
      return 'at-once';
    case 'slot-uniform':
      return `slots:${arrivals.maxPerSlot}:${arrivals.slotSec}`;
    case 'poisson':
      return `poisson:${arrivals.ratePerSec}`;
    default:
      return assertNever(arrivals);
  }
}
