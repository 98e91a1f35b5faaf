import { create } from '@bufbuild/protobuf';

import { OutcomeStatus, type TaskOutcome, TaskOutcomeSchema } from '../../shared/rpc/gen/agent_pb.js';
import { ResultStore } from '../results/result-store.js';
import type { Execution } from './edge-server.js';

/** Says how an execution ended, as its edge server knows it; the base station adds its own part. `runStartMs` is on this agent's clock. */
export function outcomeOfExecution(execution: Execution, edgeServerId: string, runStartMs: number): TaskOutcome {
  const { task, image } = execution;
  return create(TaskOutcomeSchema, {
    taskId: task.id,
    runId: task.runId,
    leaseEpoch: task.leaseEpoch,
    baseStationId: task.baseStationId,
    edgeServerId,
    status: image ? OutcomeStatus.SUCCEEDED : OutcomeStatus.FAILED,
    waitingMs: execution.waitingMs,
    computeMs: execution.computeMs,
    computeStartMs: execution.startMs - runStartMs,
    computeEndMs: execution.endMs - runStartMs,
    image: image
      ? {
          sha256: ResultStore.hashImage(image.bytes),
          sizeBytes: BigInt(image.bytes.length),
          widthPx: image.widthPx,
          heightPx: image.heightPx,
          mediaType: image.mediaType,
          isSimulated: image.isSimulated,
        }
      : undefined,
    errorMessage: image ? '' : `The worker of ${edgeServerId} failed: ${execution.errorMessage}`,
    // The worker may have run out of memory or been stopped; the number of attempts is bounded by the control center.
    isRetryable: !image && execution.isRetryable,
    timings: image?.timings ?? undefined,
    computedSteps: image?.computedSteps ?? 0,
  });
}
