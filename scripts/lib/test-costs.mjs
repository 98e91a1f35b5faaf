// What each file of tests cost (test/support/processor-cost.ts), and which of them cost more than their share of a check.
import { readFileSync, rmSync } from 'node:fs';

/** More than this, alone on a processor, and a file is called `.slow.test.ts`. Of a browser only a part is seen: it leaves its pages behind. */
export const MAX_SEC_OF_A_FILE = { contract: 10, e2e: 20, desktop: 40 };
/** A busy machine makes a file dearer. */
const TOLERANCE = 1.5;

/** The environment in which a suite writes its costs to `path`. */
export function recordCosts(path) {
  rmSync(path, { force: true });
  return { DEDGEAI_TEST_COSTS: path };
}

/** [{ suite, file, processorSec }] of what a suite wrote, the dearest first. */
export function readCosts(suite, path) {
  let lines;
  try {
    lines = readFileSync(path, 'utf8').trim().split('\n');
  } catch {
    // Only Linux says what a process cost.
    return [];
  }
  const costs = new Map();
  for (const { file, processorSec } of lines.filter(Boolean).map((line) => JSON.parse(line)))
    costs.set(file, Math.max(processorSec, costs.get(file) ?? 0));
  return [...costs]
    .map(([file, processorSec]) => ({ suite, file, processorSec }))
    .sort((one, other) => other.processorSec - one.processorSec);
}

/** For the end of a check; empty where all keep to their share. */
export function describeDearFiles(costs) {
  const dear = costs.filter(({ suite, processorSec }) => processorSec > MAX_SEC_OF_A_FILE[suite] * TOLERANCE);
  if (dear.length === 0) return '';
  const line = ({ suite, file, processorSec }) =>
    `  ${file}: ${processorSec.toFixed(0)} s of a processor, at most ${MAX_SEC_OF_A_FILE[suite]}`;
  return ['Dear for a check, split them or let them end in .slow.test.ts (CONTRIBUTING.md):', ...dear.map(line)].join('\n');
}
