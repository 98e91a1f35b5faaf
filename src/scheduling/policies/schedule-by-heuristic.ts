// Runs a heuristic at one station of a testbed, on what the station believes of the edge servers. It is handed an object with the members of
// its kind of knowledge and no others.
import { type Decide, type HeuristicRow, type HeuristicSettings, USUAL_SETTINGS } from '../heuristics/heuristic.js';
import { HEURISTICS, type StationHeuristicName } from '../heuristics/heuristics.js';
import type { KnownReports, KnownServers, KnownSpeeds, StationKnowledgeKind } from '../heuristics/knowledge.js';
import type { RandomSource } from '../../random/random.js';
import type { SchedulingSettings } from '../../shared/scheduling-settings.js';
import { type Decision, expectedComputeSec, type SchedulableTask, type SchedulingObservation, type SchedulingPolicy } from './policy.js';
import { reachableIndices } from './reachable.js';

/** A row that a station of a testbed can follow. */
export type StationHeuristicRow = { [Kind in StationKnowledgeKind]: HeuristicRow<Kind> }[StationKnowledgeKind];

/** A fresh policy for one station and one run; heuristics may keep a turn between batches, so they are not shared. */
export function createSchedulingPolicy(
  name: StationHeuristicName,
  { placingOrder, consideration }: SchedulingSettings = {},
): SchedulingPolicy {
  return scheduleByHeuristic(name, HEURISTICS[name], {
    consideration: consideration ?? USUAL_SETTINGS.consideration,
    isOrderGiven: (placingOrder ?? 'own') !== 'own',
  });
}

/** With an order given, tasks are handed over in it. */
export function scheduleByHeuristic(name: string, row: StationHeuristicRow, settings = USUAL_SETTINGS): SchedulingPolicy {
  const decide = bindStation(row, settings);
  return {
    name,
    usesBacklog: row.knows === 'reports',
    decideBatch(tasks, observation, random) {
      const isPlaced = new Array<boolean>(tasks.length).fill(false);
      const decisions: Decision[] = [];
      decide({ tasks, observation, random }, (index, edgeServerIndex) => {
        const task = tasks[index];
        if (!task || isPlaced[index])
          throw new Error(`The heuristic ${name} has placed task ${index} of ${tasks.length} twice or never had it.`);
        if (observation.edgeServers[edgeServerIndex]?.isReachable !== true) {
          throw new Error(`The heuristic ${name} has chosen edge server ${edgeServerIndex}, which cannot be reached.`);
        }
        isPlaced[index] = true;
        decisions.push({ taskId: task.id, edgeServerIndex });
      });
      if (decisions.length < tasks.length)
        throw new Error(`The heuristic ${name} has left ${tasks.length - decisions.length} tasks unplaced.`);
      return decisions;
    },
  };
}

interface StationBatch {
  tasks: readonly SchedulableTask[];
  observation: SchedulingObservation;
  random: RandomSource;
}

function bindStation(
  row: StationHeuristicRow,
  settings: HeuristicSettings,
): (batch: StationBatch, place: (task: number, server: number) => void) => void {
  const bind =
    <Known>(decide: Decide<Known>, show: (batch: StationBatch) => Known) =>
    (batch: StationBatch, place: (task: number, server: number) => void): void =>
      decide(show(batch), place, batch.random);
  switch (row.knows) {
    case 'servers':
      return bind(row.create(settings), showServers);
    case 'speeds':
      return bind(row.create(settings), showSpeeds);
    case 'reports':
      return bind(row.create(settings), showReports);
  }
}

function showServers({ tasks, observation }: StationBatch): KnownServers {
  const { selfIndex, edgeServers } = observation;
  return {
    taskCount: tasks.length,
    local: selfIndex,
    serverCount: edgeServers.length,
    reachable: reachableIndices(observation),
    isReachable: (server) => edgeServers[server]?.isReachable === true,
  };
}

/** A server is as fast as it is for a task of the batch's mean number of denoising steps. */
function showSpeeds(batch: StationBatch): KnownSpeeds {
  const { tasks, observation } = batch;
  const meanTask = { qualitySteps: tasks.reduce((sum, task) => sum + task.qualitySteps, 0) / Math.max(1, tasks.length) };
  // A server that claims to need no time would take everything; a microsecond keeps its speed finite.
  const speeds = observation.edgeServers.map((server) => 1 / Math.max(expectedComputeSec(meanTask, server), 1e-6));
  return { ...showServers(batch), speeds };
}

/** A transfer overlaps the queue; what comes back is not known before it is there. */
function showReports(batch: StationBatch): KnownReports {
  const { tasks, observation } = batch;
  const { edgeServers } = observation;
  const backlogSec = edgeServers.map((server) => server.backlogSec);
  const computeSec = (task: number, server: number): number => expectedComputeSec(tasks[task]!, edgeServers[server]!);
  const delaySec = (task: number, server: number): number => {
    const transmissionSec = tasks[task]!.inputBits / (edgeServers[server]!.linkMbps * 1e6);
    return Math.max(backlogSec[server]!, transmissionSec) + computeSec(task, server);
  };
  return {
    ...showSpeeds(batch),
    work: (task) => tasks[task]!.qualitySteps,
    computeSec,
    delaySec,
    leastDelay(task, among) {
      let best = among[0]!;
      let minSec = Infinity;
      for (const server of among) {
        const sec = delaySec(task, server);
        if (sec >= minSec) continue;
        minSec = sec;
        best = server;
      }
      return best;
    },
    expect(task, server, times = 1) {
      backlogSec[server]! += times * computeSec(task, server);
    },
  };
}
