// What the API accepts for reports that are kept.
import { z } from 'zod';
import { REPORT_PARTS, type ReportSource } from '../report-composition.js';
import { comparisonInput } from './inputs.js';
import { runComparisonInput } from './run-comparison-inputs.js';

const id = z.string().min(1).max(64);
const title = z.string().trim().min(1, 'A report has a title').max(200, 'A title has at most 200 characters');
const MAX_BLOCKS = 300;

const partOf = <Kind extends keyof typeof REPORT_PARTS>(kind: Kind) =>
  z.enum(Object.keys(REPORT_PARTS[kind]) as [Extract<keyof (typeof REPORT_PARTS)[Kind], string>]);

export const reportSourceSchema: z.ZodType<ReportSource> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), id, part: partOf('run') }),
  z.object({ kind: z.literal('series'), id, part: partOf('series') }),
  z.object({ kind: z.literal('training'), id, part: partOf('training') }),
  z.object({ kind: z.literal('study'), id, part: partOf('study') }),
  z.object({ kind: z.literal('testbed'), id, part: partOf('testbed') }),
  z.object({ kind: z.literal('table-v'), part: partOf('table-v'), comparison: comparisonInput }),
  z.object({ kind: z.literal('comparison'), part: partOf('comparison'), comparison: runComparisonInput }),
  z.object({
    kind: z.literal('gallery'),
    part: z.literal('grid'),
    runIds: z.array(id).min(1, 'Choose a run').max(12, 'At most 12 runs side by side'),
    prompts: z.array(z.string().min(1).max(5000)).min(1).max(50).nullable(),
    rows: z.int().min(1).max(50),
  }),
  z.object({
    kind: z.literal('text'),
    title: z.string().max(200, 'A heading has at most 200 characters'),
    text: z.string().max(100_000, 'A text has at most 100,000 characters'),
  }),
]);

export const storedReportBlocksSchema = z
  .array(z.object({ id: z.string().min(1).max(64), source: reportSourceSchema, recordName: z.string().max(500).nullable() }))
  .max(MAX_BLOCKS, `A report has at most ${MAX_BLOCKS} blocks`);

const subjectSchema = z.discriminatedUnion('template', [
  z.object({ template: z.enum(['run', 'series', 'training', 'study']), id }),
  z.object({ template: z.literal('table-v'), comparison: comparisonInput.prefault({}) }),
]);

/** From a template, or empty. */
export const createReportInput = z.object({ title: title.optional(), subject: subjectSchema.nullable().default(null) });

export const renameReportInput = z.object({ id, title });

/** All blocks in their order; those without an id, or with one that the report does not have, are new. */
export const setReportBlocksInput = z.object({
  id,
  /** Of the report as the caller saw it; another change in between is a `conflict`. */
  revision: z.int().min(1),
  blocks: z
    .array(z.object({ id: z.string().min(1).max(64).optional(), source: reportSourceSchema }))
    .max(MAX_BLOCKS, `A report has at most ${MAX_BLOCKS} blocks`),
});

/** At the end of what is there, whatever that is. */
export const addReportBlocksInput = z.object({ id, sources: z.array(reportSourceSchema).min(1).max(20) });
