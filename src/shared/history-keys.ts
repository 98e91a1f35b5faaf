// The keys of the query language in the history; docs/history.md has the table for people.
import { HISTORY_KINDS } from './history.js';
import type { QueryKeys } from './query/query-keys.js';

const STATES = ['queued', 'running', 'paused', 'stopping', 'stopped', 'succeeded', 'failed', 'canceled'] as const;

export const HISTORY_KEYS = [
  { name: 'name', type: 'text', meaning: 'text in the name, or the whole id', example: 'overnight' },
  { name: 'kind', type: 'choice', meaning: 'what it is', choices: HISTORY_KINDS, example: 'run' },
  { name: 'state', type: 'choice', meaning: 'how far it is', choices: STATES, aliases: { cancelled: 'canceled' }, example: 'succeeded' },
  { name: 'valid', type: 'flag', meaning: 'whether an ended run is valid', example: 'yes' },
  { name: 'scheduler', type: 'text', meaning: 'scheduler, or method of a training', example: 'round-robin' },
  { name: 'testbed', type: 'text', meaning: 'text in the name of the testbed', example: 'rack' },
  { name: 'node', type: 'text', meaning: 'text in the name of a node that took part', example: 'node-3' },
  { name: 'dataset', type: 'text', meaning: 'text in the name of the dataset', example: 'flickr8k' },
  { name: 'n', type: 'number', meaning: '|N|, the number of tasks', example: '>=500' },
  { name: 'seed', type: 'number', meaning: 'seed', example: '7' },
  { name: 'steps', type: 'number', meaning: 'denoising steps that images may have', example: '20' },
  { name: 'total', type: 'number', meaning: 'total generation delay in seconds', example: '<2000' },
  { name: 'delay', type: 'number', meaning: 'mean service delay in seconds', example: '<900' },
  { name: 'eff', type: 'number', meaning: 'efficiency against the bound in percent', example: '>=95' },
  { name: 'tag', type: 'text', meaning: 'a tag', example: 'orin' },
  { name: 'note', type: 'text', meaning: 'text in the note; yes or no for whether there is one', example: 'yes' },
  { name: 'star', type: 'flag', meaning: 'starred', example: 'yes' },
  { name: 'since', type: 'instant', meaning: 'created then or later', example: '7d' },
  { name: 'until', type: 'instant', meaning: 'created then or earlier, a day included', example: '2026-11-30' },
  { name: 'after', type: 'instant', meaning: 'the same as since', example: '2026-11-01' },
  { name: 'before', type: 'instant', meaning: 'created earlier, a day not included', example: '2026-12-01' },
  { name: 'simulated', type: 'flag', meaning: 'made by workers that only wait', example: 'no' },
  { name: 'imported', type: 'flag', meaning: 'brought here from another computer', example: 'no' },
  { name: 'series', type: 'text', meaning: 'text in the name of its series', example: 'overnight' },
] as const satisfies QueryKeys;

export type HistoryKey = (typeof HISTORY_KEYS)[number]['name'];
