import { describe, expect, it } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import { usePagedRows } from '../../../src/renderer/composables/usePagedRows.js';

/** A source of `a-0` to `a-4` for the key `a`, in pages of two, that answers when it is told to. */
function open(isKeptWhileLoading: boolean, maxPages?: number) {
  const key = shallowRef('a');
  const waiting: (() => void)[] = [];
  const paged = effectScope().run(() =>
    usePagedRows<string>({
      pageSize: 2,
      isKeptWhileLoading,
      ...(maxPages !== undefined && { maxPages }),
      key: () => key.value,
      loadPage: ({ offset, limit }) => {
        const items = [0, 1, 2, 3, 4].map((index) => `${key.value}-${index}`).slice(offset, offset + limit);
        return new Promise((resolve) => waiting.push(() => resolve({ items, total: 5 })));
      },
    }),
  )!;
  /** Answers everything that was asked until now. */
  async function answer(): Promise<void> {
    for (const resolve of waiting.splice(0)) resolve();
    await nextTick();
    await nextTick();
  }
  return { key, paged, answer };
}

describe('usePagedRows', () => {
  it('empties the list for another key', async () => {
    const { key, paged, answer } = open(false);
    await answer();
    key.value = 'b';
    await nextTick();
    expect(paged.rows.value).toEqual([]);
  });

  it('keeps the rows of the key before until the first page is there, and then has none of them', async () => {
    const { key, paged, answer } = open(true);
    await answer();
    expect(paged.rows.value.slice(0, 2)).toEqual(['a-0', 'a-1']);
    key.value = 'b';
    await nextTick();
    expect(paged.rows.value.slice(0, 2)).toEqual(['a-0', 'a-1']);
    expect(paged.isLoading.value).toBe(true);
    await answer();
    expect(paged.rows.value).toEqual(['b-0', 'b-1', undefined, undefined, undefined]);
  });

  it('loads all pages that are missing, one after the other', async () => {
    const { paged, answer } = open(true);
    await answer();
    const all = paged.loadAll();
    for (let page = 0; page < 3; page += 1) await answer();
    await all;
    expect(paged.rows.value).toEqual(['a-0', 'a-1', 'a-2', 'a-3', 'a-4']);
  });

  it('lets go of the pages farthest from the screen beyond those that are kept, and loads them again when they are seen', async () => {
    const { paged, answer } = open(true, 2);
    await answer();
    paged.showRange(2, 4);
    await answer();
    paged.showRange(4, 5);
    await answer();
    expect(paged.rows.value).toEqual([undefined, undefined, 'a-2', 'a-3', 'a-4']);
    paged.showRange(0, 2);
    await answer();
    expect(paged.rows.value).toEqual(['a-0', 'a-1', 'a-2', 'a-3', undefined]);
  });
});
