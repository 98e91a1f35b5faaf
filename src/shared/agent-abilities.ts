// What agents can do that those of the same version of the protocol may not: an agent names it, and a run that needs it is refused on
// nodes that do not, instead of being scheduled otherwise than it says.
import { isConsiderate, normalizeSettings, type SchedulingSettings } from './scheduling-settings.js';

export const AGENT_ABILITIES = ['orders', 'speeds-seen', 'considerate-completion', 'limits'] as const;
export type AgentAbility = (typeof AGENT_ABILITIES)[number];

/** What a run asks of every agent beyond version 2 of the protocol; empty for one that is as in the paper. */
export function abilitiesNeeded(
  spec: { scheduler: string } & SchedulingSettings,
  /** `isLimited`: a node of it may hold so many tasks only. */
  { isLimited = false }: { isLimited?: boolean } = {},
): AgentAbility[] {
  const { placingOrder, queueOrder, speedWeight } = normalizeSettings(spec.scheduler, spec);
  return [
    ...(placingOrder === undefined && queueOrder === undefined ? [] : ['orders' as const]),
    ...(speedWeight === undefined ? [] : ['speeds-seen' as const]),
    ...(isConsiderate(spec.scheduler) ? ['considerate-completion' as const] : []),
    ...(isLimited ? ['limits' as const] : []),
  ];
}
