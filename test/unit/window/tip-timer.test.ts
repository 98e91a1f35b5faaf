import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTipTimer, type TipTimer } from '../../../src/renderer/layout/tip-timer.js';

let shown: (string | null)[];
let timer: TipTimer<string>;

beforeEach(() => {
  vi.useFakeTimers();
  shown = [];
  timer = createTipTimer<string>((anchor) => shown.push(anchor));
});
afterEach(() => vi.useRealTimers());

describe('the time of a tooltip', () => {
  it('opens over what the pointer rests on, and not over what it crosses', () => {
    timer.restOn('Runs');
    vi.advanceTimersByTime(200);
    timer.restOn('Train');
    vi.advanceTimersByTime(399);
    expect(shown).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(shown).toEqual(['Train']);
  });

  it('opens at once from one to the next, also soon after the last has closed', () => {
    timer.restOn('Runs');
    vi.advanceTimersByTime(400);
    timer.restOn('Train');
    timer.restOn(null);
    vi.advanceTimersByTime(150);
    expect(shown).toEqual(['Runs', 'Train', null]);
    timer.restOn('Gallery');
    expect(shown.at(-1)).toBe('Gallery');
    timer.close();
    vi.advanceTimersByTime(301);
    timer.restOn('Jobs');
    expect(shown.at(-1)).toBeNull();
  });

  it('stays while the pointer goes into the tip, and closes once it is over neither', () => {
    timer.restOn('Runs');
    vi.advanceTimersByTime(400);
    timer.restOn(null);
    vi.advanceTimersByTime(100);
    timer.stay();
    vi.advanceTimersByTime(5000);
    expect(shown).toEqual(['Runs']);
    timer.restOn(null);
    vi.advanceTimersByTime(150);
    expect(shown).toEqual(['Runs', null]);
  });

  it('opens at once for the keyboard', () => {
    timer.openAt('Runs');
    expect(shown).toEqual(['Runs']);
    timer.close();
    expect(shown).toEqual(['Runs', null]);
  });

  it('does not open over what was pressed until the pointer has left it', () => {
    timer.restOn('Runs');
    vi.advanceTimersByTime(400);
    timer.press('Runs');
    expect(shown).toEqual(['Runs', null]);
    timer.restOn('Runs');
    vi.advanceTimersByTime(5000);
    expect(shown).toEqual(['Runs', null]);
    timer.restOn(null);
    timer.restOn('Runs');
    vi.advanceTimersByTime(400);
    expect(shown).toEqual(['Runs', null, 'Runs']);
  });
});
