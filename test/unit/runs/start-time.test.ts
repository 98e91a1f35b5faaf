// In whatever zone this machine is; changes of the clocks are in test/contract/app/start-time-zones.test.ts.
import { describe, expect, it } from 'vitest';
import { readStartChoice, startChoiceAt } from '../../../src/renderer/forms/start-choice.js';
import { describePlannedStart, formatStart, readStartTime, wordForStart } from '../../../src/shared/planned-start.js';

const utc = (text: string): number => Date.parse(`${text}Z`);
const local = (text: string): number => new Date(text).getTime();
const NOON = local('2026-11-30T13:00');
const read = (text: string, nowMs = NOON): number | string => {
  const { atMs, problem } = readStartTime(text, nowMs);
  return atMs ?? problem;
};

describe('a time that is typed', () => {
  it('is of today, of its day, or with its own offset from UTC', () => {
    expect(read('20:00')).toBe(local('2026-11-30T20:00'));
    expect(read(' 2026-12-01 20:00 ')).toBe(local('2026-12-01T20:00'));
    expect(read('2026-12-01T20:00')).toBe(local('2026-12-01T20:00'));
    expect(read('2026-12-01T20:00Z')).toBe(utc('2026-12-01T20:00'));
    expect(read('2026-12-01T20:00-05:00')).toBe(utc('2026-12-02T01:00'));
  });

  it('is refused in the past, with what it is now and what to do', () => {
    expect(read('12:59')).toBe('12:59 has passed: it is 13:00. Choose a later time, give the day with it, or start now.');
    expect(read('2026-11-30 12:59')).toBe('12:59 has passed: it is 13:00. Choose a later time, or start now.');
    expect(read('2026-11-29 20:00')).toBe('Nov 29, 20:00 has passed: it is Nov 30, 13:00. Choose a later time, or start now.');
    expect(read('2020-01-01 20:00')).toBe('Jan 1, 2020, 20:00 has passed: it is Nov 30, 2026, 13:00. Choose a later time, or start now.');
    expect(read('2028-01-01 20:00')).toBe('Jan 1, 2028, 20:00 is more than a year ahead. Choose an earlier time.');
  });

  it('is refused where it is none', () => {
    for (const text of ['', 'tomorrow', '8 pm', '2026-12-01']) expect(read(text)).toContain('is not a time.');
    for (const text of ['24:00', '12:60']) expect(read(text)).toContain('is not a time of the day.');
    expect(read('2027-02-29 20:00')).toContain('2027-02-29 is not a day of the calendar.');
    expect(read('20:00Z')).toContain('has an offset from UTC but no day.');
  });
});

it('is said as short as it is clear', () => {
  expect(formatStart(local('2026-11-30T20:00'), NOON)).toBe('20:00');
  expect(describePlannedStart({ atMs: local('2026-11-30T20:00'), isMissed: false }, NOON)).toBe('Starts at 20:00');
  expect(describePlannedStart({ atMs: local('2026-12-01T20:00'), isMissed: false }, NOON)).toBe('Starts Dec 1, 20:00');
  expect(describePlannedStart({ atMs: local('2026-11-30T10:00'), isMissed: true }, NOON)).toBe(
    'Was to start at 10:00, when the program was not running',
  );
});

describe('the fields of a form', () => {
  it('say the same instant again', () => {
    const atMs = local('2026-12-01T20:05');
    expect(wordForStart(atMs)).toBe('2026-12-01 20:05');
    expect(readStartChoice(startChoiceAt(atMs), NOON)).toEqual({ startAtMs: atMs, problem: null });
  });

  it('mean now, or say what is missing', () => {
    expect(readStartChoice({ kind: 'now', day: '', time: '' }, NOON)).toEqual({ startAtMs: undefined, problem: null });
    expect(readStartChoice({ kind: 'at', day: '2026-12-01', time: '' }, NOON).problem).toBe('Enter the day and the time of the start.');
  });
});
