// A decision of a run as its base station (BS) saw it, and what came of it: what a policy that decides such tasks can learn from.
import { z } from 'zod';

/** Seconds; nothing that a testbed's queue holds takes longer. */
const MAX_SEC = 1e7;
const MAX_SERVERS = 64;
const MAX_QUALITY_STEPS = 1000;
/** Of a run, as many as are kept. */
export const MAX_DECISIONS_OF_RUN = 2000;

const seconds = z.number().min(0).max(MAX_SEC);
const ofServers = z.array(seconds).min(2).max(MAX_SERVERS);

/** Entries of lists are edge servers (ESs), in ordinal order; all of them answered. */
export const seenDecisionSchema = z
  .strictObject({
    /** The BS, by ordinal. */
    station: z.int().min(0),
    /** Steps that are computed. */
    qualitySteps: z.int().min(1).max(MAX_QUALITY_STEPS),
    /** The ES that it was placed on. */
    chosen: z.int().min(0),
    /** What was thought to be queued there, with what the BS had placed since. */
    backlogSec: ofServers,
    /** What the task was thought to take there. */
    serviceSec: ofServers,
    /** From when it was admitted until it would have been done there: measured where it was placed, estimated on the others. */
    completionSec: ofServers,
  })
  .refine(
    ({ station, chosen, backlogSec, serviceSec, completionSec }) =>
      [serviceSec.length, completionSec.length].every((length) => length === backlogSec.length) &&
      Math.max(station, chosen) < backlogSec.length,
    'as many entries as edge servers, and one of them chosen',
  );

export type SeenDecision = z.output<typeof seenDecisionSchema>;
