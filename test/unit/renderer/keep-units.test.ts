import { expect, it } from 'vitest';
import { keepUnits } from '../../../src/renderer/format.js';

it('keeps each figure and its unit on one line, and lets other words break', () => {
  expect(keepUnits('19.9 s; real time 148 ms')).toBe('19.9\u00A0s; real time 148\u00A0ms');
  expect(keepUnits('37.9 % of 5 steps')).toBe('37.9\u00A0% of 5 steps');
});
