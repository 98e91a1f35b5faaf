// The main job as steps whose state follows from what is there; pure, so that the view only draws it.
import { formatCount, formatQuantity } from '../../../shared/format.js';
import type { Dataset } from '../../../shared/dataset.js';
import type { RunSummary } from '../../../shared/run.js';
import type { Testbed } from '../../../shared/testbed.js';
import type { RouteLocationRaw } from 'vue-router';
import { isReady } from '../testbeds/testbed-state.js';

export interface JobStep {
  title: string;
  /** What is there, or what the step is for. */
  detail: string;
  state: 'done' | 'next' | 'later';
  action: { label: string; to: RouteLocationRaw };
}

interface Situation {
  testbeds: readonly Testbed[];
  datasets: readonly Dataset[];
  runs: readonly RunSummary[];
}

/** The five steps in order; the first that is not done is `next`. */
export function listJobSteps({ testbeds, datasets, runs }: Situation): JobStep[] {
  const ready = testbeds.filter(isReady);
  const toProvision = testbeds.find((testbed) => !isReady(testbed));
  const finished = runs.filter((run) => run.state === 'succeeded');
  const active = runs.find((run) => run.state === 'running' || run.state === 'queued' || run.state === 'paused');
  const promptCount = datasets.reduce((sum, dataset) => sum + dataset.promptCount, 0);
  const firstTestbed = toProvision ?? testbeds[0];

  const steps: (Omit<JobStep, 'state'> & { isDone: boolean })[] = [
    {
      title: 'Testbed',
      isDone: testbeds.length > 0,
      detail:
        testbeds.length > 0
          ? `${formatQuantity(testbeds.length, 'testbed')} set up`
          : 'Name the edge nodes: virtual ones on this machine, or real ones by SSH.',
      action: { label: testbeds.length > 0 ? 'Show testbeds' : 'Set up a testbed', to: { name: 'testbeds' } },
    },
    {
      title: 'Provision',
      isDone: ready.length > 0,
      detail:
        ready.length > 0
          ? `${ready.map(({ name }) => name).join(', ')}: ready`
          : 'Bring agent and certificate to every node and prove it healthy.',
      action: {
        label: ready.length > 0 ? 'Show nodes' : 'Provision',
        to: firstTestbed ? { name: 'testbed', params: { testbedId: (ready[0] ?? firstTestbed).id } } : { name: 'testbeds' },
      },
    },
    {
      title: 'Dataset',
      isDone: datasets.length > 0,
      detail:
        datasets.length > 0
          ? `${formatCount(promptCount)} prompts in ${formatQuantity(datasets.length, 'dataset')}`
          : 'Import Flickr8k or another list of captions; a sample is shipped.',
      action: { label: datasets.length > 0 ? 'Show datasets' : 'Import prompts', to: { name: 'datasets' } },
    },
    {
      title: 'Run',
      isDone: finished.length > 0,
      detail: active
        ? `${active.spec.name}: ${formatCount(active.counts.succeeded)} of ${formatCount(active.counts.total)} images`
        : finished.length > 0
          ? `${formatQuantity(finished.length, 'run')} finished`
          : 'Send a batch of prompts through the testbed and watch it live.',
      action: active
        ? { label: 'Watch the run', to: { name: 'run', params: { runId: active.id } } }
        : { label: 'New run', to: { name: 'new-run' } },
    },
    {
      title: 'Compare',
      isDone: false,
      detail: 'See measured runs beside the image platforms of Table V, and export.',
      action: { label: 'Compare', to: { name: 'compare' } },
    },
  ];
  const nextIndex = steps.findIndex((step) => !step.isDone);
  return steps.map(({ isDone, ...step }, index) => ({ ...step, state: isDone ? 'done' : index === nextIndex ? 'next' : 'later' }));
}
