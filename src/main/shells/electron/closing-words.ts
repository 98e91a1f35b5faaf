// What is said when the window is to close while something is in progress. Pure.
import type { MessageBoxOptions } from 'electron';
import type { Activity, ActivityKind } from '../../../shared/activity.js';
import { capitalize } from '../../../shared/capitalize.js';
import { formatBytes } from '../../../shared/format.js';

export const PROGRAM_TITLE = 'DEdgeAI Control Center';
const MAX_NAMED = 6;

const NOUNS: Record<ActivityKind, [one: string, several: string]> = {
  run: ['run', 'runs'],
  training: ['training', 'trainings'],
  study: ['study', 'studies'],
  series: ['series', 'series'],
  provisioning: ['provisioning', 'provisionings'],
  'model-push': ['model push', 'model pushes'],
  calibration: ['calibration', 'calibrations'],
  'model-job': ['model job', 'model jobs'],
  wheels: ['download of wheels', 'downloads of wheels'],
};

/** One thing in progress, with how far it is: `Run “Batch run”: 53 of 200 tasks done`. */
export function describeActivity({ kind, name, done, total, unit, state }: Activity): string {
  const noun = NOUNS[kind][0];
  const title = `${capitalize(noun)} “${name}”`;
  if (state === 'waiting') return `${title}: waiting`;
  if (total <= 0) return title;
  if (unit === 'bytes') return `${title}: ${formatBytes(done)} of ${formatBytes(total)}`;
  return `${title}: ${done} of ${total} ${unit} done`;
}

/** How much of what is in progress: `1 run and 2 trainings`. */
export function countActivities(activities: readonly Activity[]): string {
  const kinds = Object.entries(NOUNS).flatMap(([kind, [one, several]]) => {
    const count = activities.filter((activity) => activity.kind === kind).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : several}`];
  });
  const last = kinds.pop() ?? 'nothing';
  return kinds.length === 0 ? last : `${kinds.join(', ')} and ${last}`;
}

export function listActivities(activities: readonly Activity[]): string {
  const named = activities.slice(0, MAX_NAMED).map((activity) => `• ${describeActivity(activity)}`);
  const more = activities.length - named.length;
  return [...named, ...(more > 0 ? [`• and ${more} more`] : [])].join('\n');
}

export type CloseAnswer = 'background' | 'pause' | 'stop' | 'cancel';
/** In the order of the buttons. */
export const CLOSE_ANSWERS: readonly CloseAnswer[] = ['background', 'pause', 'stop', 'cancel'];

export function closeQuestion(activities: readonly Activity[], { isTrayUncertain }: { isTrayUncertain: boolean }): MessageBoxOptions {
  const isOne = activities.length === 1;
  const cut = activities.filter(({ canPause }) => !canPause);
  const way = isTrayUncertain
    ? 'Start the program again to see the window, or use its icon where the desktop shows one.'
    : 'Its icon brings the window back.';
  return {
    type: 'question',
    title: PROGRAM_TITLE,
    message: `${countActivities(activities)} ${isOne ? 'is' : 'are'} in progress`,
    detail: [
      listActivities(activities),
      '',
      `In the background everything continues. ${way}`,
      `Pausing lets what is being computed come to its end first; ${isOne && cut.length === 0 ? 'it goes' : 'all goes'} on when you resume it, and a run stays valid.`,
      ...(cut.length > 0 ? [`What can’t pause is canceled: ${countActivities(cut)}.`] : []),
      'Stopping cancels the rest for good.',
    ].join('\n'),
    buttons: ['Keep Running in the Background', 'Pause and Close', 'Stop and Close', 'Cancel'],
    defaultId: 0,
    cancelId: 3,
    noLink: true,
  };
}

export type LeftAnswer = 'wait' | 'close' | 'cancel';
export const LEFT_ANSWERS: readonly LeftAnswer[] = ['wait', 'close', 'cancel'];

/** Asked when the time is up, or when the window is closed once more meanwhile. */
export function leftQuestion(left: readonly Activity[]): MessageBoxOptions {
  return {
    type: 'warning',
    title: PROGRAM_TITLE,
    message:
      left.length === 0 ? 'Coming to a stop' : `${countActivities(left)} ${left.length === 1 ? 'has' : 'have'} not come to a stop yet`,
    detail: [
      listActivities(left),
      '',
      'Closing now cuts it off: nothing that is done is lost, but a run that is cut off is not valid for comparisons.',
    ].join('\n'),
    buttons: ['Wait', 'Close Now', 'Don’t Close'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  };
}

/** Asked where the core does not say what is in progress. */
export function unknownQuestion(reason: string): MessageBoxOptions {
  return {
    type: 'warning',
    title: PROGRAM_TITLE,
    message: 'What is in progress can’t be shown',
    detail: `${reason}\n\nClosing loses nothing that is done; what was under way is cut off and resumes at the next start.`,
    buttons: ['Close', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  };
}
