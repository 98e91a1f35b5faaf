// Whether a policy keeps its promises; for those who write another one. Each task is decided exactly once by construction where all are
// decided: a task has one cell to write.
import type { SimulatorPolicy } from './simulator-policy.js';
import { createRandom } from '../../random/random.js';
import { firstTaskOf } from './arrivals.js';
import type { EpisodeArrivals } from './arrivals.js';
import { auditRun } from './audit-run.js';
import type { Environment } from './environment.js';
import { runEpisode } from './run-episode.js';

/** Sentences about what is wrong; none when the policy is fit for use. Runs three episodes, each with a policy made again. */
export async function checkPolicy(create: () => SimulatorPolicy, environment: Environment): Promise<string[]> {
  const arrivals = environment.makeArrivals(0);
  const problems: string[] = [];
  const run = (policy: SimulatorPolicy, tasks: EpisodeArrivals) =>
    runEpisode({ environment, arrivals: tasks, policy, random: createRandom(1) });
  try {
    const first = await run(
      watchWrites(create(), (problem) => problems.push(problem)),
      arrivals,
    );
    problems.push(...auditRun(environment, arrivals, first));
    const second = await run(create(), arrivals);
    if (firstDifference(first.choices, second.choices) !== null) problems.push('The same seed gives different decisions.');

    const changedSlot = Math.floor(arrivals.slots / 2);
    const changed = await run(create(), changeFrom(arrivals, changedSlot));
    const difference = firstDifference(first.choices, changed.choices);
    if (difference !== null && difference < firstTaskOf(arrivals, changedSlot, 0)) {
      problems.push(`It sees the future: task ${difference} is decided otherwise when only tasks from slot ${changedSlot} on change.`);
    }
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    problems.push(thrown.message);
  }
  return problems;
}

/** Reports once when a policy writes to what it may only read. */
function watchWrites(policy: SimulatorPolicy, report: (problem: string) => void): SimulatorPolicy {
  let isReported = false;
  return {
    name: policy.name,
    startEpisode(environment, random) {
      const decider = policy.startEpisode(environment, random);
      return {
        async decideSlot(observation, choices) {
          const watched = watchedColumns(observation.arrivals, observation.backlogGigacycles);
          const before = watched.map((column) => column.slice());
          await decider.decideSlot(observation, choices);
          if (isReported || watched.every((column, i) => firstDifference(column, before[i] ?? column) === null)) return;
          isReported = true;
          report(`It wrote to its observation in slot ${observation.slot}.`);
        },
        ...(decider.learn && { learn: (outcome) => decider.learn?.(outcome) }),
      };
    },
  };
}

function watchedColumns(arrivals: EpisodeArrivals, backlogGigacycles: Float64Array): (Float64Array | Int32Array)[] {
  return [backlogGigacycles, arrivals.workGigacycles, arrivals.sizeMbit, arrivals.resultMbit, arrivals.firstTask];
}

/** The same arrivals with other tasks from a slot on: sizes and work in reverse order. */
function changeFrom(arrivals: EpisodeArrivals, slot: number): EpisodeArrivals {
  const first = firstTaskOf(arrivals, slot, 0);
  const change = (values: Float64Array): Float64Array => {
    const changed = values.slice();
    changed.subarray(first).reverse();
    return changed;
  };
  return { ...arrivals, sizeMbit: change(arrivals.sizeMbit), workGigacycles: change(arrivals.workGigacycles) };
}

function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  for (let i = 0; i < Math.max(a.length, b.length); i++) if (a[i] !== b[i]) return i;
  return null;
}
