import { expect, it } from 'vitest';
import { keyedItems } from '../../../src/renderer/components/keyed-items.js';

it('items of a menu in a head have the keys of a button of the same words, unless they have their own', () => {
  const items = [{ label: 'Archive' }, { label: 'CSV' }, { label: 'Rename', keys: ['r'] as const }];
  expect(keyedItems(items, 'More').map(({ label, keys }) => [label, keys?.join(' ')])).toEqual([
    ['Archive', 'a z'],
    ['CSV', undefined],
    ['Rename', 'r'],
  ]);
});

it('no item has the keys that open its menu', () => {
  expect(keyedItems([{ label: 'PDF' }], 'Export')[0]).toEqual({ label: 'PDF' });
  expect(keyedItems([{ label: 'PDF' }], 'More')[0]).toEqual({ label: 'PDF', keys: ['a', 'e'] });
});
