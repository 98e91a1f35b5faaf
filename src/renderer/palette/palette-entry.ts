// A line of the palette.
import type { RouteLocationRaw } from 'vue-router';
import type { KeySequence } from '../../shared/window-commands.js';

export const PALETTE_SECTIONS = ['recent', 'page', 'names', 'go', 'help', 'search'] as const;
export type PaletteSection = (typeof PALETTE_SECTIONS)[number];

export const SECTION_TITLES: Record<PaletteSection, string> = {
  recent: 'Recent',
  page: 'This page',
  names: 'By name',
  go: 'Go to',
  help: 'Commands and help',
  search: 'Search',
};

/** One of the things that can be done with what a line names. */
export interface PaletteAction {
  label: string;
  /** A page or a download. */
  to?: RouteLocationRaw;
  href?: string;
  run?: () => void;
}

export interface PaletteEntry {
  /** The same of the same thing, wherever it is found. */
  key: string;
  section: PaletteSection;
  label: string;
  /** What it is, or where; may be empty. */
  detail: string;
  keys?: KeySequence;
  /** Why it can't be run now; null where it can. */
  reason: string | null;
  to?: RouteLocationRaw;
  run?: () => void;
  /** What else can be done with it; empty of commands. */
  actions: readonly PaletteAction[];
}
