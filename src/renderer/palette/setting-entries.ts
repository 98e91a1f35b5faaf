// Settings as the palette lists them: each once. One that commands of the window set is listed by them, and its place is what else a line opens.
import type { SettingEntry } from '../views/settings/setting-list.js';
import type { PaletteEntry } from './palette-entry.js';

const placeOf = ({ tab, id }: SettingEntry): PaletteEntry['to'] => ({ name: 'settings', query: { tab, setting: id } });

/** `isThere`: whether the palette has a command of that id. */
export function entriesOfSettings(settings: readonly SettingEntry[], isThere: (commandId: string) => boolean): PaletteEntry[] {
  return settings
    .filter(({ commandIds }) => !commandIds?.some(isThere))
    .map((setting) => ({
      ...{ key: `setting:${setting.id}`, section: 'go', label: `Setting: ${setting.title}`, detail: setting.sentence },
      ...{ reason: null, actions: [], to: placeOf(setting) },
    }));
}

/** The line of a command that sets a setting: found by the setting's words too. Another line stays as it is. */
export function withSetting(entry: PaletteEntry, commandId: string, settings: readonly SettingEntry[]): PaletteEntry {
  const setting = settings.find(({ commandIds }) => commandIds?.includes(commandId));
  if (!setting) return entry;
  const to = placeOf(setting);
  return { ...entry, detail: `Setting: ${setting.title}`, actions: [...entry.actions, { label: 'Open in Settings', ...(to && { to }) }] };
}
