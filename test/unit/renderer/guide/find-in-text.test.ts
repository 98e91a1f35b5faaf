import { expect, it } from 'vitest';
import { placesIn } from '../../../../src/renderer/views/guide/find-in-text.js';

it('finds every place, whatever the case and however a line is broken, without overlaps', () => {
  expect(placesIn('A run, a Run and\na rerun', 'run')).toEqual([2, 9, 21]);
  expect(placesIn('New\nrun', 'new run')).toEqual([0]);
  expect(placesIn('aaaa', 'aa')).toEqual([0, 2]);
  expect(placesIn('', 'run')).toEqual([]);
});
