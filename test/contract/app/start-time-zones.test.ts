// A time that is typed, in zones whose clocks change: a process of its own, as a zone is of a process.
import { execFileSync } from 'node:child_process';
import { beforeAll, expect, it } from 'vitest';
import { buildEntry } from '../../support/build-entry.js';

let bundle: string;

beforeAll(async () => {
  bundle = await buildEntry('src/shared/planned-start.ts');
});

/** At 2026-11-30 12:00 UTC: the instant in ISO, or what is wrong. */
function readIn(zone: string, text: string): string {
  const script = `const { readStartTime } = await import(${JSON.stringify(bundle)});
    const { atMs, problem } = readStartTime(process.argv[1], Date.parse('2026-11-30T12:00Z'));
    process.stdout.write(problem ?? new Date(atMs).toISOString());`;
  const env = { ...process.env, TZ: zone };
  return execFileSync(process.execPath, ['--input-type=module', '-e', script, text], { env, encoding: 'utf8' });
}

it('is by the clock of who types it', () => {
  expect(readIn('Europe/Berlin', '20:00')).toBe('2026-11-30T19:00:00.000Z');
  expect(readIn('Asia/Tokyo', '21:30')).toBe('2026-11-30T12:30:00.000Z');
  expect(readIn('Asia/Tokyo', '20:00')).toContain('20:00 has passed: it is 21:00.');
});

it('is an instant on the right side of a change of the clocks', () => {
  expect(readIn('Europe/Berlin', '2027-03-28 01:30')).toBe('2027-03-28T00:30:00.000Z');
  expect(readIn('Europe/Berlin', '2027-03-28 03:00')).toBe('2027-03-28T01:00:00.000Z');
  expect(readIn('Europe/Berlin', '2027-03-28 02:30')).toContain('02:30 does not exist on 2027-03-28 here');
  // It comes twice: the first.
  expect(readIn('Europe/Berlin', '2027-10-31 02:30')).toBe('2027-10-31T00:30:00.000Z');
  expect(readIn('Europe/Berlin', '2027-10-31 03:30')).toBe('2027-10-31T02:30:00.000Z');
});
