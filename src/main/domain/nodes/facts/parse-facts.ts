// Facts from the output of the facts command; pure. A node may say anything: unknown lines are passed over, values are bounded and cleaned.
import type { NodeFacts } from '../../../../shared/testbed.js';
import { parseHardware } from './hardware-facts.js';
import { parseJetson } from './jetson-facts.js';
import { parseSoftware } from './software-facts.js';
import { splitSections } from './split-sections.js';
import { parseSystem } from './system-facts.js';
import type { ClockOffset } from './clock-offset.js';

/** Every fact that the output does not report, or tells as nonsense, is null. */
export function parseFacts(output: string, readAtMs: number, clock: ClockOffset = { clockOffsetMs: null, clockErrorMs: null }): NodeFacts {
  const sections = splitSections(output);
  return {
    ...parseSystem(sections),
    ...parseJetson(sections),
    ...parseSoftware(sections),
    ...parseHardware(sections),
    ...clock,
    readAtMs,
  };
}

/** The major version of `v24.1.0`; null when the text is none. */
export function majorVersion(version: string | null): number | null {
  const match = /^v(\d{1,4})\./.exec(version ?? '');
  return match ? Number(match[1]) : null;
}
