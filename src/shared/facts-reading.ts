// Readings of a node's facts over time.
import type { NodeFacts } from './testbed.js';

/** Before and after a provisioning, or because the user asked. */
export const FACTS_MOMENTS = ['before', 'after', 'asked'] as const;
export type FactsMoment = (typeof FACTS_MOMENTS)[number];

export const FACTS_MOMENT_TITLES: Record<FactsMoment, string> = {
  before: 'Before provisioning',
  after: 'After provisioning',
  asked: 'Read on demand',
};

export interface FactsReading {
  id: number;
  moment: FactsMoment;
  /** The provisioning it belongs to; null for the others. */
  provisioningRunId: string | null;
  facts: NodeFacts;
}

/** The two readings that show what the last provisioning changed: its before and after; else the last two of any kind. Null with fewer. */
export function chooseReadingsToDiff(newestFirst: readonly FactsReading[]): { before: FactsReading; after: FactsReading } | null {
  const after = newestFirst.find(({ moment }) => moment === 'after');
  const before = newestFirst.find(
    ({ moment, provisioningRunId }) => moment === 'before' && provisioningRunId === (after?.provisioningRunId ?? null),
  );
  if (after && before) return { before, after };
  const [last, former] = newestFirst;
  return last && former ? { before: former, after: last } : null;
}
