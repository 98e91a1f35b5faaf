import { expect, it } from 'vitest';
import { PaceMeter } from '../../../src/main/domain/simulation/training/pace-meter.js';

it('knows nothing before a second report', () => {
  const pace = new PaceMeter();
  pace.add(1, 0);
  pace.add(null, 500);
  expect(pace.remainingSec(10)).toBeNull();
});

it('goes by the last episodes, not by the first, which are quicker', () => {
  const pace = new PaceMeter();
  for (let episode = 1; episode <= 10; episode++) pace.add(episode, episode);
  for (let episode = 11; episode <= 20; episode++) pace.add(episode, (episode - 10) * 2000);
  expect(pace.remainingSec(60)).toBeCloseTo(80, 5);
});
