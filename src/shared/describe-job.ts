// A job in words, for the window and the terminal.
import { formatBytes, formatCount } from './format.js';
import { isOpenState, type Job, type JobProgress, type TimeLeft } from './job.js';

/** `Provision “Lab”`; of the data folder, whose name would be its path, what is done alone. */
export function nameJob({ title, subject }: Pick<Job, 'title' | 'subject'>): string {
  if (subject.kind === 'data-folder') return title;
  return `${title} “${subject.name}”`;
}

/** `Hashing, 1.20 GB of 6.00 GB`, `12 of 60 episodes`; null where nothing is known. */
export function describeProgress(progress: JobProgress | null): string | null {
  if (!progress) return null;
  const { done, total, unit, phase } = progress;
  const amount = (value: number): string => (unit === 'bytes' ? formatBytes(value) : formatCount(value));
  const counted = total === null ? amount(done) : `${amount(done)} of ${amount(total)}`;
  const text = unit === 'bytes' || unit === 'items' ? counted : `${counted} ${unit}`;
  return phase === null ? text : `${phase}, ${text}`;
}

/** `about 5 min left`, `4 to 9 min left`; null before there is a forecast. */
export function describeTimeLeft(left: TimeLeft | null): string | null {
  if (!left) return null;
  const { unit, sec } = UNITS.find((each) => left.highSec >= each.from) ?? SECONDS;
  const [low, high] = [Math.floor(left.lowSec / sec), Math.ceil(left.highSec / sec)];
  if (high <= 1 && unit === 's') return 'about to end';
  if (low === 0 && high > 1) return `at most ${high} ${unit} left`;
  return high - low <= 1 ? `about ${high} ${unit} left` : `${low} to ${high} ${unit} left`;
}

const SECONDS = { from: 0, sec: 1, unit: 's' };
const UNITS = [
  { from: 2 * 86_400, sec: 86_400, unit: 'd' },
  { from: 2 * 3600, sec: 3600, unit: 'h' },
  { from: 120, sec: 60, unit: 'min' },
  SECONDS,
];

/** What came of it or how far it is, in one line; empty where there is nothing to say. */
export function describeStanding({ state, progress, remaining, outcome, error }: Job): string {
  if (state === 'failed' && error) return error.message;
  if (isOpenState(state)) return [describeProgress(progress), describeTimeLeft(remaining)].filter((part) => part !== null).join(', ');
  return outcome ?? '';
}
