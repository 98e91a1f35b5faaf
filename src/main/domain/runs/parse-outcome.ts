// What an agent says of a task is checked before anything is believed: a node may run anything.
import { z } from 'zod';
import type { TaskOutcome } from '../../../shared/rpc/gen/agent_pb.js';
import type { StationDelays } from '../../../shared/run.js';

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
  imageSha256: string;
  isSimulated: boolean;
}

/** The report of a succeeded task, or one sentence on what is wrong with it. */
export function parseSuccess(outcome: TaskOutcome, nodeIds: ReadonlySet<string>): SuccessReport | { problem: string } {
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
    imageSha256: report.image.sha256,
    isSimulated: report.image.isSimulated,
  };
}
