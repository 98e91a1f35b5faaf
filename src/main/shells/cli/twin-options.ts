// What is simulated on the twin of a testbed, from the words of a command.
import { InvalidArgumentError, type Command } from 'commander';
import { type Arrivals } from '../../../shared/run.js';
import { computeSec, timingOf, type Testbed } from '../../../shared/testbed.js';
import type { PlannedWork } from '../../../shared/twin.js';
import { decimal, whole } from './parse-arguments.js';
import { arrivalsOption, stepsOption } from './work-options.js';

export interface WorkOptions {
  testbed?: string;
  count: number;
  steps: { min: number; max: number };
  arrivals: Arrivals;
  load?: number;
  seed: number;
  repeat: number;
}

export function withWorkOptions(command: Command, { repetitions }: { repetitions: number }): Command {
  return command
    .option('--testbed <testbed>', 'name or id of a testbed (default: the only one, else that of the last run)')
    .option('-n, --count <count>', 'number of tasks, |N|', whole, 100)
    .addOption(stepsOption())
    .addOption(arrivalsOption())
    .option('--load <ratio>', 'Poisson arrivals of so much of what the nodes can do, in place of --arrivals: 0.9', positive)
    .option('--seed <seed>', 'seed of the first repetition; each later one has the next', whole, 1)
    .option('--repeat <count>', 'repetitions, for the intervals', whole, repetitions);
}

export function workOfOptions({ count, steps, arrivals: arriving, load, seed }: WorkOptions, testbed: Testbed): PlannedWork {
  return {
    ...{ testbedId: testbed.id, taskCount: count, qualitySteps: steps, seed },
    arrivals: load === undefined ? arriving : { kind: 'poisson', ratePerSec: load * capacityOf(testbed, (steps.min + steps.max) / 2) },
  };
}

export function positive(word: string): number {
  const value = decimal(word);
  if (value > 0) return value;
  throw new InvalidArgumentError(`“${word}” is not above 0.`);
}

/** Tasks of the mean number of steps that all nodes together execute, model time, 1/s. */
function capacityOf({ nodes }: Testbed, meanSteps: number): number {
  return nodes.reduce((sum, node) => {
    const { timeModel, speedFactor } = timingOf(node);
    return sum + 1 / computeSec(timeModel, meanSteps, speedFactor);
  }, 0);
}
