// How far a run is, and what held it up. Instants are model ms after the run's start.

/** How long a run will still take, model ms; both ends are the same where nothing speaks for a range. */
export interface RemainingRange {
  lowMs: number;
  highMs: number;
}

/** From when to when a node of a run could not be reached; `toMs` null while that lasts. */
export interface NodeLoss {
  nodeId: string;
  fromMs: number;
  toMs: number | null;
}

/** A run that stood still: at which instant of its clock, and for how long in REAL ms; null while it does. */
export interface RunStandstill {
  atMs: number;
  realMs: number | null;
}

/** What held a run up, each the oldest first. */
export interface RunInterruptions {
  losses: NodeLoss[];
  standstills: RunStandstill[];
}
