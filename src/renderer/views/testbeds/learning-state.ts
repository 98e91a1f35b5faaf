// What the panel of learning on the job says. Pure.
import { formatQuantity } from '../../../shared/format.js';
import type { LearningAttempt, OnTheJobStatus } from '../../../shared/on-the-job.js';
import type { StatusTone } from '../../components/status.js';

const NOTHING_KEPT = 'Nothing is recorded while this is switched off.';

/** What is on record to learn from. */
export function describeKept({ isOn, decisions, runs }: Pick<OnTheJobStatus, 'isOn' | 'decisions' | 'runs'>): string {
  if (!isOn && decisions === 0) return NOTHING_KEPT;
  return `On record: ${formatQuantity(decisions, 'decision')} of ${formatQuantity(runs, 'run')}.`;
}

/** What keeps the testbed from learning now, in one sentence; null where nothing does. */
export function problemOfLearning({ isOn, decisions, trainingId, obstacle, attempts }: OnTheJobStatus): string | null {
  if (attempts.some(({ state }) => state === 'learning')) return 'It learns already.';
  if (obstacle !== null) return `${obstacle} Nothing is kept or learned now.`;
  if (trainingId === null) return 'There is no policy to continue: train one in the twin of a testbed, with a shared network.';
  if (decisions === 0) return isOn ? 'The next run brings something to learn from.' : NOTHING_KEPT;
  return null;
}

const BADGES: Record<LearningAttempt['state'], { tone: StatusTone; label: string }> = {
  learning: { tone: 'busy', label: 'Learning' },
  deployed: { tone: 'ok', label: 'Deployed' },
  'not-deployed': { tone: 'warning', label: 'Not deployed' },
  ended: { tone: 'stopped', label: 'Ended' },
};

export function badgeOfAttempt(state: LearningAttempt['state']): { tone: StatusTone; label: string } {
  return BADGES[state];
}
