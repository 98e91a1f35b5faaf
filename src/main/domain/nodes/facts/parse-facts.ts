// Facts from the output of the facts command; pure. A node may say anything: unknown lines are passed over, values are bounded and cleaned.
import type { NodeFacts } from '../../../../shared/testbed.js';
import { HARDWARE_SECTIONS, parseHardware } from './hardware-facts.js';
import { JETSON_SECTIONS, parseJetson } from './jetson-facts.js';
import { parseSoftware, SOFTWARE_SECTIONS } from './software-facts.js';
import { splitSections } from './split-sections.js';
import { parseSystem, SYSTEM_SECTIONS } from './system-facts.js';
import type { ClockOffset } from './clock-offset.js';

const NOT_THERE = 127;

/** Every fact that the output does not report, or reports as nonsense, is null. */
export function parseFacts(output: string, readAtMs: number, clock: ClockOffset = { clockOffsetMs: null, clockErrorMs: null }): NodeFacts {
  const { lines: sections, failures } = splitSections(output);
  return {
    ...parseSystem(sections),
    ...parseJetson(sections),
    ...parseSoftware(sections),
    ...parseHardware(sections),
    ...clock,
    unreadTools: listUnread(failures),
    readAtMs,
  };
}

/** Tools that are there and ended with another status than 0; a shell says 127 of what is not there. */
function listUnread(failures: ReadonlyMap<string, number>): NodeFacts['unreadTools'] {
  return [...SYSTEM_SECTIONS, ...JETSON_SECTIONS, ...SOFTWARE_SECTIONS, ...HARDWARE_SECTIONS].flatMap(({ name, tool }) => {
    const status = failures.get(name);
    return tool === undefined || status === undefined || status === NOT_THERE ? [] : [{ tool, status }];
  });
}

/** The major version of `v24.1.0`; null when the text is none. */
export function majorVersion(version: string | null): number | null {
  const match = /^v(\d{1,4})\./.exec(version ?? '');
  return match ? Number(match[1]) : null;
}
