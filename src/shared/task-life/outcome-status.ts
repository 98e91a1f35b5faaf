// The two outcomes that the rules tell apart, written out: the generated file describes every message of the protocol when it is loaded,
// which is too much for programs that only list what has been. The compiler holds the numbers to it.
import type { OutcomeStatus } from '../rpc/gen/agent_pb.js';

/* eslint-disable @typescript-eslint/no-unsafe-enum-assignment -- the compiler refuses a number that is not the member's */
export const SUCCEEDED: OutcomeStatus.SUCCEEDED = 1;
export const CANCELLED: OutcomeStatus.CANCELLED = 3;
