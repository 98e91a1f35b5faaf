// The two outcomes that the rules tell apart, written out: the generated file describes every message of the protocol when it is loaded,
// which is too much for programs that only list what has been. The compiler holds the numbers to it.
import type { OutcomeStatus } from '../rpc/gen/agent_pb.js';

export const SUCCEEDED: OutcomeStatus.SUCCEEDED = 1;
export const CANCELLED: OutcomeStatus.CANCELLED = 3;
