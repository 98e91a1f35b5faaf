import { describe, expect, it } from 'vitest';
import { gatherEntries } from '../../../src/renderer/palette/gather-entries.js';
import type { PaletteEntry, PaletteSection } from '../../../src/renderer/palette/palette-entry.js';
import { entriesOfSettings, withSetting } from '../../../src/renderer/palette/setting-entries.js';
import { readRequest } from '../../../src/renderer/palette/read-request.js';
import { SETTINGS } from '../../../src/renderer/views/settings/setting-list.js';
import { WINDOW_COMMANDS } from '../../../src/shared/window-commands.js';

const entry = (section: PaletteSection, label: string, change: Partial<PaletteEntry> = {}): PaletteEntry => ({
  ...{ key: `${section}:${label}`, section, label, detail: '', reason: null, actions: [] },
  ...change,
});
const shown = (pool: PaletteEntry[], typed: string, recent: string[] = []): string[] =>
  gatherEntries(pool, readRequest(typed), recent).flatMap(({ entries }) => entries.map(({ label }) => label));

describe('what is typed', () => {
  it.each([
    ['night 3', 'all', 'night 3'],
    ['> new run', 'commands', 'new run'],
    ['@node-3', 'nodes', 'node-3'],
    ['#overnight', 'tags', 'overnight'],
    ['scheduler:lad-ts n:>=500', 'query', 'scheduler:lad-ts n:>=500'],
    ['dog -tag:draft', 'query', 'dog -tag:draft'],
    ['ratio 3:4', 'all', 'ratio 3:4'],
  ])('%s asks for %s', (typed, what, text) => expect(readRequest(typed)).toMatchObject({ what, text }));
});

describe('the lines', () => {
  it('stand in the order of their sections without words', () => {
    const pool = [entry('help', 'Help'), entry('names', 'Night'), entry('recent', 'Old run'), entry('page', 'Pause')];
    expect(shown(pool, '')).toEqual(['Old run', 'Pause', 'Night', 'Help']);
  });

  it('bring the section of the best match first', () => {
    const pool = [entry('page', 'Star this overnight run'), entry('names', 'Night 3'), entry('go', 'Go to the midnight view')];
    expect(shown(pool, 'night')[0]).toBe('Night 3');
  });

  it('put what was used last before its equals', () => {
    const pool = [entry('names', 'Run 1', { key: 'a' }), entry('names', 'Run 2', { key: 'b' })];
    expect(shown(pool, 'run', ['b'])).toEqual(['Run 2', 'Run 1']);
  });

  it('show a thing once, and what can not be run with its reason', () => {
    const pool = [
      entry('recent', 'Night', { key: '/runs/1' }),
      entry('names', 'Night', { key: '/runs/1' }),
      entry('page', 'Pause', { reason: 'The run has ended' }),
    ];
    expect(shown(pool, 'night')).toEqual(['Night']);
    const [section] = gatherEntries(pool, readRequest('pause'), []);
    expect(section?.entries).toMatchObject([{ label: 'Pause', reason: 'The run has ended' }]);
  });

  it('are commands only after >, and names only after @ and #', () => {
    const pool = [entry('names', 'Pause lab'), entry('page', 'Pause'), entry('recent', 'Pause test')];
    expect(shown(pool, '>pause')).toEqual(['Pause']);
    expect(shown(pool, '@pause')).toEqual(['Pause lab']);
    expect(shown(pool, 'name:pause')).toEqual([]);
  });
});

describe('a setting', () => {
  const commandIds: readonly string[] = WINDOW_COMMANDS.map(({ id }) => id);
  const pool = [
    ...WINDOW_COMMANDS.map(({ id, label }) => withSetting(entry('help', label, { key: `command:${id}` }), id, SETTINGS)),
    ...entriesOfSettings(SETTINGS, (id) => commandIds.includes(id)),
  ];

  it('is listed once: by the commands that set it, where there are any', () => {
    expect(shown(pool, 'theme').toSorted()).toEqual(['Theme: dark', 'Theme: light', 'Theme: same as the system']);
    expect(shown(pool, 'single-key shortcuts')).toEqual(['Turn single-key shortcuts on or off']);
    expect(shown(pool, 'durations')).toEqual(['Setting: Durations in tables']);
  });

  it('is a Tab away from its command, in Settings', () => {
    const [line] = gatherEntries(pool, readRequest('theme dark'), [])[0]?.entries ?? [];
    expect(line?.actions).toEqual([{ label: 'Open in Settings', to: { name: 'settings', query: { tab: 'window', setting: 'theme' } } }]);
  });

  it('names only commands that there are', () => {
    expect(SETTINGS.flatMap(({ commandIds: ids }) => ids ?? []).filter((id) => !commandIds.includes(id))).toEqual([]);
  });
});
