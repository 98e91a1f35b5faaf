// The choices of the new-run form, each with the sentence that helps to choose.
import { describeScheduler, SCHEDULER_NAMES, type Arrivals } from '../../../shared/run.js';
import type { Service } from '../../../shared/service.js';
import { canScheduleOn, type Training } from '../../../shared/training.js';
import { nameTraining } from '../../../shared/name-training.js';
import type { TaskCountChoice } from './new-run-form.js';

export const SCHEDULER_CHOICES = SCHEDULER_NAMES.map((value) => {
  const { title, sentence } = describeScheduler(value);
  return { value, label: title, description: sentence };
});

/** Trainings whose policy can schedule on the testbed: made in its copy, with at least one checkpoint; newest first. */
export function listPolicyChoices(trainings: readonly Training[], testbedId: string | undefined) {
  return trainings
    .filter((training) => testbedId !== undefined && canScheduleOn(training, testbedId))
    .toSorted((left, right) => right.createdAtMs - left.createdAtMs)
    .map((training) => ({
      value: training.id,
      label: `${nameTraining(training.spec)}, ${training.checkpointEpisodes} episodes`,
    }));
}

export const SERVICE_CHOICES: { value: Service; label: string; description: string }[] = [
  { value: 'text-to-image', label: 'Text-to-image', description: 'An image of each prompt, as in Table V.' },
  {
    value: 'image-to-image',
    label: 'Image-to-image',
    description: 'An image of each prompt and its picture; its size counts in the upload.',
  },
];

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
    description: 'As in Table V: everything is there at the start, dealt to the nodes in turn.',
  },
  {
    value: 'slot-uniform',
    label: 'Per slot, uniform',
    description: "The paper's simulation: in each time slot each node gets a random number of tasks, from 1 to a maximum.",
  },
  { value: 'poisson', label: 'Poisson', description: 'One stream at a mean rate; each task arrives at a node drawn uniformly.' },
];
