import { describe, expect, it } from 'vitest';

import { DAY_MS, whyRenew } from '../../../src/main/adapters/agents/certificate-life.js';

const NOW_MS = Date.UTC(2026, 5, 15);

/** A certificate whose life started and ends so many days from now. */
function lasting(fromDays: number, toDays: number) {
  return { validFromDate: new Date(NOW_MS + fromDays * DAY_MS), validToDate: new Date(NOW_MS + toDays * DAY_MS) };
}

describe('whyRenew', () => {
  it.each([
    ['new', -1, 90],
    ['in its second third', -60, 31],
  ])('leaves a certificate that is %s', (_what, fromDays, toDays) => {
    expect(whyRenew(lasting(fromDays, toDays), NOW_MS)).toBeNull();
  });

  it('renews one in its last third, with the day of its end', () => {
    expect(whyRenew(lasting(-61, 29), NOW_MS)).toBe('was about to end, on 2026-07-14');
  });

  it('renews one that ended, with the day of its end', () => {
    expect(whyRenew(lasting(-100, -10), NOW_MS)).toBe('ended on 2026-06-05');
  });

  it('renews one of 760 days, as they were issued before', () => {
    expect(whyRenew(lasting(-1, 760), NOW_MS)).toBe('was valid for more than 90 days');
  });

  it('renews one from a clock that was ahead', () => {
    expect(whyRenew(lasting(365, 455), NOW_MS)).toBe('is not valid before 2027-06-15');
  });
});
