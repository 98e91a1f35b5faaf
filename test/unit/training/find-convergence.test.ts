import { expect, it } from 'vitest';
import { findConvergence } from '../../../src/main/domain/simulation/training/find-convergence.js';

const constant = (length: number, value: number): number[] => new Array<number>(length).fill(value);

it('is the first episode from which on the curve stays at its level', () => {
  expect(findConvergence([...constant(12, 3), ...constant(28, 1)])).toBe(13);
});

it('is the first episode of a curve that never moved', () => {
  expect(findConvergence(constant(20, 1.2))).toBe(1);
});

it('comes after the last departure from the level', () => {
  expect(findConvergence([...constant(10, 1), ...constant(5, 2), ...constant(25, 1)])).toBe(16);
});

it('bears single episodes that differ', () => {
  const curve = [...constant(10, 3), ...constant(30, 1)];
  curve[20] = 1.2;
  expect(findConvergence(curve)).toBe(11);
});

it('is unknown below 20 episodes', () => {
  expect(findConvergence(constant(19, 1))).toBeNull();
});

it('is unknown while the curve still falls', () => {
  expect(findConvergence(Array.from({ length: 40 }, (_, index) => 41 - index))).toBeNull();
});
