// Command-line words to values; a wrong one is refused with the word in the message.
import { InvalidArgumentError } from 'commander';
import { readStartTime } from '../../../shared/planned-start.js';
import type { Arrivals } from '../../../shared/run.js';
import { TWIN_SPEEDS } from '../../../shared/training.js';

export function decimal(word: string): number {
  const value = Number(word);
  if (word.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError(`“${word}” is not a number.`);
  return value;
}

export function whole(word: string): number {
  const value = decimal(word);
  if (!Number.isInteger(value)) throw new InvalidArgumentError(`“${word}” is not a whole number.`);
  return value;
}

export function decimalList(word: string): number[] {
  return word.split(',').map(decimal);
}

/** `1,0.7,0.5`, or a kind of speeds next to the record. */
export function statedSpeeds(word: string): number[] | (typeof TWIN_SPEEDS)[number] {
  const kind = TWIN_SPEEDS.find((known) => known === word);
  if (kind !== undefined) return kind;
  if (!/\d/.test(word)) throw new InvalidArgumentError(`“${word}” is neither speeds like 1,0.7,0.5 nor one of ${TWIN_SPEEDS.join(', ')}.`);
  return decimalList(word);
}

/** Of streams: offered work over capacity. */
export function loadOfStreams(word: string): number {
  const load = decimal(word);
  if (load < 0.1 || load > 10) throw new InvalidArgumentError(`A load lies between 0.1 and 10; “${word}” does not.`);
  return load;
}

/** Words separated by commas. */
export function wordList(text: string): string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.includes('')) throw new InvalidArgumentError(`“${text}” has an empty name.`);
  return words;
}

/** For an option that may be given several times: all its words. */
export function addWords(text: string, before: string[] = []): string[] {
  return [...before, ...wordList(text)];
}

/** `15` or `10-19`. */
export function stepsRange(word: string): { min: number; max: number } {
  const match = /^(\d+)(?:-(\d+))?$/.exec(word);
  if (!match) throw new InvalidArgumentError(`“${word}” is neither a number of steps nor a range like 10-19.`);
  const min = Number(match[1]);
  return { min, max: match[2] === undefined ? min : Number(match[2]) };
}

/** `20:00` or `2026-12-01 20:00`, by the clock of this computer, as epoch ms. */
export function startTime(word: string): number {
  const { atMs, problem } = readStartTime(word, Date.now());
  if (atMs === null) throw new InvalidArgumentError(problem);
  return atMs;
}

/** `at-once`, `slots:N_b[:SLOT_SEC]` or `poisson:RATE`. */
export function arrivals(word: string): Arrivals {
  const [kind, first, second] = word.split(':');
  switch (kind) {
    case 'at-once':
      return { kind: 'all-at-once' };
    case 'slots':
      return { kind: 'slot-uniform', maxPerSlot: whole(first ?? '50'), slotSec: decimal(second ?? '1') };
    case 'poisson':
      return { kind: 'poisson', ratePerSec: decimal(first ?? '') };
    default:
      throw new InvalidArgumentError(`“${word}” is none of at-once, slots:N[:SEC], poisson:RATE.`);
  }
}
