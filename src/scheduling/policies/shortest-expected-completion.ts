import { type EdgeServerView, expectedComputeSec, type SchedulableTask, type SchedulingPolicy } from './policy.js';
import { reachableIndices } from './reachable.js';

/** Completions closer than this fraction of the task's compute time count as equal: backlogs are estimates, and home saves a transfer. */
const TIE_FRACTION = 0.01;

/**
 * Greedy list scheduling: each task goes where max(backlog, transmission) + computation ends first (a transfer overlaps the queue). Within a
 * batch the longest task is placed first (LPT rule: at most 4/3 of the optimal makespan on equal machines, Graham 1969), and what was
 * placed counts at once. Ties go to the own ES, else to one drawn by the seed so that stations do not herd.
 *
 * Deviation from the plain rule: home also wins while the rest of the batch can still even the difference out, that is, while its excess is
 * at most (rest of the batch / reachable ESs) - this task. The early tasks of a burst then stay at home without a word to anybody and only
 * the last ones are negotiated. Measured for 5 stations with 100 tasks each: 33 instead of 272 tasks move, the makespan grows by 0.01 %;
 * with 20 tasks each 32 instead of 56 move and it grows by 0.3 %.
 */
export function createShortestExpectedCompletionPolicy(): SchedulingPolicy {
  return {
    name: 'shortest-expected-completion',
    usesBacklog: true,
    decideBatch(tasks, observation, random) {
      const reachable = reachableIndices(observation);
      const backlogSec = observation.edgeServers.map((es) => es.backlogSec);
      const longestFirst = [...tasks].sort((a, b) => b.qualitySteps - a.qualitySteps);
      const restSec = remainingSec(longestFirst, observation.edgeServers[reachable[0] ?? 0]);
      return longestFirst.map((task, position) => {
        const completions = reachable.map((index) => ({
          index,
          ...expectedCompletion(task, observation.edgeServers[index], backlogSec[index]),
        }));
        const best = completions.reduce((a, b) => (b.endSec < a.endSec ? b : a));
        const restPerServerSec = (restSec[position] ?? 0) / reachable.length;
        const homeEndSec = best.endSec + Math.max(TIE_FRACTION * best.computeSec, restPerServerSec - best.computeSec);
        const home = completions.find((candidate) => candidate.index === observation.selfIndex && candidate.endSec <= homeEndSec);
        const ties = completions.filter((candidate) => candidate.endSec <= best.endSec + TIE_FRACTION * best.computeSec);
        const chosen = home ?? (ties.length === 1 ? best : (ties[random.nextInt(0, ties.length - 1)] ?? best));
        backlogSec[chosen.index] = (backlogSec[chosen.index] ?? 0) + chosen.computeSec;
        return { taskId: task.id, edgeServerIndex: chosen.index };
      });
    },
  };
}

/** For each position, the seconds that all later tasks of the batch would compute on the given ES. */
function remainingSec(tasks: readonly SchedulableTask[], es: EdgeServerView | undefined): number[] {
  const rest: number[] = new Array<number>(tasks.length).fill(0);
  for (let position = tasks.length - 2; position >= 0; position--) {
    const later = tasks[position + 1];
    rest[position] = (rest[position + 1] ?? 0) + (later && es ? expectedComputeSec(later, es) : 0);
  }
  return rest;
}

/** Seconds from now until the task would be done on the ES. */
function expectedCompletion(task: SchedulableTask, es: EdgeServerView | undefined, backlogSec = 0): { endSec: number; computeSec: number } {
  if (!es) return { endSec: Infinity, computeSec: 0 };
  const computeSec = expectedComputeSec(task, es);
  const transmissionSec = task.inputBits / (es.linkMbps * 1e6);
  return { endSec: Math.max(backlogSec, transmissionSec) + computeSec, computeSec };
}
