// Golden numbers of learning updates, made by test/fixtures/golden/make_golden.py.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { computeBiasCorrections } from '../../src/scheduling/learning/adam.js';

type Numbers = Record<string, readonly number[]>;

interface GoldenSizes {
  batchSize: number;
  stateSize: number;
  servers: number;
}

export interface GoldenUpdates<Config> {
  config: Config;
  /** Parameters before the first update; moments, which are absent, start at zero. */
  start: Numbers;
  /** As the updates take them: feature-major. The files have them observation by observation. */
  batches: readonly Numbers[];
  /** The state by its plain names, and the metrics. */
  afterOneUpdate: Numbers;
  afterThreeUpdates: Numbers;
}

export async function readGoldenUpdates<Config extends GoldenSizes>(name: string): Promise<GoldenUpdates<Config>> {
  const path = fileURLToPath(new URL(`../fixtures/golden/${name}.json`, import.meta.url));
  const golden = JSON.parse(await readFile(path, 'utf8')) as GoldenUpdates<Config>;
  return { ...golden, batches: golden.batches.map((batch) => toFeatureMajor(batch, golden.config)) };
}

/** Swaps the last two axes of every tensor: [..., batch, numbers] to [..., numbers, batch]. */
function toFeatureMajor(batch: Numbers, { batchSize, stateSize, servers }: GoldenSizes): Numbers {
  const widthOf = (name: string): number => {
    if (name === 'rewards' || name === 'notDone') return 1;
    return name === 'states' || name === 'nextStates' ? stateSize : servers;
  };
  return Object.fromEntries(
    Object.entries(batch).map(([name, values]) => {
      const width = widthOf(name);
      const swapped = values.map((_, index) => {
        const [matrix, offset] = [Math.floor(index / (width * batchSize)), index % (width * batchSize)];
        return values[(matrix * batchSize + (offset % batchSize)) * width + Math.floor(offset / batchSize)]!;
      });
      return [name, swapped];
    }),
  );
}

export type RunUpdate = (inputs: Record<string, ArrayLike<number>>) => Promise<Record<string, ArrayLike<number>>>;

/** Runs one update per batch, feeding the state back, and gives the state by its plain names with the metrics after each. */
export async function runGoldenUpdates(golden: GoldenUpdates<unknown>, stateNames: readonly string[], run: RunUpdate): Promise<Numbers[]> {
  const results: Numbers[] = [];
  let state: Record<string, ArrayLike<number>> = Object.fromEntries(
    stateNames.map((name) => [name, golden.start[name] ?? golden.afterOneUpdate[name]!.map(() => 0)]),
  );
  for (const [index, batch] of golden.batches.entries()) {
    const outputs = await run({ ...state, ...batch, biasCorrections: computeBiasCorrections(index + 1) });
    state = Object.fromEntries(stateNames.map((name) => [name, outputs[`updated_${name}`]!]));
    const metrics = Object.entries(outputs).filter(([name]) => !name.startsWith('updated_'));
    results.push(Object.fromEntries([...Object.entries(state), ...metrics].map(([name, values]) => [name, Array.from(values)])));
  }
  return results;
}

/** The largest difference of any number, relative to the largest number of its tensor; Infinity where a name or a length differs. */
export function findLargestDifference(actual: Numbers, expected: Numbers): number {
  if (Object.keys(actual).sort().join() !== Object.keys(expected).sort().join()) return Infinity;
  const differences = Object.entries(expected).map(([name, values]) => {
    const found = actual[name]!;
    if (found.length !== values.length) return Infinity;
    return Math.max(...values.map((value, index) => Math.abs(value - found[index]!))) / Math.max(...values.map(Math.abs));
  });
  return Math.max(...differences);
}
