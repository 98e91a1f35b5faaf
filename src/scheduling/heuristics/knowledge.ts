// What a heuristic may know: one type for each kind of knowledge, and what the kind means in words. A heuristic is handed an object of the
// type that its row names and nothing else, so it cannot see more than the row says.
//
//   servers  <  speeds  <  reports            what a station can know by itself, in the simulator as on a testbed
//               speeds  <  queues  <  slot    what only the simulator can know

/** Which edge servers there are. All that is known of a batch: tasks are 0 to `taskCount` - 1, those of this station alone. */
export interface KnownServers {
  readonly taskCount: number;
  /** The station's local server. */
  readonly local: number;
  /** B; servers are 0 to B - 1. */
  readonly serverCount: number;
  /** Servers that can be chosen, ascending; never empty. In the simulator all. */
  readonly reachable: readonly number[];
  isReachable(server: number): boolean;
}

/** How fast they are. */
export interface KnownSpeeds extends KnownServers {
  /** By server, in a unit that is the same for all: Gigacycles/s in the simulator, mean tasks of the batch a second on a testbed. */
  readonly speeds: ArrayLike<number>;
}

/** How long a task would take, behind what waits at each server. */
interface KnownDelays extends KnownSpeeds {
  /** Size of a task's work, to compare tasks: Gigacycles in the simulator, denoising steps on a testbed. */
  work(task: number): number;
  computeSec(task: number, server: number): number;
  /** Expected service delay: waiting, transmission, and computation. */
  delaySec(task: number, server: number): number;
  /** The server of least `delaySec` among these, the first of equals. */
  leastDelay(task: number, among: readonly number[]): number;
}

/** Queues as they were last reported, the same at the start of every batch, and the station's own links. */
export interface KnownReports extends KnownDelays {
  /** Reckons with a task at a server for the rest of the batch, so many times. What a station places is not reckoned with by itself. */
  expect(task: number, server: number, times?: number): void;
}

/** Queues as they truly are, no matter who filled them; what this station places counts at once. */
export type KnownQueues = KnownDelays;

/** The same, and all tasks of the slot, of all stations. */
export interface KnownSlot extends KnownQueues {
  /** Work of every task of the slot, Gigacycles, ascending. */
  slotWork(): ArrayLike<number>;
}

export interface Knowledge {
  servers: KnownServers;
  speeds: KnownSpeeds;
  reports: KnownReports;
  queues: KnownQueues;
  slot: KnownSlot;
}

export type KnowledgeKind = keyof Knowledge;

interface KnowledgeWords {
  /** What it must know to decide, in one phrase. */
  phrase: string;
  /** Why it cannot schedule runs; null where it can. */
  whyNotOnTestbed: string | null;
}

export const KNOWLEDGE = {
  servers: { phrase: 'nothing', whyNotOnTestbed: null },
  speeds: { phrase: 'capacities', whyNotOnTestbed: null },
  reports: { phrase: 'capacities, own links, backlogs as of the last report (the last slot)', whyNotOnTestbed: null },
  queues: {
    phrase: 'everything up to the task in hand, all base stations',
    whyNotOnTestbed: 'No base station of a testbed knows what the others send at the same moment.',
  },
  slot: {
    phrase: 'everything up to the task in hand, all base stations, and the work of the whole slot',
    whyNotOnTestbed: 'No base station of a testbed knows which tasks arrive at the others.',
  },
} as const satisfies Record<KnowledgeKind, KnowledgeWords>;

/** Kinds that a station of a testbed has too. */
export type StationKnowledgeKind = {
  [Kind in KnowledgeKind]: (typeof KNOWLEDGE)[Kind]['whyNotOnTestbed'] extends null ? Kind : never;
}[KnowledgeKind];
