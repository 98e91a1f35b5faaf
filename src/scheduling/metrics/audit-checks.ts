// Counts comparisons and gathers what does not fit. Tolerances come from where the two values come from, never from what was seen.
import type { AuditFinding, RunAudit } from '../../shared/run-audit.js';

/** Findings that an audit names; the rest is counted. */
const MAX_FINDINGS = 100;
/** What sums of floating-point milliseconds may differ by: a nanosecond, and a billionth of the value. */
const ROUNDING_MS = 1e-6;
const ROUNDING_FRACTION = 1e-9;

export class AuditChecks {
  readonly #findings: AuditFinding[] = [];
  readonly #notChecked: string[] = [];
  #checkCount = 0;
  #findingCount = 0;

  /** `problem` is reported when `holds` is false. */
  that(holds: boolean, subject: string, problem: string): void {
    this.#note(holds, subject, () => problem);
  }

  /** Two values of one figure, up to rounding. Null equals null only. */
  equal(subject: string, what: string, stated: number | null, recomputed: number | null): void {
    const isEqual =
      stated === null || recomputed === null ? stated === recomputed : Math.abs(stated - recomputed) <= toleranceOf(recomputed);
    this.#note(isEqual, subject, () => `${what} is ${show(stated)}, recomputed ${show(recomputed)}.`);
  }

  /** The earlier of two instants of one axis does not lie behind the later one. */
  order(subject: string, earlier: [what: string, atMs: number | null], later: [what: string, atMs: number | null], slackMs = 0): void {
    const [[earlierWhat, earlierMs], [laterWhat, laterMs]] = [earlier, later];
    if (earlierMs === null || laterMs === null) return;
    const isInOrder = earlierMs <= laterMs + slackMs + toleranceOf(laterMs);
    this.#note(isInOrder, subject, () => `${laterWhat} at ${show(laterMs)}, before ${earlierWhat} at ${show(earlierMs)}.`);
  }

  skip(sentence: string): void {
    this.#notChecked.push(sentence);
  }

  report(runId: string): RunAudit {
    return {
      runId,
      checkCount: this.#checkCount,
      findingCount: this.#findingCount,
      findings: this.#findings,
      notChecked: this.#notChecked,
    };
  }

  /** Sentences are made of failures only: a run of 10,000 tasks has a quarter of a million checks. */
  #note(holds: boolean, subject: string, describe: () => string): void {
    this.#checkCount += 1;
    if (holds) return;
    this.#findingCount += 1;
    if (this.#findings.length < MAX_FINDINGS) this.#findings.push({ subject, problem: describe() });
  }
}

function toleranceOf(value: number): number {
  return ROUNDING_MS + ROUNDING_FRACTION * Math.abs(value);
}

function show(value: number | null): string {
  return value === null ? 'nothing' : String(Math.round(value * 1e6) / 1e6);
}
