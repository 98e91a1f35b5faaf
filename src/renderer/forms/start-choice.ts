// When something is to start, as it is chosen: now, or on a day at a time, by the clock of who chooses. Pure.
import { readStartTime, wordForStart } from '../../shared/planned-start.js';

export interface StartChoice {
  kind: 'now' | 'at';
  /** `2026-11-30` */
  day: string;
  /** `20:00` */
  time: string;
}

const HOUR_MS = 3_600_000;

/** Now; the next full hour is what is offered besides. */
export function emptyStartChoice(nowMs: number): StartChoice {
  return { kind: 'now', ...fieldsOf(Math.floor(nowMs / HOUR_MS) * HOUR_MS + HOUR_MS) };
}

/** At an instant that was chosen before. */
export function startChoiceAt(atMs: number): StartChoice {
  return { kind: 'at', ...fieldsOf(atMs) };
}

/** Undefined: now. `problem`: why nothing can start then, with the remedy. */
export function readStartChoice(
  { kind, day, time }: StartChoice,
  nowMs: number,
): { startAtMs: number | undefined; problem: string | null } {
  if (kind === 'now') return { startAtMs: undefined, problem: null };
  if (day === '' || time === '') return { startAtMs: undefined, problem: 'Enter the day and the time of the start.' };
  const { atMs, problem } = readStartTime(`${day} ${time}`, nowMs);
  return { startAtMs: atMs ?? undefined, problem };
}

function fieldsOf(atMs: number): Pick<StartChoice, 'day' | 'time'> {
  const [day = '', time = ''] = wordForStart(atMs).split(' ');
  return { day, time };
}
