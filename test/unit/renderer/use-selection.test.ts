import { describe, expect, it } from 'vitest';
import { shallowRef } from 'vue';
import { useSelection } from '../../../src/renderer/composables/useSelection.js';

describe('useSelection', () => {
  it('gives the chosen items in the order of the list, whatever the order of choosing', () => {
    const items = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
    const { selected, select } = useSelection(() => items);
    select({ id: 'c' }, true);
    select({ id: 'a' }, true);
    expect(selected.value.map(({ id }) => id)).toEqual(['a', 'c']);
    select({ id: 'c' }, false);
    expect(selected.value.map(({ id }) => id)).toEqual(['a']);
  });

  it('forgets what has left the list', () => {
    const items = shallowRef([{ id: 'a' }, { id: 'b' }]);
    const { selected, select } = useSelection(() => items.value);
    select({ id: 'a' }, true);
    items.value = [{ id: 'b' }];
    expect(selected.value).toEqual([]);
  });
});
