import { expect, it } from 'vitest';
import { predictionRow } from '../../../src/shared/describe-twin.js';

it('shows no figure that is left out, though the data have it', () => {
  const figure = { name: 'p95 of the service delay', predictedMs: 9_000, measuredMs: 10_000, error: -0.1 };
  expect(predictionRow(figure)).toEqual([figure.name, '9.0 s', '10.0 s', '-10.0 %']);
  expect(predictionRow({ ...figure, leftOut: 'Left out with fewer than 59 tasks' })).toEqual([figure.name, '–', '–', '-']);
});
