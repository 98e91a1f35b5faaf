// What if the testbed, the load or the scheduler were another: all rows on the same work, repetition by repetition.
import { AppError } from '../../../shared/errors.js';
import type { Arrivals } from '../../../shared/run.js';
import { nameSeriesScheduler, type SeriesScheduler } from '../../../shared/series.js';
import type { PlannedWork, TestbedChanges, TrueSpeeds, WhatIfRow } from '../../../shared/twin.js';
import {
  compareFigures,
  figuresOf,
  type LearnedPolicyOf,
  planWork,
  simulateTwin,
  summarizeFigures,
  type TwinNode,
  type WorkFigures,
} from './simulate-work.js';

type Work = Omit<PlannedWork, 'testbedId'>;

export interface WhatIf {
  nodes: readonly TwinNode[];
  work: Work;
  /** The first is what all else is held against. */
  schedulers: readonly SeriesScheduler[];
  changes: TestbedChanges;
  repetitions: number;
  learnedPolicyOf?: LearnedPolicyOf | undefined;
  pause: () => Promise<void>;
  onRow?: (done: number, of: number) => void;
}

/** The schedulers on the testbed as it is; and where anything is changed, on the changed one. */
export async function simulateWhatIf(question: WhatIf): Promise<WhatIfRow[]> {
  const { nodes, work, schedulers, changes, repetitions, learnedPolicyOf, pause, onRow } = question;
  const isChanged = describeChange(changes) !== null;
  const asIs = { nodes, work, isChanged: false };
  const worlds = isChanged ? [asIs, { nodes: changeNodes(nodes, changes), work: changeLoad(work, changes.load), isChanged: true }] : [asIs];
  const rows: WhatIfRow[] = [];
  let base: WorkFigures[] | undefined;
  for (const world of worlds) {
    for (const scheduler of schedulers) {
      const figures = await repeat({ ...world, scheduler, learnedPolicyOf, repetitions, pause });
      rows.push({
        scheduler,
        schedulerName: nameSeriesScheduler(scheduler),
        isChanged: world.isChanged,
        figures: summarizeFigures(figures),
        difference: base ? compareFigures(figures, base) : null,
      });
      base ??= figures;
      onRow?.(rows.length, worlds.length * schedulers.length);
    }
  }
  return rows;
}

/** One scheduler on the work of each repetition; the same seeds give the same work to all. */
export async function repeat(options: {
  nodes: readonly TwinNode[];
  work: Work;
  scheduler: SeriesScheduler;
  learnedPolicyOf?: LearnedPolicyOf | undefined;
  repetitions: number;
  pause: () => Promise<void>;
}): Promise<WorkFigures[]> {
  const { nodes, work, scheduler, learnedPolicyOf, repetitions, pause } = options;
  const figures: WorkFigures[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const seed = work.seed + repetition;
    const tasks = planWork({ ...work, seed }, nodes.length);
    figures.push(figuresOf(await simulateTwin({ nodes, tasks, scheduler, learnedPolicyOf, seed, pause }), tasks, nodes));
    await pause();
  }
  return figures;
}

/** Throws `invalid-input` where no node would be left, `not-found` for a name that no node has. */
export function changeNodes(nodes: readonly TwinNode[], { addedSpeeds, speeds }: TestbedChanges): TwinNode[] {
  requireNames(nodes, speeds);
  const kept = nodes.flatMap((node) => {
    const factor = speeds[node.name] ?? 1;
    return factor === 0 ? [] : [{ ...node, speedFactor: node.speedFactor * factor }];
  });
  const [model] = nodes;
  const added = addedSpeeds.map((factor, index) => ({
    ...model!,
    ...{ name: `New node ${index + 1}`, speedFactor: model!.speedFactor * factor, trueSpeed: 1 },
  }));
  if (kept.length + added.length > 0) return [...kept, ...added];
  throw new AppError('invalid-input', 'No node would be left to schedule on', 'Leave one in, or add one.');
}

/** Throws `not-found` for a name that no node has. */
export function withTrueSpeeds(nodes: readonly TwinNode[], trueSpeeds: TrueSpeeds): TwinNode[] {
  requireNames(nodes, trueSpeeds);
  return nodes.map((node) => ({ ...node, trueSpeed: trueSpeeds[node.name] ?? 1 }));
}

function requireNames(nodes: readonly TwinNode[], named: Record<string, number>): void {
  const unknown = Object.keys(named).find((name) => !nodes.some((node) => node.name === name));
  if (unknown === undefined) return;
  throw new AppError('not-found', `There is no node “${unknown}”`, `The nodes are ${nodes.map(({ name }) => name).join(', ')}.`);
}

function changeLoad(work: Work, load: number): Work {
  if (load === 1) return work;
  const { arrivals } = work;
  if (arrivals.kind === 'all-at-once') return { ...work, taskCount: Math.max(1, Math.round(work.taskCount * load)) };
  return { ...work, arrivals: faster(arrivals, load) };
}

function faster(arrivals: Exclude<Arrivals, { kind: 'all-at-once' }>, load: number): Arrivals {
  if (arrivals.kind === 'poisson') return { ...arrivals, ratePerSec: arrivals.ratePerSec * load };
  return { ...arrivals, slotSec: arrivals.slotSec / load };
}

/** In words; null where nothing is changed. */
export function describeChange({ addedSpeeds, speeds, load }: TestbedChanges): string | null {
  const parts = [
    ...addedSpeeds.map((speed) => `one node more, ${speed === 1 ? '' : `${speed} times `}as fast as the first`),
    ...Object.entries(speeds).map(([name, speed]) => (speed === 0 ? `without ${name}` : `${name} ${speed} times as fast`)),
    ...(load === 1 ? [] : [`${load} times the load`]),
  ];
  return parts.length === 0 ? null : parts.join('; ');
}
