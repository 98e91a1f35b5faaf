// How long each party waits before it stops counting on another; real milliseconds. Together they bound the time from the last fault to
// the end of every task. docs/task-life.md has them side by side.

/** A base station that could not reach an edge server for so long counts its tasks there as lost. What the peer says by itself is no sign. */
export const PEER_LOST_MS = 8_000;
/** A finished result that could not be fetched for so long is given up: the task is re-sent. */
export const FETCH_GIVE_UP_MS = 20_000;
/** A base station asks an edge server this often what became of the tasks that are out there. */
export const CHECK_TASKS_INTERVAL_MS = 1_000;
/** The control center sends the tasks of a base station that was not usable for so long to others. */
export const LEASE_TIMEOUT_MS = 10_000;
/** The control center asks a base station this often which leases it has. */
export const LIST_LEASES_INTERVAL_MS = 5_000;
