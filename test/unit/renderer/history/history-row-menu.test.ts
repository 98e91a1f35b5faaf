import { expect, it, vi } from 'vitest';
import { listRowCommands } from '../../../../src/renderer/views/history/history-row-menu.js';
import type { HistoryEntry } from '../../../../src/shared/history.js';

const entry = (change: Partial<HistoryEntry>): HistoryEntry =>
  ({ kind: 'run', id: 'run-1', name: 'Night', state: 'succeeded', isStarred: false, note: null, tags: [], ...change }) as HistoryEntry;

function menuOf(...entries: HistoryEntry[]) {
  const commands = { open: vi.fn(), go: vi.fn(), tag: vi.fn(), note: vi.fn(), star: vi.fn(), moveToBin: vi.fn() };
  const items = listRowCommands(entries, commands);
  const item = (label: string) => {
    const found = items.find((each) => each.label === label);
    if (!found) throw new Error(`There is no ${label} in ${items.map((each) => each.label).join(', ')}`);
    return found;
  };
  return { items, item, commands };
}

it('of one run has all that can be done with it', () => {
  const { items, item, commands } = menuOf(entry({}));
  expect(items.map(({ label }) => label)).toEqual(['Open', 'Compare with other runs', 'Tag', 'Star', 'Write a note', 'Move to bin']);
  item('Compare with other runs').select?.();
  expect(commands.go).toHaveBeenCalledWith({ name: 'compare', query: { runs: 'run-1' } });
});

it('of several is about all of them', () => {
  const { items, item, commands } = menuOf(entry({}), entry({ id: 'run-2', isStarred: true }));
  expect(items.map(({ label }) => label)).toEqual(['Compare 2 runs', 'Tag', 'Star', 'Move to bin']);
  item('Star').select?.();
  expect(commands.star).toHaveBeenCalledWith(true);
});

it('keeps what can not be done, with the reason', () => {
  const { item } = menuOf(entry({ state: 'running' }));
  expect(item('Compare').reason).toBe('Select 2 or more runs to compare them');
  expect(item('Move to bin').reason).toBe('Night has not ended');
});
