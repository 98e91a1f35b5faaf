// What an agent says of a task is read once, when it comes in, and checked before anything is believed: a node may run anything.
import { z } from 'zod';
import type { TaskOutcome } from '../../../shared/rpc/gen/agent_pb.js';
import type { StationDelays } from '../../../shared/run.js';
import type { Lease } from '../../../shared/task-life/lease.js';
import { CANCELLED, SUCCEEDED } from '../../../shared/task-life/outcome-status.js';
import type { LeaseEnd } from './task-board.js';

const durationMs = z.number().min(0).max(1e12);

const successSchema = z.object({
  edgeServerId: z.string().min(1),
  uploadMs: durationMs,
  waitingMs: durationMs,
  computeMs: durationMs,
  downloadMs: durationMs,
  serviceMs: durationMs,
  computeStartMs: z.number().min(-1e12).max(1e12),
  computeEndMs: z.number().min(-1e12).max(1e12),
  computedSteps: z.number().int().min(0).max(1_000),
  image: z.object({
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    sizeBytes: z.bigint().positive(),
    isSimulated: z.boolean(),
  }),
});

export interface SuccessReport {
  edgeServerId: string;
  delays: StationDelays;
  computeStartMs: number;
  computeEndMs: number;
  /** 0 where the agent does not say. */
  computedSteps: number;
  imageSha256: string;
  isSimulated: boolean;
}

/** What became of a lease by what its base station says; which of it counts is decided elsewhere. */
export type LeaseNews = { lease: Lease } & (
  | { kind: 'succeeded'; report: SuccessReport }
  | { kind: 'cancelled' }
  /** Also a success whose report makes no sense. */
  | { kind: 'failed'; end: LeaseEnd }
);

/** Longer reasons are cut: they come from other machines. */
const MAX_REASON_CHARACTERS = 500;

/** @param lease that of the outcome */
export function parseOutcome(outcome: TaskOutcome, lease: Lease, nodeIds: ReadonlySet<string>): LeaseNews {
  if (outcome.status === CANCELLED) return { lease, kind: 'cancelled' };
  if (outcome.status === SUCCEEDED) {
    const report = parseSuccess(outcome, nodeIds);
    if (!('problem' in report)) return { lease, kind: 'succeeded', report };
    return { lease, kind: 'failed', end: { message: report.problem, countsAsFailure: true } };
  }
  const message = outcome.errorMessage.slice(0, MAX_REASON_CHARACTERS) || 'The agent gave no reason.';
  const edgeServerId = nodeIds.has(outcome.edgeServerId) ? outcome.edgeServerId : null;
  return { lease, kind: 'failed', end: { message, edgeServerId, countsAsFailure: !outcome.isLost, isRetryable: outcome.isRetryable } };
}

/** The report of a succeeded task, or one sentence on what is wrong with it. */
function parseSuccess(outcome: TaskOutcome, nodeIds: ReadonlySet<string>): SuccessReport | { problem: string } {
  const parsed = successSchema.safeParse(outcome);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { problem: `The agent's report does not make sense (${issue?.path.join('.') ?? 'report'}: ${issue?.message ?? 'unreadable'}).` };
  }
  const report = parsed.data;
  if (!nodeIds.has(report.edgeServerId)) return { problem: 'The agent names an edge server that is not part of this testbed.' };
  const parts = report.uploadMs + report.waitingMs + report.computeMs + report.downloadMs;
  return {
    edgeServerId: report.edgeServerId,
    delays: {
      uploadMs: report.uploadMs,
      waitingMs: report.waitingMs,
      computeMs: report.computeMs,
      downloadMs: report.downloadMs,
      // Two clocks of different nodes may drift by a hair; control is never negative.
      controlMs: Math.max(0, report.serviceMs - parts),
      serviceMs: report.serviceMs,
    },
    computeStartMs: report.computeStartMs,
    computeEndMs: report.computeEndMs,
    computedSteps: report.computedSteps,
    imageSha256: report.image.sha256,
    isSimulated: report.image.isSimulated,
  };
}
