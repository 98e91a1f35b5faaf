// A run once more with its placements as recorded: how far the twin's nodes and queues are from the nodes themselves, task by task. Pure.
import { percentileOfSorted } from '../../../shared/percentiles.js';
import { type RecordedPlacement, replayPlacements } from '../../../scheduling/run-simulation/replay-placements.js';
import { meanOf } from '../../../shared/mean-interval.js';
import type { AttemptRecord, RunSpec, TaskRecord } from '../../../shared/run.js';
import type { ReplayErrors, ReplayRow, RunReplay } from '../../../shared/twin.js';
import type { NodeSnapshot } from '../runs/run-store.js';
import { inputBitsOf } from './predict-run.js';

/** They settle after two or three. */
const HOME_ROUNDS = 4;

export interface ReplayedRun {
  spec: Pick<RunSpec, 'queueOrder'>;
  nodes: readonly NodeSnapshot[];
  tasks: readonly TaskRecord[];
  attempts: readonly AttemptRecord[];
}

/** A task with a result, model seconds. */
interface Done {
  task: TaskRecord;
  server: number;
  arrivalSec: number;
  serviceSec: number;
  /** By the nodes' links. */
  uploadSec: number;
  /** On the axis of its node, whose instants fit each other to the dot; that of the run may be some messages away. */
  admittedSec: number;
  endSec: number;
}

/** Null while there is no result. */
export function replayRun({ spec, nodes, tasks, attempts }: ReplayedRun): RunReplay | null {
  const succeeded = attempts.filter(({ state }) => state === 'succeeded');
  const shiftMs = new Map(succeeded.map(({ taskId, axisShiftMs }) => [taskId, axisShiftMs ?? 0]));
  const done = tasks
    .flatMap((task) => doneOf(task, nodes, shiftMs.get(task.id) ?? 0))
    .toSorted((a, b) => a.admittedSec - b.admittedSec || a.endSec - b.endSec);
  if (done.length === 0) return null;
  const testbed = {
    nodes: nodes.map(({ fixedSec, secPerStep, speedFactor }) => ({
      fixedSec: fixedSec / speedFactor,
      secPerStep: secPerStep / speedFactor,
    })),
    queueOrder: spec.queueOrder ?? 'first-come-first-served',
  } as const;
  const alone = errorsOf(done, replayPlacements(withoutMessages(done), testbed), () => 0);
  const timed = errorsOf(done, replayPlacements(done.map(placementOf), testbed), homeTimes(done));
  const rowOf = (fits: (task: Done) => boolean): ReplayRow => ({
    tasks: done.filter(fits).length,
    alone: summarize(alone.filter((_, index) => fits(done[index]!))),
    withMessages: summarize(timed.filter((_, index) => fits(done[index]!))),
  });
  return {
    isSimulated: true,
    whole: rowOf(() => true),
    nodes: nodes.map(({ id, name }, server) => ({ nodeId: id, name, ...rowOf((task) => task.server === server) })),
    leftOut: tasks.length - done.length,
    messagesMs: medianOf(done.map(({ task: { delays } }) => delays!.serviceMs - delays!.waitingMs - delays!.computeMs)),
  };
}

function doneOf(task: TaskRecord, nodes: readonly NodeSnapshot[], shiftMs: number): Done[] {
  const { delays, computeStartMs, computeEndMs, edgeServerId, baseStationId, arrivalMs } = task;
  const server = nodes.findIndex(({ id }) => id === edgeServerId);
  if (task.state !== 'succeeded' || !delays || computeStartMs === null || computeEndMs === null || server < 0) return [];
  const station = nodes.find(({ id }) => id === baseStationId);
  const linkMbps = Math.min(station?.linkMbps ?? Infinity, nodes[server]?.linkMbps ?? Infinity);
  return [
    {
      ...{ task, server, arrivalSec: arrivalMs / 1000, serviceSec: delays.serviceMs / 1000 },
      uploadSec: edgeServerId === baseStationId ? 0 : inputBitsOf(task) / (linkMbps * 1e6),
      admittedSec: (computeStartMs - shiftMs - delays.waitingMs) / 1000,
      endSec: (computeEndMs - shiftMs) / 1000,
    },
  ];
}

/**
 * From the end of a computation to its receipt at home: medians of its node and of its base station, found in turn. They hold by how much the
 * node's axis is early or late too, and the station's, whose service delays start when it has heard of a task.
 */
function homeTimes(done: readonly Done[]): (task: Done) => number {
  const ofNode = new Map<string, number>();
  const ofStation = new Map<string, number>();
  const [nodeOf, stationOf] = [({ task }: Done) => task.edgeServerId ?? '', ({ task }: Done) => task.baseStationId];
  const take = (into: Map<string, number>, keyOf: (task: Done) => string, restOf: (task: Done) => number): void => {
    for (const [key, group] of Map.groupBy(done, keyOf)) into.set(key, medianOf(group.map((task) => homeSecOf(task) - restOf(task))));
  };
  for (let round = 0; round < HOME_ROUNDS; round++) {
    take(ofNode, nodeOf, (task) => ofStation.get(stationOf(task)) ?? 0);
    take(ofStation, stationOf, (task) => ofNode.get(nodeOf(task)) ?? 0);
  }
  return (task) => (ofNode.get(nodeOf(task)) ?? 0) + (ofStation.get(stationOf(task)) ?? 0);
}

function homeSecOf({ arrivalSec, serviceSec, endSec }: Done): number {
  return arrivalSec + serviceSec - endSec;
}

function placementOf({ task, server, admittedSec }: Done): RecordedPlacement {
  return { ordinal: task.ordinal, qualitySteps: task.computedSteps, server, admittedSec };
}

/** Each task taken in as soon as it has come and been carried over, in the order in which its node took them. */
function withoutMessages(done: readonly Done[]): RecordedPlacement[] {
  const latestSec = new Map<number, number>();
  return done.map((task) => {
    const admittedSec = Math.max(task.arrivalSec + task.uploadSec, latestSec.get(task.server) ?? -Infinity);
    latestSec.set(task.server, admittedSec);
    return { ...placementOf(task), admittedSec };
  });
}

/** |predicted / measured - 1| of each task. */
function errorsOf(done: readonly Done[], endSec: ReadonlyMap<number, number>, homeSec: (task: Done) => number): number[] {
  return done.map((one) => {
    const predictedSec = (endSec.get(one.task.ordinal) ?? NaN) + homeSec(one) - one.arrivalSec;
    return Math.abs(predictedSec / one.serviceSec - 1);
  });
}

function summarize(errors: readonly number[]): ReplayErrors | null {
  if (errors.length === 0) return null;
  const sorted = Float64Array.from(errors).sort();
  return { median: percentileOfSorted(sorted, 0.5), mean: meanOf([...sorted]), p95: percentileOfSorted(sorted, 0.95) };
}

function medianOf(values: readonly number[]): number {
  return percentileOfSorted(Float64Array.from(values).sort(), 0.5);
}
