// The words after `npm run faults --`.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

export interface Options {
  seed: number;
  only: string[];
  isLong: boolean;
  isList: boolean;
  jobs: number;
  /** Where the counts go as JSON, for the check. */
  report: string | null;
}

export const HELP = `npm run faults -- [--seed N] [--only NAME[,NAME]] [--long] [--list] [--jobs N]
  --seed N   everything drawn follows from it (default: 1)
  --only     these faults, in their long form with --long; NAME#3 is the third copy alone
  --long     all faults at full length: about half an hour
  --list     says what there is, and what this machine can't do
  --jobs N   so many faults side by side`;

/** Throws an Error in plain words. */
export function parseOptions(words: string[]): Options {
  const { values } = parseArgs({
    args: words,
    options: {
      seed: { type: 'string', default: '1' },
      only: { type: 'string', multiple: true, default: [] },
      long: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      jobs: { type: 'string' },
      report: { type: 'string' },
    },
  });
  return {
    seed: whole('--seed', values.seed, 0),
    only: values.only.flatMap((names) => names.split(',')),
    isLong: values.long,
    isList: values.list,
    // Most faults wait more than they compute.
    jobs: values.jobs === undefined ? Math.min(6, availableParallelism() + 2) : whole('--jobs', values.jobs, 1),
    report: values.report ?? null,
  };
}

function whole(name: string, text: string, min: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > 0xffffffff)
    throw new Error(`${name} ${text} is not a whole number from ${min} on.`);
  return value;
}
