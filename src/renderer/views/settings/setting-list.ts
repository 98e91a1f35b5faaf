// Every setting of the program: where it is, in which sentence, and which other words find it. Pure.
import type { SettingsTab } from './settings-tabs.js';

export interface SettingEntry {
  /** Of the element that holds it, behind `setting-`; in the address as `setting`. */
  id: string;
  tab: SettingsTab;
  title: string;
  sentence: string;
  /** What else people call it. */
  synonyms: string;
  /** Of the window's commands that set it. */
  commandIds?: readonly string[];
}

export const SETTINGS: readonly SettingEntry[] = [
  {
    ...{ id: 'theme', tab: 'window', title: 'Theme', sentence: 'Light, dark, or the same as the system.' },
    synonyms: 'dark mode night day colors appearance contrast',
    commandIds: ['theme.system', 'theme.light', 'theme.dark'],
  },
  {
    ...{ id: 'single-keys', tab: 'window', title: 'Single-key shortcuts', sentence: 'Whether letters and signs alone are shortcuts.' },
    synonyms: 'keyboard hotkeys accelerators keys accessibility',
    commandIds: ['single-keys'],
  },
  {
    ...{
      id: 'navigation',
      tab: 'window',
      title: 'Navigation',
      sentence: 'With words, as icons alone, or automatic, by the width of the window.',
    },
    synonyms: 'sidebar menu rail collapse wide narrow',
    commandIds: ['navigation'],
  },
  {
    ...{ id: 'durations', tab: 'window', title: 'Durations in tables', sentence: 'In seconds, or as hours, minutes and seconds.' },
    synonyms: 'time format units clock display',
  },
  {
    ...{ id: 'density', tab: 'window', title: 'Rows in Runs', sentence: 'How high the rows of the list of runs are.' },
    synonyms: 'compact comfortable density spacing height list',
  },
  {
    ...{
      id: 'nodes-as',
      tab: 'window',
      title: 'Nodes of a testbed',
      sentence: 'As cards, as a table, or automatic, by how many there are.',
    },
    synonyms: 'grid list view cards',
  },
  {
    ...{ id: 'notify', tab: 'notifications', title: 'Notify me when done', sentence: 'Notices of the system while this window is hidden.' },
    synonyms: 'alerts desktop popup bell sound finished end remind',
  },
  {
    ...{
      id: 'prices',
      tab: 'prices',
      title: 'What is counted',
      sentence: 'Power, energy price, hardware and its life, for what images cost.',
    },
    synonyms: 'cost money dollars usd kwh electricity watts wall power break-even depreciation',
  },
  {
    ...{
      id: 'platforms',
      tab: 'prices',
      title: 'Prices of platforms',
      sentence: 'What cloud platforms take, each with its source and date.',
    },
    synonyms: 'cloud table v midjourney figures vendor cost',
  },
  {
    ...{ id: 'disk', tab: 'data', title: 'Data folder', sentence: 'Where everything is kept, and how much room it takes.' },
    synonyms: 'disk space storage path directory location size free bin',
  },
  {
    ...{ id: 'backups', tab: 'data', title: 'Backups', sentence: 'Back up the database now, or put a backup back.' },
    synonyms: 'restore save copy recovery snapshot',
  },
  {
    ...{ id: 'archives', tab: 'data', title: 'Archives', sentence: 'Bring records in from another computer.' },
    synonyms: 'import export transfer move zip',
  },
  {
    ...{ id: 'vault', tab: 'secrets', title: 'Secrets', sentence: 'Where passwords and passphrases of nodes are kept.' },
    synonyms: 'vault security credentials keychain key store token hugging face login sudo',
  },
  {
    ...{ id: 'checks', tab: 'doctor', title: 'What works on this machine', sentence: 'What the program found here, and what is missing.' },
    synonyms: 'diagnostics doctor health problems support',
  },
  {
    ...{ id: 'log', tab: 'log', title: 'Log', sentence: 'What the program wrote down, and the bundle for a report of a problem.' },
    synonyms: 'diagnostics bundle debug support errors',
  },
  {
    ...{ id: 'events', tab: 'events', title: 'Events', sentence: 'What was done, and when.' },
    synonyms: 'history audit activity record',
  },
  {
    ...{ id: 'about', tab: 'about', title: 'About', sentence: "The version, the platform and the program's SSH key." },
    synonyms: 'version license public key authorized_keys node.js',
  },
];

/** Those in which every word is the start of a word; titles that fit come first. */
export function findSettings(typed: string): readonly SettingEntry[] {
  const words = wordsOf(typed);
  if (words.length === 0) return [];
  const fits = (text: string): boolean => {
    const starts = wordsOf(text);
    return words.every((word) => starts.some((start) => start.startsWith(word)));
  };
  const found = SETTINGS.filter(({ title, sentence, synonyms }) => fits(`${title} ${sentence} ${synonyms}`));
  return found.toSorted((left, right) => Number(fits(right.title)) - Number(fits(left.title)));
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
