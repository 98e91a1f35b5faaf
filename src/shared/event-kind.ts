// The kinds of events in words, and which of them report a problem. Kinds are stored: what no longer occurs is still on record.

import { capitalize } from './capitalize.js';

/** What a kind starts with where its words alone would not say what it is about. */
const AREAS: readonly (readonly [start: string, words: string])[] = [
  ['data-', 'data folder: '],
  ['node-check-', 'node check: '],
  ['on-the-job-', 'learning on the job: '],
];
const TITLES: Readonly<Record<string, string>> = {
  'node-removal-untold': 'Node removal not reported',
  'run-stands-still': 'Run paused',
  'run-went-on': 'Run continues',
};
/** Words of kinds that are written otherwise in the window. */
const WORDS: Readonly<Record<string, string>> = { binned: 'moved to bin', cancelled: 'canceled', unreached: 'not reached' };

/** `provisioning-failed` as `Provisioning failed`; a kind that no one thought of is readable too. */
export function nameEventKind(kind: string): string {
  const title = TITLES[kind];
  if (title !== undefined) return title;
  const [start, area] = AREAS.find(([each]) => kind.startsWith(each)) ?? ['', ''];
  const words = kind.slice(start.length).split('-');
  const name = area + words.map((word) => WORDS[word] ?? word).join(' ');
  return capitalize(name);
}

const PROBLEM_ENDINGS = ['blocked', 'damaged', 'failed', 'lost', 'missed', 'problem', 'unreached'];
const PROBLEM_KINDS: ReadonlySet<string> = new Set([
  'authority-replaced',
  'facts-not-read',
  'node-check-host-key',
  'node-removal-untold',
  'run-held',
]);

/** Whether something failed or waits for a person, so that the log has it as a warning. */
export function isProblemKind(kind: string): boolean {
  return PROBLEM_KINDS.has(kind) || PROBLEM_ENDINGS.includes(kind.slice(kind.lastIndexOf('-') + 1));
}
