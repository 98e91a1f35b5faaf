import { describe, expect, it } from 'vitest';
import { compareCurves, compareTotals } from '../../../src/main/domain/records/compare-outcomes.js';
import { buildEpisode } from '../renderer/train/training-fixture.js';

describe('what came of it again', () => {
  it('is bit-equal whatever CPU time it took', () => {
    const then = [1, 2].map((episode) => buildEpisode(episode, { cpuMs: 10 }));
    const now = [1, 2].map((episode) => buildEpisode(episode, { cpuMs: 900 }));
    expect(compareCurves(then, now)).toEqual({ isBitEqual: true, outcome: 'The learning curve is bit-equal over all 2 episodes.' });
  });

  it('names the first episode that differs, by the smallest difference that a number can have', () => {
    const then = [1, 2, 3].map((episode) => buildEpisode(episode, { meanDelaySec: 0.1 + 0.2 }));
    const now = then.map((point) => (point.episode === 2 ? { ...point, meanDelaySec: 0.3 } : point));
    expect(compareCurves(then, now)).toEqual({ isBitEqual: false, outcome: 'The learning curve differs from episode 2 on.' });
  });

  it('says how far two curves go', () => {
    const then = [1, 2, 3].map((episode) => buildEpisode(episode));
    expect(compareCurves(then, then.slice(0, 2)).outcome).toBe('The curves are bit-equal as far as both go: 3 and 2 episodes.');
  });

  it('tells the totals of runs with their change', () => {
    expect(compareTotals(100_000, 110_000).outcome).toContain('Total delay 100.00 s then, 110.00 s again (+10');
    expect(compareTotals(null, 1).outcome).toBe('One of the two has no total delay.');
  });
});
