// The choices of the new-run form, each with the sentence that helps to choose.
import { SCHEDULER_NAMES, SCHEDULER_TITLES, type Arrivals, type SchedulerName } from '../../../shared/run.js';
import { schedulesRuns, type Training } from '../../../shared/training.js';
import { nameTraining } from '../train/describe-training.js';
import type { TaskCountChoice } from './new-run-form.js';

const SCHEDULER_SENTENCES: Record<SchedulerName, string> = {
  'local-only': 'Each task runs where it arrives; no cooperation between nodes.',
  random: 'Each task goes to a node drawn at random; the plain baseline.',
  'round-robin': 'Nodes take turns, whatever their speed and queue.',
  'capacity-proportional': 'Nodes get tasks in proportion to their speed, whatever their queue.',
  'shortest-expected-completion':
    'Each task goes where it is expected to be done first, counting link, queue and speed. The best of these.',
  learned: 'A policy trained in the copy of this testbed, such as LAD-TS, decides at each node for itself.',
};

export const SCHEDULER_CHOICES = SCHEDULER_NAMES.map((value) => ({
  value,
  label: SCHEDULER_TITLES[value],
  description: SCHEDULER_SENTENCES[value],
}));

/** Trainings whose policy can schedule on the testbed: made in its copy, with at least one checkpoint; newest first. */
export function listPolicyChoices(trainings: readonly Training[], testbedId: string | undefined) {
  return trainings
    .filter(({ spec, checkpointEpisodes }) => schedulesRuns(spec.method) && spec.twin?.testbedId === testbedId && checkpointEpisodes > 0)
    .toSorted((left, right) => right.createdAtMs - left.createdAtMs)
    .map((training) => ({
      value: training.id,
      label: `${nameTraining(training.spec)}, ${training.checkpointEpisodes} episodes`,
    }));
}

export const COUNT_CHOICES: { value: TaskCountChoice; label: string }[] = [
  { value: '1', label: '1' },
  { value: '100', label: '100' },
  { value: '500', label: '500' },
  { value: '1000', label: '1,000' },
  { value: 'custom', label: 'Other' },
];

export const ARRIVAL_CHOICES: { value: Arrivals['kind']; label: string; description: string }[] = [
  {
    value: 'all-at-once',
    label: 'All at once',
    description: 'As in Table V: everything is there at the begin, dealt to the nodes in turn.',
  },
  {
    value: 'slot-uniform',
    label: 'Per slot, uniform',
    description: "The paper's simulation: in each time slot each node gets 1 to N_b tasks.",
  },
  { value: 'poisson', label: 'Poisson', description: 'One stream at a mean rate; each task arrives at a node drawn uniformly.' },
];
