// The settings of scheduling as options of commands.
import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  DEFAULT_CONSIDERATION,
  DEFAULT_SPEED_WEIGHT,
  PLACING_ORDER_NAMES,
  QUEUE_ORDER_NAMES,
  type SchedulingSettings,
} from '../../../shared/scheduling-settings.js';
import { decimal } from './parse-arguments.js';

export type SchedulingOptions = SchedulingSettings;

/** @param whose what they are of, in the help: a run, or all schedulers of a series */
export function withSchedulingOptions(command: Command, whose = ''): Command {
  return withOrderOptions(command, whose).addOption(
    new Option(
      '--consideration <k>',
      `with considerate-completion: what the own computation counts less, 0 to 1 (default: ${DEFAULT_CONSIDERATION}; \`policy tune\` finds it)`,
    ).argParser(share),
  );
}

/** Those that every scheduler goes by. */
export function withOrderOptions(command: Command, whose = ''): Command {
  return command
    .addOption(
      new Option('--placing-order <order>', `in which order a station places a burst${whose} (default: own, as in the paper)`).choices(
        PLACING_ORDER_NAMES,
      ),
    )
    .addOption(
      new Option('--queue-order <order>', `in which order a node executes its queue${whose} (default: first-come-first-served)`).choices(
        QUEUE_ORDER_NAMES,
      ),
    )
    .addOption(
      new Option(
        '--speed-weight <weight>',
        `reckon with the speeds of nodes as they are seen: what the newest image weighs, above 0 and up to 1 (usual: ${DEFAULT_SPEED_WEIGHT}; default: the speeds on record)`,
      ).argParser(weight),
    );
}

/** Those that were given. */
export function settingsOfOptions({ placingOrder, queueOrder, speedWeight, consideration }: SchedulingOptions): SchedulingSettings {
  return {
    ...(placingOrder !== undefined && { placingOrder }),
    ...(queueOrder !== undefined && { queueOrder }),
    ...(speedWeight !== undefined && { speedWeight }),
    ...(consideration !== undefined && { consideration }),
  };
}

function weight(word: string): number {
  const value = decimal(word);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError(`“${word}” is not above 0 and at most 1.`);
}

function share(word: string): number {
  const value = decimal(word);
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError(`“${word}” is not from 0 to 1.`);
}
