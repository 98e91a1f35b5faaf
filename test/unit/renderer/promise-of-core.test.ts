import { expect, it } from 'vitest';
import { promiseOfCore } from '../../../src/renderer/layout/promise-of-core.js';

it('nothing is promised of data that may be damaged', () => {
  expect(promiseOfCore({ reason: 'database disk image is malformed', hint: null })).toBe('');
  expect(promiseOfCore({ reason: 'The core has ended with code 1.', hint: 'Update the program.' })).toBe('');
  expect(promiseOfCore({ reason: 'The core has ended with code 1.', hint: null })).toMatch(/^Nothing that was saved is lost/);
});
