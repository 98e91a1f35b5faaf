import { expect, it } from 'vitest';
import { fitName } from '../../../src/renderer/charts/fit-name.js';

/** Ten px a character. */
const context = { measureText: (text: string) => ({ width: 10 * text.length }) as TextMetrics };

it('fits a name to the canvas with the end by which it differs', () => {
  expect(fitName(context, 'Night, seed 12', 140)).toBe('Night, seed 12');
  expect(fitName(context, 'Night of the long queues, seed 12', 200)).toBe('Night of t…, seed 12');
  expect(fitName(context, 'Night', 5)).toBe('N…t');
});
