// The nodes of the testbed, as the control center said last. Pure rules; who keeps it: roster-keeper.ts.
import { z } from 'zod';

export interface Roster {
  /** Grows by one with each change; 0 where nothing was ever said. */
  version: number;
  nodeIds: readonly string[];
}

export interface RosterProposal {
  /** The version it takes the place of. */
  replacesVersion: number;
  nodeIds: readonly string[];
}

/** Until the control center has spoken no other node is known, and so none is let in. */
export const NO_ROSTER: Roster = { version: 0, nodeIds: [] };

/** What counts after a proposal: a new roster, the held one because it says the same, or the held one because the proposal is late. */
export function verifyRoster(held: Roster, proposal: RosterProposal): { kind: 'new' | 'same' | 'late'; roster: Roster } {
  const nodeIds = [...new Set(proposal.nodeIds)].sort();
  if (held.version > 0 && nodeIds.join('\n') === held.nodeIds.join('\n')) return { kind: 'same', roster: held };
  if (proposal.replacesVersion !== held.version) return { kind: 'late', roster: held };
  return { kind: 'new', roster: { version: held.version + 1, nodeIds } };
}

const rosterSchema = z.object({ version: z.number().int().min(1), nodeIds: z.array(z.string().min(1)) });

/** Throws when the text is no roster. */
export function parseRoster(text: string): Roster {
  const { version, nodeIds } = rosterSchema.parse(JSON.parse(text));
  return { version, nodeIds: [...new Set(nodeIds)].sort() };
}
