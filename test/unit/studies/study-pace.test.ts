import { expect, it } from 'vitest';
import { StudyPace } from '../../../src/main/domain/simulation/studies/study-pace.js';

it('knows nothing before the first episodes', () => {
  expect(new StudyPace().remainingSec([{ method: 'lad-ts', episodes: 10 }], 2)).toBeNull();
});

it('goes by the pace of each method, shared by the processes', () => {
  const pace = new StudyPace();
  pace.add('lad-ts', 10, 20);
  pace.add('opt-ts', 10, 1);
  const left = [
    { method: 'lad-ts', episodes: 5 },
    { method: 'opt-ts', episodes: 20 },
  ];
  expect(pace.remainingSec(left, 2)).toBeCloseTo(6);
});

it('takes a method that it has not seen for a usual one', () => {
  const pace = new StudyPace();
  pace.add('lad-ts', 10, 20);
  pace.add('sac-ts', 10, 40);
  expect(pace.remainingSec([{ method: 'dqn-ts', episodes: 10 }], 1)).toBeCloseTo(30);
});
