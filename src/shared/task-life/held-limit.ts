// The limit of a node: how many tasks it holds at a time, those that wait and the one that computes. No I/O, no clock.

/** What an edge server says of its queue. */
export interface HeldTasks {
  queueLength: number;
  /** Whether one computes. */
  isDraining: boolean;
}

/** Whether it may take no more. @param limit undefined or 0: it takes what comes */
export function isAtLimit({ queueLength, isDraining }: HeldTasks, limit: number | undefined): boolean {
  return limit !== undefined && limit > 0 && queueLength + (isDraining ? 1 : 0) >= limit;
}
