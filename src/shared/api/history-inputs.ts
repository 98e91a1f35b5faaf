// What the history is asked, and what is put on its records.
import { z } from 'zod';
import { BIN_KINDS } from '../bin.js';
import { HISTORY_DENSITIES, HISTORY_GROUPS, HISTORY_KINDS, HISTORY_SORTS } from '../history.js';
import { findTagProblem, normalizeTag } from '../tags.js';

const query = z.string().max(2000, 'A query has at most 2000 characters');
const item = z.object({ kind: z.enum(HISTORY_KINDS), id: z.string().min(1).max(200) });
const items = z.array(item).min(1, 'Name a record').max(2000, 'At most 2000 records at once');

export const historyListInput = z.object({
  query: query.default(''),
  sort: z.enum(HISTORY_SORTS).default('created'),
  isDescending: z.boolean().default(true),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(500).default(100),
  /** What is in the bin instead of all the rest. */
  inBin: z.boolean().default(false),
});
export type HistoryListInput = z.output<typeof historyListInput>;

export const historyCompleteInput = z.object({ query, cursor: z.number().int().min(0).max(2000) });
export type HistoryCompleteInput = z.output<typeof historyCompleteInput>;

export const tagSchema = z
  .string()
  .transform(normalizeTag)
  .superRefine((tag, context) => {
    const message = findTagProblem(tag);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

export const historyTagInput = z.object({
  items,
  add: z.array(tagSchema).max(50).default([]),
  remove: z.array(tagSchema).max(50).default([]),
});
export const historyStarInput = z.object({ items, isStarred: z.boolean() });
/** An empty note is none. */
export const historyNoteInput = z.object({ item, markdown: z.string().max(50_000, 'A note has at most 50,000 characters') });
export const historyItemInput = z.object({ item });
/** Of every kind that can be moved to the bin. */
export const binItemsInput = z.object({
  items: z
    .array(z.object({ kind: z.enum(BIN_KINDS), id: z.string().min(1).max(200) }))
    .min(1, 'Name what is meant')
    .max(2000, 'At most 2000 at once'),
});

export const historyViewSchema = z.object({
  name: z.string().trim().min(1, 'A view needs a name').max(80, 'A name has at most 80 characters'),
  query,
  columns: z.array(z.string().min(1).max(40)).max(50).default([]),
  sort: z.enum(HISTORY_SORTS).default('created'),
  isDescending: z.boolean().default(true),
  group: z.enum(HISTORY_GROUPS).default('none'),
  density: z.enum(HISTORY_DENSITIES).default('comfortable'),
});
export const historyViewNameInput = z.object({ name: z.string().min(1).max(80) });
