// Finds k of considerate completion for a testbed and a kind of work, and says what it is worth on work that it was not chosen on.
import type { SchedulingSettings } from '../../../shared/scheduling-settings.js';
import type { ConsiderationRow, ConsiderationTuning, PlannedWork } from '../../../shared/twin.js';
import { compareFigures, summarizeFigures, type TwinNode } from './simulate-work.js';
import { repeat } from './what-if.js';

const STEPS = 10;
const VALUES = Array.from({ length: STEPS + 1 }, (_, index) => index / STEPS);

export interface TuningOptions {
  nodes: readonly TwinNode[];
  work: PlannedWork;
  /** Order and speeds that hold beside each k. */
  settings: SchedulingSettings;
  repetitions: number;
  pause: () => Promise<void>;
  onValue: (done: number, of: number) => void;
}

export async function tuneConsideration(options: TuningOptions): Promise<Pick<ConsiderationTuning, 'bestK' | 'chosenOn' | 'heldOut'>> {
  const { work, repetitions, onValue } = options;
  const total = 2 * VALUES.length;
  const chosenOn = await tryValues(options, work.seed, (done) => onValue(done, total));
  // Seeds beyond those of the first set.
  const heldOut = await tryValues(options, work.seed + repetitions, (done) => onValue(VALUES.length + done, total));
  return { bestK: chooseBest(chosenOn), chosenOn, heldOut };
}

/** The least mean among those whose p95 is not above that of k = 0, the first of equals. */
export function chooseBest(rows: readonly Pick<ConsiderationRow, 'k' | 'figures'>[]): number {
  const [plain] = rows;
  if (!plain) return 0;
  const allowed = rows.filter(({ figures }) => figures.p95Sec.mean <= plain.figures.p95Sec.mean);
  return allowed.reduce((best, row) => (row.figures.meanSec.mean < best.figures.meanSec.mean ? row : best), plain).k;
}

async function tryValues(options: TuningOptions, seed: number, onDone: (done: number) => void): Promise<ConsiderationRow[]> {
  const { nodes, work, settings, repetitions, pause } = options;
  const rows = [];
  for (const k of VALUES) {
    const scheduler = { ...settings, scheduler: 'considerate-completion' as const, consideration: k };
    rows.push({ k, repeated: await repeat({ nodes, work: { ...work, seed }, scheduler, repetitions, pause }) });
    onDone(rows.length);
  }
  const plain = rows[0]?.repeated ?? [];
  return rows.map(({ k, repeated }) => ({ k, figures: summarizeFigures(repeated), difference: compareFigures(repeated, plain) }));
}
