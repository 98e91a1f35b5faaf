// A frozen specification as words for the screen.
import { formatCount } from '../../../shared/format.js';
import { describeNodeUse } from '../../../shared/node-use.js';
import { describeArrivals } from '../../../shared/describe-arrivals.js';
import { describeService } from '../../../shared/service.js';
import { listSettings } from '../../../shared/scheduling-settings.js';
import { describeScheduler, type RunSummary } from '../../../shared/run.js';

/** Everything that was frozen when the run started, in the order of the form. */
export function listSpecEntries({ spec, testbedName, datasetName, nodeUse }: RunSummary): [name: string, value: string][] {
  const { min, max } = spec.qualitySteps;
  return [
    ['Name', spec.name],
    ['Testbed', testbedName],
    ...(nodeUse ? [['Nodes', describeNodeUse(nodeUse)] satisfies [string, string]] : []),
    ['Dataset', datasetName],
    ['Number of tasks |N|', formatCount(spec.taskCount)],
    ['Denoising steps', min === max ? `${min} for every image` : `${min} to ${max}, drawn for each image`],
    ['Seed', String(spec.seed)],
    ['Arrivals', describeArrivals(spec.arrivals)],
    ['Service', describeService(spec)],
    ['Scheduler', describeScheduler(spec.scheduler).title],
    ...(spec.trainingId === undefined ? [] : [['Policy of training', spec.trainingId] satisfies [string, string]]),
    ...listSettings(spec),
    ['Repeated prompts', spec.allowRepeatedPrompts ? 'allowed' : 'not allowed'],
    ['Max attempts', String(spec.maxAttempts)],
  ];
}
