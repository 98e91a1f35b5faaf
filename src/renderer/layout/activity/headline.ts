// What the window's title, its icon and the task bar say of everything that is under way. Pure.
import type { ActivityEntry } from '../../../shared/activity-entry.js';
import { formatCount, formatQuantity } from '../../../shared/format.js';
import { countWaiting } from '../../views/jobs/count-waiting.js';

export interface Headline {
  /** Of the window's title; null where there is nothing to say but the page's name. */
  title: string | null;
  progress: HeadlineProgress;
}

export interface HeadlineProgress {
  state: 'none' | 'going' | 'paused' | 'done' | 'failed';
  /** 0..1; null where it is not known. */
  fraction: number | null;
}

export interface HeadlineInput {
  /** What a person waits for. */
  underWay: readonly ActivityEntry[];
  /** What stands still until someone resumes it. */
  paused: readonly ActivityEntry[];
  /** What has ended since someone was at the window, the newest last. */
  ended: readonly ActivityEntry[];
}

export function makeHeadline({ underWay, paused, ended }: HeadlineInput): Headline {
  const last = ended.at(-1);
  if (last) {
    const more = ended.length > 1 ? ` (+${ended.length - 1})` : '';
    const hasFailed = ended.some(({ state }) => state === 'failed');
    return {
      title: `${last.state === 'failed' ? 'Failed' : 'Done'}: ${last.title}${last.isInvalid ? ' is invalid' : ''}${more}`,
      progress: { state: hasFailed ? 'failed' : 'done', fraction: 1 },
    };
  }
  const shown = findLastToEnd(underWay);
  if (!shown) {
    const [held] = paused;
    return { title: null, progress: held ? { state: 'paused', fraction: fractionOf(held) } : { state: 'none', fraction: null } };
  }
  const more = underWay.length > 1 ? ` (+${underWay.length - 1})` : '';
  return { title: `${countProgress(shown)} - ${shown.title}${more}`, progress: { state: 'going', fraction: fractionOf(shown) } };
}

/** The one that ends last, as far as that is known; of those without a forecast the oldest. */
function findLastToEnd(entries: readonly ActivityEntry[]): ActivityEntry | undefined {
  const endSec = ({ remaining }: ActivityEntry): number => remaining?.highSec ?? -1;
  return [...entries].sort((a, b) => endSec(b) - endSec(a) || a.createdAtMs - b.createdAtMs)[0];
}

/** `416/1,000`, `62%`; `Started` before anything is known. */
export function countProgress({ progress }: Pick<ActivityEntry, 'progress'>): string {
  if (!progress) return 'Started';
  const { done, total, unit } = progress;
  if (unit !== 'bytes') return total === null ? formatCount(done) : `${formatCount(done)}/${formatCount(total)}`;
  return total === null || total === 0 ? 'Started' : `${Math.min(100, Math.floor((100 * done) / total))}%`;
}

/**
 * For the top bar: `1 run, 416/1,000`, `2 jobs`, of runs and jobs at once `3 under way`; where nothing is under way `1 paused`, `4 queued`,
 * `1 paused, 4 queued`, `2 planned`.
 */
export function describeJobCount({ underWay, paused, queued }: Record<'underWay' | 'paused' | 'queued', readonly ActivityEntry[]>): string {
  const [only] = underWay;
  if (only) {
    const isRun = only.kind === 'run';
    if (underWay.some(({ kind }) => (kind === 'run') !== isRun)) return `${formatCount(underWay.length)} under way`;
    const count = formatQuantity(underWay.length, isRun ? 'run' : 'job');
    return underWay.length === 1 ? `${count}, ${countProgress(only)}` : count;
  }
  const held = paused.length === 0 ? [] : [`${formatCount(paused.length)} paused`];
  return [...held, ...countWaiting(queued)].join(', ') || 'No jobs';
}

export function fractionOf({ progress }: Pick<ActivityEntry, 'progress'>): number | null {
  return progress?.total ? Math.min(1, progress.done / progress.total) : null;
}
