// Whether this machine can keep the time scale of a simulated run, told before it is started. Pure; the speed of the machine comes in.
//
// Model: an ideal schedule gives the mean service delay and the makespan. To each task the programs add, in real time,
//
//   HOP                     the calls of one task with nothing before it
//   PLACE x (its position)  tasks that arrive at once are placed one after another
//   excess / 2              where all tasks take more work (WORK each) than fits into the makespan, the rest queues up in the programs
//
// and their sum over itself and the mean service delay is the share of control to expect. It only warns and refuses; whether a run is valid
// is measured (docs/validity.md).
import { MACHINE_SHARE_LIMIT } from '../../../scheduling/metrics/machine-share.js';
import type { RunEstimate } from '../../../shared/run.js';
import { computeSec } from '../../../shared/testbed.js';
import type { NewTask, NodeSnapshot } from './run-store.js';
import { formatFactor } from '../../../shared/format.js';

export interface MachineSpeed {
  /** Time that one round of the probe takes, against the machine of the costs below; 2 is half as fast. */
  slowdown: number;
  coreCount: number;
}

/** Real ms on two cores with five virtual nodes, fitted to the control shares of runs of 300 tasks at ×100, ×400 and ×1,000. */
const HOP_MS = 10;
const PLACE_MS = 8.3;
const WORK_MS = 22;
const REFERENCE_CORES = 2;
/** Above this share a run is refused: more than half of what it measures would be this machine. The model is right within a factor of three. */
const REFUSED_SHARE = 0.5;

export interface OverloadInput {
  tasks: readonly Pick<NewTask, 'arrivalMs' | 'computedSteps'>[];
  nodes: readonly NodeSnapshot[];
  timeScale: number;
  speed: MachineSpeed;
}

export function estimateOverload(input: OverloadInput): Pick<RunEstimate, 'overload' | 'keptTimeScale' | 'warnings'> {
  const share = expectedControlShare(input);
  if (share <= MACHINE_SHARE_LIMIT) return { overload: null, keptTimeScale: null, warnings: [] };
  const { timeScale } = input;
  const keptScale = highestKeptScale(input);
  const remedy =
    keptScale === null
      ? 'Choose more or longer tasks, or a faster machine.'
      : `This machine can keep up to about ${formatFactor(keptScale)}: use a testbed with that time scale.`;
  const percent = `control is estimated to take roughly ${Math.round(share * 100)} % of the mean service delay (limit 5 %)`;
  if (share > REFUSED_SHARE) {
    return {
      overload: `This machine can't keep time scale ${formatFactor(timeScale)} for this batch: ${percent}. ${remedy}`,
      keptTimeScale: keptScale,
      warnings: [],
    };
  }
  return {
    overload: null,
    keptTimeScale: keptScale,
    warnings: [`Probably invalid: at time scale ${formatFactor(timeScale)} ${percent}. ${remedy}`],
  };
}

/** Share of the mean service delay, 0..1, that control will take. */
export function expectedControlShare({ tasks, nodes, timeScale, speed }: OverloadInput): number {
  if (tasks.length === 0 || nodes.length === 0) return 0;
  const ideal = idealSchedule(tasks, nodes);
  if (ideal.meanServiceMs <= 0) return 1;
  // Each node is a process of its own, and so is the control center.
  const slowdown = (speed.slowdown * REFERENCE_CORES) / Math.min(Math.max(1, speed.coreCount), nodes.length + 1);
  const excessMs = Math.max(0, tasks.length * WORK_MS * slowdown - ideal.makespanMs / timeScale);
  const addedMs = (HOP_MS + PLACE_MS * meanPosition(tasks)) * slowdown + excessMs / 2;
  return addedMs / (addedMs + ideal.meanServiceMs / timeScale);
}

/** Each task in order of arrival to the node that is done with it first; model ms. */
function idealSchedule(tasks: OverloadInput['tasks'], nodes: readonly NodeSnapshot[]): { meanServiceMs: number; makespanMs: number } {
  const freeAtMs = nodes.map(() => 0);
  let serviceSumMs = 0;
  let endMs = 0;
  for (const task of [...tasks].sort((a, b) => a.arrivalMs - b.arrivalMs)) {
    let [best, bestMs] = [0, Infinity];
    nodes.forEach((node, index) => {
      const doneMs = Math.max(freeAtMs[index] ?? 0, task.arrivalMs) + computeSec(node, task.computedSteps, node.speedFactor) * 1000;
      if (doneMs < bestMs) [best, bestMs] = [index, doneMs];
    });
    freeAtMs[best] = bestMs;
    serviceSumMs += bestMs - task.arrivalMs;
    endMs = Math.max(endMs, bestMs);
  }
  return { meanServiceMs: serviceSumMs / tasks.length, makespanMs: endMs };
}

/** How many tasks that arrive at the same instant come before a task, on average. */
function meanPosition(tasks: OverloadInput['tasks']): number {
  const bursts = new Map<number, number>();
  for (const { arrivalMs } of tasks) bursts.set(arrivalMs, (bursts.get(arrivalMs) ?? 0) + 1);
  let sum = 0;
  for (const count of bursts.values()) sum += (count * (count - 1)) / 2;
  return sum / tasks.length;
}

/** The highest time scale with a share within the limit, to two digits; null where even real time is too fast. */
function highestKeptScale(input: OverloadInput): number | null {
  const keeps = (timeScale: number): boolean => expectedControlShare({ ...input, timeScale }) <= MACHINE_SHARE_LIMIT;
  if (!keeps(1)) return null;
  let [low, high] = [1, input.timeScale];
  for (let step = 0; step < 30; step++) {
    const middle = Math.sqrt(low * high);
    if (keeps(middle)) low = middle;
    else high = middle;
  }
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(low)) - 1);
  return Math.max(1, Math.floor(low / unit) * unit);
}
