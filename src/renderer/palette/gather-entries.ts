// Which lines the palette shows, and in which order.
import { rankMatch } from '../../shared/match-words.js';
import { PALETTE_SECTIONS, type PaletteEntry, type PaletteSection } from './palette-entry.js';
import type { PaletteRequest } from './read-request.js';

export interface SectionOfEntries {
  section: PaletteSection;
  entries: readonly PaletteEntry[];
}

const MAX_RECENT = 5;
const SECTIONS_OF: Readonly<Record<PaletteRequest['what'], readonly PaletteSection[]>> = {
  all: PALETTE_SECTIONS,
  commands: ['page', 'go', 'help'],
  nodes: ['names'],
  tags: ['names'],
  query: [],
};

/**
 * `pool` has all that there is, `recentKeys` the newest first. Within a section the best match comes first, then what was used last; the
 * section with the best match comes first, and without words all stand in their order. What is found twice is shown where it stands first.
 */
export function gatherEntries(
  pool: readonly PaletteEntry[],
  { what, words }: PaletteRequest,
  recentKeys: readonly string[],
): SectionOfEntries[] {
  const ranked = pool
    .filter(({ section }) => SECTIONS_OF[what].includes(section))
    .flatMap((entry) => {
      const rank = rankMatch(`${entry.label} ${entry.detail}`, words);
      const ofLabel = rankMatch(entry.label, words);
      // A word that is only in the detail is a weaker sign than any in the name.
      return rank === null ? [] : [{ entry, rank: ofLabel ?? rank + words.length * 2 }];
    });
  const ageOf = ({ key }: PaletteEntry): number => {
    const age = recentKeys.indexOf(key);
    return age < 0 ? recentKeys.length : age;
  };
  const seen = new Set<string>();
  const sections = PALETTE_SECTIONS.map((section) => {
    const ofSection = ranked.filter(({ entry }) => entry.section === section);
    const sorted = words.length === 0 ? ofSection : ofSection.toSorted((a, b) => a.rank - b.rank || ageOf(a.entry) - ageOf(b.entry));
    const fresh = sorted.filter(({ entry }) => !seen.has(entry.key)).slice(0, section === 'recent' ? MAX_RECENT : undefined);
    for (const { entry } of fresh) seen.add(entry.key);
    return { section, rank: fresh[0]?.rank ?? Infinity, entries: fresh.map(({ entry }) => entry) };
  }).filter(({ entries }) => entries.length > 0);
  const inOrder = words.length === 0 ? sections : sections.toSorted((left, right) => left.rank - right.rank);
  return inOrder.map(({ section, entries }) => ({ section, entries }));
}
