import { describe, expect, it } from 'vitest';
import { CareSchedule, type CareScheduleOptions } from '../../../src/main/domain/data-care/care-schedule.js';

const DAY_MS = 86_400_000;
const NOW_MS = 100 * DAY_MS;

async function doneBy(change: Partial<CareScheduleOptions>): Promise<string[]> {
  const done: string[] = [];
  const schedule = new CareSchedule({
    nowMs: () => NOW_MS,
    lastBackupMs: () => NOW_MS - 1,
    lastChangeMs: () => NOW_MS,
    lastCheckMs: () => NOW_MS - 1,
    isBusy: () => false,
    backUp: () => Promise.resolve(void done.push('backup')),
    check: () => Promise.resolve(void done.push('check')),
    ...change,
  });
  await schedule.look();
  return done;
}

describe('the daily care of the data', () => {
  it('does nothing within a day', async () => {
    expect(await doneBy({})).toEqual([]);
  });

  it('backs up and checks what never was', async () => {
    expect(await doneBy({ lastBackupMs: () => null, lastCheckMs: () => null })).toEqual(['backup', 'check']);
  });

  it('makes no backup of what has not changed since the last', async () => {
    expect(await doneBy({ lastBackupMs: () => NOW_MS - 3 * DAY_MS, lastChangeMs: () => NOW_MS - 4 * DAY_MS })).toEqual([]);
  });

  it('waits for a run to end, but not for ever', async () => {
    const late = (days: number): Partial<CareScheduleOptions> => ({ isBusy: () => true, lastCheckMs: () => NOW_MS - days * DAY_MS });
    expect(await doneBy(late(1))).toEqual([]);
    expect(await doneBy(late(2))).toEqual(['check']);
  });

  it('checks also when the backup fails', async () => {
    const failing = { backUp: () => Promise.reject(new Error('no space')), lastBackupMs: () => null, lastCheckMs: () => null };
    expect(await doneBy(failing)).toEqual(['check']);
  });
});
