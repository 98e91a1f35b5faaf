// A run once more, in the twin of its testbed: its own tasks, its nodes as they were on record, its own scheduler. Pure but for its pauses.
import { createRandom, deriveSeed } from '../../../random/random.js';
import { explainDashes, explainLeftOut, minSampleFor, percentileOfSorted } from '../../../shared/percentiles.js';
import type { SchedulingPolicy } from '../../../scheduling/policies/policy.js';
import { simulateRun, type SimulatedTask } from '../../../scheduling/run-simulation/simulate-run.js';
import { meanOf } from '../../../shared/mean-interval.js';
import type { RunSpec, TaskRecord } from '../../../shared/run.js';
import { type PredictedFigure, type PredictedNode, type RunPrediction, TWIN_NOTES } from '../../../shared/twin.js';
import type { NodeSnapshot } from '../runs/run-store.js';

export interface PredictedRun {
  id: string;
  spec: RunSpec;
  nodes: readonly NodeSnapshot[];
  tasks: readonly TaskRecord[];
  policyOf(nodeId: string): SchedulingPolicy;
  pause: () => Promise<void>;
}

export async function predictRun(run: PredictedRun): Promise<Omit<RunPrediction, 'replay'>> {
  const { nodes, tasks } = run;
  const simulated = await simulate(run);
  const rows = simulated.map((task, index) => ({ task, record: tasks[index]! }));
  const measured = rows.flatMap(({ task, record }) =>
    record.state === 'succeeded' && record.delays ? [{ task, record, serviceMs: record.delays.serviceMs }] : [],
  );
  const isWhole = measured.length === tasks.length;
  const nameOf = new Map(nodes.map(({ id, name }) => [id, name]));
  const measuredMs = measured.map(({ serviceMs }) => serviceMs);
  const taskErrorMs =
    measured.length === 0 ? null : meanOf(measured.map(({ task, serviceMs }) => Math.abs(task.serviceSec * 1000 - serviceMs)));
  return {
    runId: run.id,
    isSimulated: true,
    figures: figuresOf(simulated, isWhole ? measured.map(({ record }) => record) : null),
    taskErrorMs,
    taskError: taskErrorMs === null ? null : taskErrorMs / meanOf(measuredMs),
    sameNodeShare:
      measured.length === 0
        ? null
        : measured.filter(({ task, record }) => nodes[task.server]?.id === record.edgeServerId).length / measured.length,
    nodes: nodes.map((node, server) => nodeOf(node, server, { simulated, measured })),
    tasks: rows.map(({ task, record }) => ({
      ordinal: task.ordinal,
      predictedNode: nodes[task.server]?.name ?? '',
      measuredNode: record.edgeServerId === null ? null : (nameOf.get(record.edgeServerId) ?? record.edgeServerId),
      predictedServiceMs: task.serviceSec * 1000,
      measuredServiceMs: record.delays?.serviceMs ?? null,
    })),
    notes: hasTooFew(tasks) ? [...TWIN_NOTES, explainDashes([0.95])] : TWIN_NOTES,
  };
}

/** d_n, bits. */
export function inputBitsOf({ prompt, picture }: Pick<TaskRecord, 'prompt' | 'picture'>): number {
  return (Buffer.byteLength(prompt) + (picture?.sizeBytes ?? 0)) * 8;
}

async function simulate({ spec, nodes, tasks, policyOf, pause }: PredictedRun): Promise<SimulatedTask[]> {
  const stationOf = new Map(nodes.map(({ id }, index) => [id, index]));
  // The simulation wants its tasks in the order of their arrival; its answer is in that order too.
  const inOrder = tasks.toSorted((a, b) => a.arrivalMs - b.arrivalMs || a.ordinal - b.ordinal);
  const simulated = await simulateRun({
    tasks: inOrder.map((task) => ({
      ordinal: task.ordinal,
      arrivalSec: task.arrivalMs / 1000,
      station: stationOf.get(task.baseStationId) ?? 0,
      qualitySteps: task.computedSteps,
      inputBits: inputBitsOf(task),
    })),
    nodes: nodes.map(({ fixedSec, secPerStep, speedFactor, linkMbps, heldLimit }) => ({
      ...{ fixedSec: fixedSec / speedFactor, secPerStep: secPerStep / speedFactor, linkMbps, heldLimit: heldLimit ?? undefined },
    })),
    // The very draws that the agents made.
    stations: nodes.map(({ id }) => ({ policy: policyOf(id), random: createRandom(deriveSeed(spec.seed, `scheduler-${id}`)) })),
    settings: spec,
    pause,
  });
  const byOrdinal = new Map(simulated.map((task) => [task.ordinal, task]));
  return tasks.map(({ ordinal }) => byOrdinal.get(ordinal)!);
}

/** @param records of all tasks; null while one has no result */
function figuresOf(simulated: readonly SimulatedTask[], records: readonly TaskRecord[] | null): PredictedFigure[] {
  const services = Float64Array.from(simulated, ({ serviceSec }) => serviceSec * 1000).sort();
  const measured = records && Float64Array.from(records, ({ delays }) => delays?.serviceMs ?? NaN).sort();
  const firstMs = simulated.reduce((first, { arrivalSec }) => Math.min(first, arrivalSec * 1000), Infinity);
  const lastMs = simulated.reduce((last, { endSec }) => Math.max(last, endSec * 1000), -Infinity);
  const measuredLastMs = records?.reduce((last, { acceptedMs }) => Math.max(last, acceptedMs ?? -Infinity), -Infinity);
  return [
    figure('Total generation delay', lastMs - firstMs, measuredLastMs === undefined ? null : measuredLastMs - firstMs),
    figure('Mean service delay', meanOf([...services]), measured && meanOf([...measured])),
    {
      ...figure('p95 of the service delay', percentileOfSorted(services, 0.95), measured && percentileOfSorted(measured, 0.95)),
      ...(hasTooFew(simulated) && { leftOut: explainLeftOut(0.95) }),
    },
  ];
}

/** For a p95, as in the run's own figures. */
function hasTooFew({ length }: readonly unknown[]): boolean {
  return length < minSampleFor(0.95);
}

function figure(name: string, predictedMs: number, measuredMs: number | null): PredictedFigure {
  return { name, predictedMs, measuredMs, error: measuredMs === null || measuredMs === 0 ? null : predictedMs / measuredMs - 1 };
}

function nodeOf(
  { id, name }: NodeSnapshot,
  server: number,
  { simulated, measured }: { simulated: readonly SimulatedTask[]; measured: readonly { record: TaskRecord; serviceMs: number }[] },
): PredictedNode {
  const predicted = simulated.filter((task) => task.server === server);
  const executed = measured.filter(({ record }) => record.edgeServerId === id);
  return {
    nodeId: id,
    name,
    predictedTasks: predicted.length,
    measuredTasks: executed.length,
    predictedServiceMs: predicted.length === 0 ? null : meanOf(predicted.map(({ serviceSec }) => serviceSec * 1000)),
    measuredServiceMs: executed.length === 0 ? null : meanOf(executed.map(({ serviceMs }) => serviceMs)),
  };
}
