import { describe, expect, test } from 'vitest';
import { parseFacts } from '../../../src/main/domain/nodes/facts/parse-facts.js';
import { checkFit } from '../../../src/main/domain/nodes/provisioning/check-fit.js';
import { chooseReadingsToDiff, type FactsReading } from '../../../src/shared/facts-reading.js';
import { labelJetpack } from '../../../src/shared/jetpack.js';
import { areSameFacts, diffFacts, listFacts } from '../../../src/shared/list-facts.js';
import { warnAboutFacts } from '../../../src/shared/warn-about-facts.js';

const FACTS = parseFacts(
  '[cpus]\n 8\n[=0]\n[memory]\n MemAvailable: 12000000 kB\n[=0]\n[power_mode]\n NV Power Mode: MAXN\n 0\n[=0]\n[disk]\n df\n /dev/sda1 9 1 8 1% /\n[=0]\n',
  1_000,
);

describe('the difference between two readings', () => {
  test('names what changed, lasting changes first', () => {
    const later = { ...FACTS, memoryAvailableBytes: 5e9, powerMode: 'MODE_30W', powerModeId: 2, readAtMs: 2_000 };

    expect(diffFacts(FACTS, later)).toEqual([
      { name: 'Power mode', before: 'MAXN (0)', after: 'MODE_30W (2)', isLasting: true },
      { name: 'Memory free', before: '12.3 GB', after: '5.0 GB', isLasting: false },
    ]);
  });

  test('tells a fact that only one reading knows', () => {
    expect(diffFacts(FACTS, { ...FACTS, torchVersion: '2.5.0' })).toEqual([
      { name: 'torch', before: null, after: '2.5.0', isLasting: true },
    ]);
  });

  test('is empty for the same facts at another time', () => {
    expect(diffFacts(FACTS, { ...FACTS, readAtMs: 9_000 })).toEqual([]);
  });
});

test('memory that varies by the minute makes no other node, a changed core count does', () => {
  expect(areSameFacts(FACTS, { ...FACTS, memoryAvailableBytes: 1 })).toBe(true);
  expect(areSameFacts(FACTS, { ...FACTS, cpuCount: 4 })).toBe(false);
  expect(areSameFacts(null, FACTS)).toBe(false);
});

describe('the readings to compare', () => {
  const reading = (id: number, moment: FactsReading['moment'], provisioningRunId: string | null): FactsReading => ({
    id,
    moment,
    provisioningRunId,
    facts: FACTS,
  });

  test('are those before and after the last provisioning that has both', () => {
    const readings = [reading(5, 'asked', null), reading(4, 'after', 'p2'), reading(3, 'before', 'p2'), reading(2, 'after', 'p1')];
    expect(chooseReadingsToDiff(readings)).toMatchObject({ before: { id: 3 }, after: { id: 4 } });
  });

  test('are else the last two', () => {
    expect(chooseReadingsToDiff([reading(2, 'asked', null), reading(1, 'before', 'p1')])).toMatchObject({
      before: { id: 1 },
      after: { id: 2 },
    });
  });

  test('are none with fewer than two', () => {
    expect(chooseReadingsToDiff([reading(1, 'before', 'p1')])).toBeNull();
  });
});

test.each([
  ['36.4.4', { label: '6.2.1', treatedAs: null }],
  ['38.2.9', { label: '7.0', treatedAs: null }],
  ['36.9.1', { label: '6.x', treatedAs: '36.x' }],
  ['41.0.0', { label: '7.x', treatedAs: '39.x' }],
  ['32.7.4', { label: '4.x', treatedAs: '32.x' }],
  ['37.1', { label: '6.x', treatedAs: '36.x' }],
  ['nonsense', null],
  [null, null],
])('Jetson Linux %s is labeled %j', (l4tVersion, label) => {
  expect(labelJetpack(l4tVersion)).toEqual(label);
});

test('a clock counts as off only when it is so beyond the error of the measurement', () => {
  expect(warnAboutFacts({ ...FACTS, clockOffsetMs: -90_000, clockErrorMs: 20 })).toEqual([expect.stringContaining('90.0 s behind')]);
  expect(warnAboutFacts({ ...FACTS, clockOffsetMs: 2_400, clockErrorMs: 505 })).toEqual([]);
});

test('a clock that was never set is named by its year, wherever its offset is shown', () => {
  const readAtMs = Date.UTC(2026, 10, 28);
  const facts = { ...FACTS, readAtMs, clockOffsetMs: 90_000 - readAtMs, clockErrorMs: 12 };

  expect(warnAboutFacts(facts)).toEqual([expect.stringContaining('not set: it is in 1970')]);
  expect(listFacts(facts)).toContainEqual({ name: 'Clock offset', text: 'not set: it is in 1970', isLasting: false });
  expect(checkFit({ facts: { ...facts, architecture: 'aarch64', kernel: 'Linux 5.15', diskFreeBytes: 9e9 }, model: null })).toMatchObject({
    why: expect.stringContaining('is in 1970') as string,
  });
});
