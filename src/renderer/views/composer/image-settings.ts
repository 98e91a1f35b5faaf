// The settings of an image in the composer: what it takes over, and what that changes. Pure.
import { formatCount } from '../../../shared/format.js';
import type { GalleryImage } from '../../../shared/gallery.js';
import { describeScheduler } from '../../../shared/run.js';
import { taskCountOf, type NewRunForm } from './new-run-form.js';
import type { WorkForm } from './work-form.js';

/** Every task gets the steps of the image; its seed follows from the seed of its run, which the form has from there. */
export function fillFromImage(form: WorkForm, image: Pick<GalleryImage, 'qualitySteps'>): void {
  form.minSteps = image.qualitySteps;
  form.maxSteps = image.qualitySteps;
}

export interface SettingChange {
  label: string;
  /** As a new run has it; null where that has none. */
  from: string | null;
  to: string;
}

type Named = { id: string; name: string };

/** What of a run's form is not as in `usual`, in the order of the form. */
export function listChanges(
  usual: NewRunForm,
  form: NewRunForm,
  { testbeds, datasets }: { testbeds: readonly Named[]; datasets: readonly Named[] },
): SettingChange[] {
  const nameOf = (list: readonly Named[], id: string | undefined): string | null =>
    id === undefined ? null : (list.find((item) => item.id === id)?.name ?? 'not here any more');
  const steps = ({ minSteps, maxSteps }: NewRunForm): string => (minSteps === maxSteps ? `${minSteps}` : `${minSteps}–${maxSteps}`);
  const strength = (each: NewRunForm): string =>
    each.service === 'image-to-image' ? `Image-to-image, strength ${each.strength}` : 'Text-to-image';
  const settings: { label: string; of: (each: NewRunForm) => string | null }[] = [
    { label: 'Testbed', of: ({ testbedId }) => nameOf(testbeds, testbedId) },
    { label: 'Dataset', of: ({ datasetId }) => nameOf(datasets, datasetId) },
    { label: 'Service', of: strength },
    { label: 'Number of tasks', of: (each) => formatCount(taskCountOf(each)) },
    { label: 'Seed', of: ({ seed }) => String(seed) },
    { label: 'Steps', of: steps },
    { label: 'Arrivals', of: ({ arrivalKind }) => arrivalKind.replaceAll('-', ' ') },
    { label: 'Scheduler', of: ({ scheduler }) => describeScheduler(scheduler).title },
    { label: 'Max attempts', of: ({ maxAttempts }) => String(maxAttempts) },
  ];
  return settings.flatMap(({ label, of }) => {
    const [from, to] = [of(usual), of(form)];
    return to === null || from === to ? [] : [{ label, from, to }];
  });
}
