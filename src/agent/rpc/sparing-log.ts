// Lines that a stranger can cause as often as it likes: each kind at most once a minute, with how many were left out, so that no one fills
// the node's disk from outside.
import type { AgentLog, LogFields } from '../log.js';

const PAUSE_MS = 60_000;
/** Kinds remembered at once; beyond that all are forgotten, and start again. */
const MAX_KINDS = 1_000;

export class SparingLog {
  readonly #log: AgentLog;
  readonly #kinds = new Map<string, { atMs: number; leftOut: number }>();

  constructor(log: AgentLog) {
    this.#log = log;
  }

  info(event: string, subject: string, fields: LogFields = {}): void {
    const kind = `${event} ${subject}`;
    const last = this.#kinds.get(kind);
    const nowMs = performance.now();
    if (last && nowMs - last.atMs < PAUSE_MS) {
      last.leftOut++;
      return;
    }
    if (this.#kinds.size >= MAX_KINDS) this.#kinds.clear();
    this.#kinds.set(kind, { atMs: nowMs, leftOut: 0 });
    this.#log.info(event, { subject, ...fields, ...(last && last.leftOut > 0 ? { leftOut: last.leftOut } : {}) });
  }
}
