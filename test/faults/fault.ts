// What one fault of the suite is.
import type { FaultHarness } from './fault-harness.js';

export interface Fault {
  /** As --only takes it, and as docs/faults.md lists it. */
  name: string;
  /** In the short form too, which `npm run check` runs. */
  isShort: boolean;
  /** How often it is injected, each time from another seed; 1 when absent. */
  copies?: { short: number; long: number };
  /** Why this machine can't do it, in words that follow "not run: "; null when it can. */
  whyNot?(): string | null;
  /** Injects it into a program of its own, and holds what comes of it against the invariants. Throws what is violated. */
  inject(harness: FaultHarness): Promise<void>;
}

/** A promise that the program did not keep. */
export class Violation extends Error {}

/** Throws a Violation unless it is so. */
export function hold(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new Violation(otherwise);
}

/** The run's reasons for being invalid name the node. */
export function holdNamed({ validity }: { validity: { reasons: readonly string[] } }, { name }: { name: string }): void {
  hold(
    validity.reasons.some((reason) => reason.includes(name)),
    `The run does not name ${name}: ${validity.reasons.join(' ')}`,
  );
}
