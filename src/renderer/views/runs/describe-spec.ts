// A frozen specification as words for the screen.
import { formatCount } from '../../../shared/format.js';
import { assertNever } from '../../../shared/errors.js';
import { describeService } from '../../../shared/service.js';
import { describeScheduler, type Arrivals, type RunSummary } from '../../../shared/run.js';

export function describeArrivals(arrivals: Arrivals): string {
  switch (arrivals.kind) {
    case 'all-at-once':
      return 'All at once, dealt to the base stations in turn';
    case 'slot-uniform':
      return `Each ${arrivals.slotSec} s slot, 1 to ${arrivals.maxPerSlot} tasks at each base station`;
    case 'poisson':
      return `Poisson, ${arrivals.ratePerSec} tasks per second over all base stations`;
    default:
      return assertNever(arrivals);
  }
}

/** Everything that was frozen when the run started, in the order of the form. */
export function listSpecEntries({ spec, testbedName, datasetName }: RunSummary): [name: string, value: string][] {
  const { min, max } = spec.qualitySteps;
  return [
    ['Name', spec.name],
    ['Testbed', testbedName],
    ['Dataset', datasetName],
    ['Number of tasks |N|', formatCount(spec.taskCount)],
    ['Denoising steps', min === max ? `${min} for every image` : `${min} to ${max}, drawn for each image`],
    ['Seed', String(spec.seed)],
    ['Arrivals', describeArrivals(spec.arrivals)],
    ['Service', describeService(spec)],
    ['Scheduler', describeScheduler(spec.scheduler).title],
    ...(spec.trainingId === undefined ? [] : [['Policy of training', spec.trainingId] satisfies [string, string]]),
    ['Repeated prompts', spec.allowRepeatedPrompts ? 'allowed' : 'not allowed'],
    ['Max attempts', String(spec.maxAttempts)],
  ];
}
