// What a study will take, estimated before it is started: an episode's CPU time by method and environment, times the episodes of all cells.
import { isTestbedConfig } from '../../../../scheduling/testbed/testbed-config.js';
import type { EnvironmentConfig } from '../../../../scheduling/environment/environment-config.js';
import type { StudyCell, StudyDefinition, StudyEstimate } from '../../../../shared/study.js';
import type { TrainingMethod } from '../../../../shared/training.js';
import { learns, listCells, planCell, type StudyGrid } from './cells/study-cells.js';

/** CPU seconds of an episode at the paper's scale (B = 20, 60 slots, I = 5) on one core of a shared AMD EPYC virtual machine, measured once. */
const LEARNING_SEC: Record<TrainingMethod, number> = {
  'lad-ts': 0.42,
  'd2sac-ts': 0.49,
  'sac-ts': 0.25,
  'dqn-ts': 0.11,
  'price-ts': 0.002,
};
const PAPER_BASE_STATIONS = 20;
const PAPER_SLOTS = 60;
const PAPER_DENOISING_STEPS = 5;
/** Measured there for 10, 20 and 40 base stations: 0.18, 0.42 and 1.4 s. The rest grows with the square. */
const SHARE_WHATEVER_SIZE = 0.25;
/** Of a diffusion method's episode at 5 denoising steps: what SAC-TS, which has none, takes less. */
const SHARE_OF_DENOISING = 0.4;
/** Of a policy that does not learn, with the drawing of arrivals. */
const SIMULATED_TASKS_PER_SEC = 2e6;
/** CPU seconds until a cell's process has started its first episode. */
const START_SEC = 1;

/** Cells that this machine has done, with the study they are of. */
export interface MeasuredCells {
  study: StudyDefinition;
  cells: readonly StudyCell[];
}

/**
 * `measured`: the more of them, the less the figures from elsewhere count; a method without any goes by the pace of the others. Throws as
 * `planCell` does.
 */
export function estimateStudy(grid: StudyGrid, measured: readonly MeasuredCells[], processes: number): StudyEstimate {
  const pace = measurePace(measured);
  const oneSeed = listCells({ ...grid, seeds: 1 });
  const secOfSeed = oneSeed.reduce((sum, key) => {
    const sec = expectCell(grid.study, key.pointIndex, key.method);
    return sum + START_SEC + sec * (pace.ofMethod.get(key.method) ?? pace.overall);
  }, 0);
  const cellCount = oneSeed.length * grid.seeds;
  const cpuSec = secOfSeed * grid.seeds;
  return { cellCount, cpuSec, processes, wallSec: cpuSec / Math.min(processes, cellCount), measuredCells: pace.cells };
}

/** Seconds of all episodes of a cell by the figures from elsewhere. */
function expectCell(study: StudyDefinition, pointIndex: number, method: string): number {
  const plan = planCell(study, { pointIndex, method, seed: 1 });
  const { environment } = plan;
  if (isTestbedConfig(environment)) throw new Error('The cells of studies are of presets');
  if ('policy' in plan || !learns(method)) return study.episodes * simulationSec(environment);
  const isDiffusion = method === 'lad-ts' || method === 'd2sac-ts';
  const steps = isDiffusion ? 1 - SHARE_OF_DENOISING + (SHARE_OF_DENOISING * plan.settings.denoisingSteps) / PAPER_DENOISING_STEPS : 1;
  const size = SHARE_WHATEVER_SIZE + (1 - SHARE_WHATEVER_SIZE) * (environment.baseStations / PAPER_BASE_STATIONS) ** 2;
  const updates = (environment.slots / PAPER_SLOTS) * plan.settings.updatesPerSlot;
  return study.episodes * (LEARNING_SEC[method] * steps * size * updates + simulationSec(environment));
}

function simulationSec({ baseStations, slots, tasksPerSlot }: EnvironmentConfig): number {
  return (baseStations * slots * (tasksPerSlot.min + tasksPerSlot.max)) / 2 / SIMULATED_TASKS_PER_SEC;
}

/** Null of a study on record that this version can no longer plan. */
function tryToExpect(...cell: Parameters<typeof expectCell>): number | null {
  try {
    return expectCell(...cell);
  } catch {
    return null;
  }
}

interface Pace {
  /** Measured over expected seconds. */
  ofMethod: Map<string, number>;
  overall: number;
  cells: number;
}

function measurePace(measured: readonly MeasuredCells[]): Pace {
  const sums = new Map<string, { measuredSec: number; expectedSec: number }>();
  let cells = 0;
  for (const { study, cells: done } of measured) {
    for (const { pointIndex, method, cpuSec, origin } of done) {
      const expectedSec = origin === 'here' ? tryToExpect(study, pointIndex, method) : null;
      if (expectedSec === null) continue;
      const sum = sums.get(method) ?? { measuredSec: 0, expectedSec: 0 };
      sums.set(method, { measuredSec: sum.measuredSec + cpuSec, expectedSec: sum.expectedSec + expectedSec });
      cells++;
    }
  }
  const all = [...sums.values()];
  const total = (field: 'measuredSec' | 'expectedSec'): number => all.reduce((sum, each) => sum + each[field], 0);
  return {
    ofMethod: new Map([...sums].map(([method, { measuredSec, expectedSec }]) => [method, measuredSec / expectedSec])),
    overall: cells === 0 ? 1 : total('measuredSec') / total('expectedSec'),
    cells,
  };
}
