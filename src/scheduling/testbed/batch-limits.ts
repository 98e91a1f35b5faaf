// What no policy can beat on a simulated testbed: the mean delay of a batch's tasks. As ../metrics/delay-limit.ts has it: one machine with the
// capacity of all nodes that always takes the task with the least work left. A node weighs as much as it does of the mean task in a second,
// and a task's work is what it costs where that is least, so that it holds for nodes of any times.
import { createSmallestFirst } from '../metrics/delay-limit.js';
import type { TestbedBatch } from './draw-batches.js';
import type { TestbedConfig } from './testbed-config.js';

/** The sum over the batch's tasks, seconds. */
export function limitSumOfDelaySec(config: TestbedConfig, batch: TestbedBatch): number {
  const timeSec = ({ fixedSec, secPerStep, trueSpeed = 1 }: TestbedConfig['nodes'][number], steps: number): number =>
    (fixedSec + steps * secPerStep) / trueSpeed;
  const meanSteps = batch.reduce((sum, task) => sum + task.qualitySteps, 0) / batch.length;
  const weights = config.nodes.map((node) => 1 / timeSec(node, meanSteps));
  const capacity = weights.reduce((sum, weight) => sum + weight, 0) * greatestFactor(config);
  // A node that takes no time at all has infinite weight; then this says nothing.
  if (!Number.isFinite(capacity)) return 0;
  const workOf = (steps: number): number => Math.min(...config.nodes.map((node, index) => timeSec(node, steps) * weights[index]!));
  const waiting = createSmallestFirst(batch.length);
  let sumSec = 0;
  for (const [index, { arrivalSec, qualitySteps }] of batch.entries()) {
    waiting.add(workOf(qualitySteps));
    sumSec -= arrivalSec;
    // What the machine can do until the next arrival; after the last one it ends what is left.
    const budget = ((batch[index + 1]?.arrivalSec ?? Infinity) - arrivalSec) * capacity;
    let done = 0;
    while (waiting.size > 0 && done + waiting.smallest() <= budget) {
      done += waiting.takeSmallest();
      sumSec += arrivalSec + done / capacity;
    }
    if (waiting.size > 0 && done < budget) waiting.add(waiting.takeSmallest() - (budget - done));
  }
  return sumSec;
}

/** How much faster than its record a node may truly be. */
function greatestFactor({ speeds }: TestbedConfig): number {
  return speeds.kind === 'misrecorded' || speeds.kind === 'drifting' ? Math.max(1, speeds.factor.max) : 1;
}
