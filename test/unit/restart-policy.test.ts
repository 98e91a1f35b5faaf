import { expect, it } from 'vitest';
import { delayOfRestart } from '../../src/main/shells/electron/restart-policy.js';

it('starts a core again after a second, three times within a minute', () => {
  expect(delayOfRestart([0])).toBe(1000);
  expect(delayOfRestart([0, 10_000, 20_000])).toBe(1000);
});

it('gives up at the fourth end within a minute', () => {
  expect(delayOfRestart([0, 10_000, 20_000, 30_000])).toBeNull();
});

it('forgets ends that are more than a minute ago', () => {
  expect(delayOfRestart([0, 10_000, 20_000, 61_000])).toBe(1000);
});
