import { expect, it } from 'vitest';
import { describeStraggler } from '../../../../src/renderer/views/testbeds/node-pace.js';
import { buildNode } from '../../../support/storage-fixtures.js';

it('a node that takes half as long again as on record is a straggler, by what is on record', () => {
  const virtual = buildNode();
  const real = { virtual: null, calibration: null };
  expect(describeStraggler(virtual, 1.49)).toBeNull();
  expect(describeStraggler(virtual, null)).toBeNull();
  expect(describeStraggler(virtual, 2.14)).toBe('2.1× slower than set');
  expect(describeStraggler(real, 1.5)).toBe('1.5× slower than expected');
});
