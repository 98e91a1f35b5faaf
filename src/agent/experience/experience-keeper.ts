// Decisions of this base station as it saw them, of runs that are to be learned from: in memory, the newest alone, until the control center has
// taken them. Nothing of it is on disk; what a restart loses can be had again from another run.
import type { ServerSeen } from './batch-view.js';

/** A decision whose offer was accepted. */
export interface Experience {
  taskId: string;
  leaseEpoch: number;
  qualitySteps: number;
  /** Ordinal of the edge server. */
  chosen: number;
  /** In ordinal order. */
  servers: ServerSeen[];
}

/** Of a run; later ones take the place of the oldest. */
const MAX_EXPERIENCES = 2000;
/** With more edge servers nothing is kept: what is learned from has no more. */
const MAX_SERVERS = 64;
/** The newest; that of older ones is dropped. */
const MAX_RUNS = 2;

export class ExperienceKeeper {
  readonly #runs = new Map<string, Experience[]>();

  note(runId: string, experience: Experience): void {
    if (experience.servers.length > MAX_SERVERS) return;
    const kept = this.#runs.get(runId) ?? [];
    this.#runs.set(runId, kept);
    kept.push(experience);
    if (kept.length > MAX_EXPERIENCES) kept.shift();
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > MAX_RUNS && oldest !== undefined) this.#runs.delete(oldest);
  }

  /** At most `count` from an index on. */
  list(runId: string, from: number, count: number): Experience[] {
    return (this.#runs.get(runId) ?? []).slice(from, from + count);
  }
}
