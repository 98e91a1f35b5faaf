// Two versions of the program measured in turn on the same machine, so that what else runs there slows both: ratios count, numbers do not.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { bundleBench } from './bundle-bench.mjs';
import { Failure } from './failure.mjs';
import { findNode24 } from './node-24.mjs';
import { projectDir } from './paths.mjs';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * Runs test/bench/<name>.ts of another checkout and of this one in turn, `rounds` times each with the same words, and prints the medians
 * over the rounds of every number with their ratio. The other checkout needs no packages of its own: it gets those of this one.
 */
export async function compareBenches(name, { against, rounds, words }) {
  const otherDir = resolve(against);
  if (!existsSync(join(otherDir, 'test', 'bench', `${name}.ts`))) {
    throw new Failure(`There is no test/bench/${name}.ts under ${otherDir}`, 'Name the folder of another checkout of this program.');
  }
  const bundles = { there: await bundleBench(otherDir, name, `${name}-there`), here: await bundleBench(projectDir, name, name) };
  const measured = { there: [], here: [] };
  for (let round = 1; round <= rounds; round++) {
    for (const side of ['there', 'here']) {
      process.stderr.write(`Round ${round} of ${rounds}, ${side === 'there' ? otherDir : 'this checkout'}\n`);
      const { stdout } = await run(findNode24(), [bundles[side], ...words], { maxBuffer: MAX_OUTPUT_BYTES });
      measured[side].push(flatten(JSON.parse(stdout)));
    }
  }
  const rows = [...measured.here[0].keys()].flatMap((key) => {
    const [there, here] = [medianOf(measured.there, key), medianOf(measured.here, key)];
    return there === null || here === null ? [] : [{ what: key, there, here, ratio: here / there }];
  });
  for (const { what, there, here, ratio } of rows) {
    process.stderr.write(
      `${what.padEnd(60)} ${there.toPrecision(4).padStart(10)} ${here.toPrecision(4).padStart(10)}  x ${ratio.toFixed(3)}\n`,
    );
  }
  process.stdout.write(`${JSON.stringify({ against: otherDir, rounds, rows }, null, 2)}\n`);
  return 0;
}

/** The numbers of a JSON document by their path; an entry of a list goes by its texts, such as a method's name. */
function flatten(value, path = [], found = new Map()) {
  if (typeof value === 'number') found.set(path.join(' / '), value);
  else if (Array.isArray(value)) value.forEach((item, index) => flatten(item, [...path, nameOf(item) || String(index)], found));
  else if (value !== null && typeof value === 'object')
    for (const [key, item] of Object.entries(value)) flatten(item, [...path, key], found);
  return found;
}

function nameOf(item) {
  return Object.values(item ?? {})
    .filter((value) => typeof value === 'string')
    .join(' ');
}

/** Null where a round has no such number: the two versions may not measure the same things. */
function medianOf(rounds, key) {
  const values = rounds.flatMap((numbers) => (numbers.has(key) ? [numbers.get(key)] : [])).sort((a, b) => a - b);
  return values.length < rounds.length ? null : values[Math.floor(values.length / 2)];
}
