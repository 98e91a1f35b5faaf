import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createApp, effectScope, shallowRef } from 'vue';
import { createToasts } from '../../../src/renderer/composables/useToasts.js';
import { createUndo, UNDO_KEY } from '../../../src/renderer/composables/useUndo.js';
import { findSettings, SETTINGS } from '../../../src/renderer/views/settings/setting-list.js';
import { SETTINGS_TABS } from '../../../src/renderer/views/settings/settings-tabs.js';
import { useSetting } from '../../../src/renderer/views/settings/useSetting.js';

const idsOf = (typed: string): string[] => findSettings(typed).map(({ id }) => id);

describe('the search over settings', () => {
  it('finds by words of title, sentence and synonyms, whatever their case and order', () => {
    expect(idsOf('theme')[0]).toBe('theme');
    expect(idsOf('DARK')).toContain('theme');
    expect(idsOf('tables durations')[0]).toBe('durations');
    expect(idsOf('electricity')).toEqual(['prices']);
    expect(idsOf('alerts')).toEqual(['notify']);
    expect(idsOf('passw')).toEqual(['vault']);
  });

  it('finds nothing for nothing, and nothing where a word is in none', () => {
    expect(idsOf('  ')).toEqual([]);
    expect(idsOf('theme zebra')).toEqual([]);
  });

  it('puts those first whose title has the words', () => {
    expect(idsOf('platforms')[0]).toBe('platforms');
  });

  it('has an entry for every tab, each id once', () => {
    expect(new Set(SETTINGS.map(({ tab }) => tab))).toEqual(new Set(SETTINGS_TABS.map(({ value }) => value)));
    expect(new Set(SETTINGS.map(({ id }) => id)).size).toBe(SETTINGS.length);
  });
});

describe('a setting', () => {
  it('says each change, takes it back, and knows the way to what it is by itself', async () => {
    const toasts = createToasts();
    const undo = createUndo(toasts);
    const app = createApp({});
    app.provide(UNDO_KEY, undo);
    const stored = shallowRef('system');
    const setting = app.runWithContext(() =>
      effectScope().run(() =>
        useSetting({
          ...{ title: 'Theme', standard: 'system', describe: (value: string) => value.toUpperCase() },
          ...{ get: () => stored.value, set: (next: string) => void (stored.value = next) },
        }),
      ),
    );
    if (!setting) throw new Error('No setting was made');
    expect(setting.isDefault.value).toBe(true);
    setting.value.value = 'dark';
    await setImmediate();
    expect([stored.value, setting.isDefault.value]).toEqual(['dark', false]);
    expect(toasts.items.value.map(({ message }) => message)).toEqual(['Theme: DARK.']);
    setting.reset();
    await setImmediate();
    expect(stored.value).toBe('system');
    await undo.last();
    expect(stored.value).toBe('dark');
    await undo.last();
    expect([stored.value, setting.isDefault.value]).toEqual(['system', true]);
  });
});
