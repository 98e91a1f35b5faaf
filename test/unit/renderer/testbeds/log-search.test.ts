import { afterEach, beforeEach, expect, it } from 'vitest';
import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue';
import type { LogLine } from '../../../../src/renderer/views/testbeds/provision-log.js';
import { useLogSearch, type LogSearch } from '../../../../src/renderer/views/testbeds/useLogSearch.js';

const line = (text: string, number: number): LogLine => ({
  ...{ key: `node-1:${number}`, nodeId: 'node-1', nodeName: 'orin-1', isError: false },
  ...{ atMs: number, step: null, text },
});

let scope: EffectScope;
let lines: ReturnType<typeof shallowRef<LogLine[]>>;
let shown: number[];
let search: LogSearch;
beforeEach(() => {
  lines = shallowRef([line('one', 0), line('No space left', 1), line('two', 2), line('no space again', 3)]);
  shown = [];
  scope = effectScope();
  search = scope.run(() =>
    useLogSearch(
      () => lines.value ?? [],
      (index) => shown.push(index),
    ),
  )!;
});
afterEach(() => scope.stop());

it('goes to the newest match of what is typed, and around the ends from there', async () => {
  search.text.value = 'NO space';
  await nextTick();
  expect(search.current.value).toMatchObject({ position: 2, index: 3 });
  search.step(1);
  expect(search.current.value).toMatchObject({ position: 1, index: 1 });
  expect(shown).toEqual([3, 1]);
});

it('goes to the first line that matches after the words were typed, and stays there when more come', async () => {
  search.text.value = 'device';
  await nextTick();
  expect([search.count.value, search.current.value]).toEqual([0, null]);
  lines.value = [...(lines.value ?? []), line('no device', 4)];
  await nextTick();
  expect(search.current.value).toMatchObject({ position: 1, index: 4 });
  lines.value = [...lines.value, line('still no device', 5)];
  await nextTick();
  expect([search.count.value, search.current.value?.index]).toEqual([2, 4]);
  expect(shown).toEqual([4]);
});

it('goes to the next match where the log has lost the line that was looked at', async () => {
  search.text.value = 'no space';
  await nextTick();
  search.step(1);
  expect(search.current.value).toMatchObject({ position: 1, index: 1 });
  lines.value = [...(lines.value ?? []).slice(2), line('no space once more', 6)];
  await nextTick();
  expect(search.current.value).toMatchObject({ position: 1, index: 1, key: 'node-1:3' });
  expect([search.count.value, shown.at(-1)]).toEqual([2, 1]);
});
