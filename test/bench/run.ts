// Figures the project promises, measured on this machine in one run. Prints a table on standard error and one JSON document on standard
// output; asserts nothing, because machines are noisy. `--only efficiency,overhead,storage,strip,push,scale` picks parts,
// `--quick` leaves out |N| > 100 and the run of 10,000 tasks.
import { STATION_HEURISTIC_NAMES } from '../../src/scheduling/heuristics/heuristics.js';
import type { SchedulerName } from '../../src/shared/run.js';
import { ORIN_TIME_MODEL } from '../../src/shared/testbed.js';
import { percentile, withTestbed } from './bench-core.js';
import { measurePush } from './push.js';
import { measureScale } from './scale.js';
import { measureStorage } from './storage.js';
import { measureRefine } from './refine.js';

/** Model seconds per real second: 1,000 tasks of 18.3 s on five nodes take two minutes. */
const TIME_SCALE = 30;
/** Equal tasks of exactly 18.3 s: 3.3 s + 15 steps of 1.0 s. */
const EQUAL = { timeModel: { fixedSec: 3.3, secPerStep: 1 }, steps: { min: 15, max: 15 } };
/** The default draw: 10-19 steps on the assumed split, 18.3 s on average. */
const DRAWN = { timeModel: ORIN_TIME_MODEL, steps: { min: 10, max: 19 } };
/** Efficiency of the paper's own testbed: 18.3 x N / 5 over the delay of Table V. */
const PAPER_EFFICIENCY: Record<number, number> = { 100: 0.957, 500: 0.952, 1000: 0.94 };

interface EfficiencyRow {
  workload: string;
  scheduler: SchedulerName;
  taskCount: number;
  totalSec: number;
  lowerBoundSec: number;
  efficiency: number;
  paperEfficiency: number | null;
}

const words = process.argv.slice(2);
const only = words.includes('--only')
  ? (words[words.indexOf('--only') + 1] ?? '').split(',')
  : ['storage', 'strip', 'push', 'scale', 'overhead', 'efficiency'];
const counts = words.includes('--quick') ? [100] : [100, 500, 1000];

const results = {
  machine: { node: process.version, platform: `${process.platform} ${process.arch}` },
  storage: only.includes('storage') ? measureStorage() : null,
  refine: only.includes('strip') ? await measureRefine() : null,
  push: only.includes('push') ? await measurePush() : null,
  scale: only.includes('scale') ? await measureScale(say, { withRun: !words.includes('--quick') }) : null,
  overhead: only.includes('overhead') ? await measureOverhead() : null,
  efficiency: only.includes('efficiency') ? await measureEfficiency() : null,
};
process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);

/** Ten tasks a second at real time: what scheduling and control cost a task beyond transfer, waiting and computing. */
async function measureOverhead() {
  const timeModel = { fixedSec: 0.1, secPerStep: 0.01 };
  return withTestbed({ timeScale: 1, timeModel }, async ({ run }) => {
    const { summary, tasks } = await run({ name: 'Overhead', taskCount: 300, arrivals: { kind: 'poisson', ratePerSec: 10 } });
    const control = tasks.flatMap((task) => (task.delays ? [task.delays.controlMs] : []));
    const figures = {
      ratePerSec: 10,
      taskCount: control.length,
      controlP50Ms: percentile(control, 0.5),
      controlP99Ms: percentile(control, 0.99),
      controlMaxMs: Math.max(...control),
      isValid: summary.validity.isValid,
    };
    say(
      `overhead at 10 tasks/s: p50 ${figures.controlP50Ms.toFixed(1)} ms, p99 ${figures.controlP99Ms.toFixed(1)} ms (promised: under 50 ms)`,
    );
    return figures;
  });
}

async function measureEfficiency(): Promise<EfficiencyRow[]> {
  const rows: EfficiencyRow[] = [];
  for (const [workload, { timeModel, steps }] of Object.entries({ 'equal 18.3 s': EQUAL, '10-19 steps': DRAWN })) {
    await withTestbed({ timeScale: TIME_SCALE, timeModel }, async ({ run }) => {
      const best: SchedulerName = 'shortest-expected-completion';
      const plan: { scheduler: SchedulerName; taskCount: number }[] = [
        ...counts.map((taskCount) => ({ scheduler: best, taskCount })),
        ...(words.includes('--all-schedulers') ? STATION_HEURISTIC_NAMES.filter((name) => name !== best) : []).map((scheduler) => ({
          scheduler,
          taskCount: 100,
        })),
      ];
      for (const { scheduler, taskCount } of plan) {
        const { summary } = await run({ name: `${scheduler} ${taskCount}`, taskCount, scheduler, qualitySteps: steps });
        const { totalGenerationDelayMs, lowerBoundMs, efficiency } = summary.metrics;
        const paperEfficiency = PAPER_EFFICIENCY[taskCount] ?? null;
        rows.push({
          workload,
          scheduler,
          taskCount,
          totalSec: (totalGenerationDelayMs ?? NaN) / 1000,
          lowerBoundSec: (lowerBoundMs ?? NaN) / 1000,
          efficiency: efficiency ?? NaN,
          paperEfficiency,
        });
        say(
          `${workload}, |N| = ${taskCount}, ${scheduler}: efficiency ${(efficiency ?? NaN).toFixed(4)}` +
            ` (promised for equal tasks: 0.985; the paper's testbed: ${paperEfficiency ?? '-'})`,
        );
      }
    });
  }
  return rows;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
