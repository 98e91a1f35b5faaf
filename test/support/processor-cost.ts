// What a file of tests costs: the processor time of its worker and of every program that it started and saw end. Unlike the time by the clock
// it is much the same on a busy machine. Written where the checks ask for it (scripts/lib/test-costs.mjs), on Linux, which says it.
import { appendFileSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { afterAll, expect } from 'vitest';

/** The kernel counts in hundredths of a second. */
const TICKS_PER_SEC = 100;

const path = process.env['DEDGEAI_TEST_COSTS'];
if (path !== undefined && process.platform === 'linux') {
  afterAll(() => {
    const file = relative(process.cwd(), expect.getState().testPath ?? '');
    appendFileSync(path, `${JSON.stringify({ file, processorSec: processorSec() })}\n`);
  });
}

function processorSec(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // Behind the name, which may hold blanks: utime, stime, cutime and cstime are the fields 14 to 17 of proc(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SEC;
}
