// In a process of its own: V8's flags are a whole process's, and what a heap has grown to it keeps.
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const MODULE = pathToFileURL(resolve('src/main/foundation/limit-heap-growth.ts')).href;

/** Makes what a run makes, much that is soon garbage and little that stays; prints the young generation's size and the heap's largest, MB. */
const CHURN = `
  const v8 = await import('node:v8');
  const stays = [];
  let maxMb = 0;
  for (let round = 0; round < 400; round++) {
    const rows = Array.from({ length: 2_000 }, (_, index) => ({ id: 'task-' + index, delays: [index, round, Math.random()] }));
    stays.push(rows[round]);
    maxMb = Math.max(maxMb, process.memoryUsage().heapTotal / 1e6);
    await new Promise(setImmediate);
  }
  const young = v8.getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size;
  console.log(JSON.stringify({ young: young / 1e6, maxMb, stays: stays.length }));`;

async function churn(isLimited: boolean): Promise<{ young: number; maxMb: number }> {
  const limit = isLimited ? `(await import(${JSON.stringify(MODULE)})).limitHeapGrowth();` : '';
  const { stdout } = await run(process.execPath, ['--no-warnings', '--input-type=module', '-e', limit + CHURN]);
  return JSON.parse(stdout) as { young: number; maxMb: number };
}

test('the heap of a core that works grows little beyond what lives in it', async () => {
  const [limited, usual] = [await churn(true), await churn(false)];

  expect(limited.young).toBeLessThan(usual.young);
  expect(limited.young).toBeLessThan(5);
  expect(limited.maxMb).toBeLessThan(usual.maxMb);
});
