import type { RunMetrics } from './run.js';

/** What is in place of an efficiency that can't be determined; null where there is one, or none yet. */
export function describeMissingEfficiency({ efficiency, efficiencyProblem }: RunMetrics): string | null {
  if (efficiency !== null || efficiencyProblem === null) return null;
  return efficiencyProblem.startsWith('Not calibrated') ? 'not calibrated' : 'bound is wrong';
}
