// The parts of Settings; `tab` in the address names the open one.
export const SETTINGS_TABS = [
  { value: 'window', label: 'This window' },
  { value: 'notifications', label: 'Notifications' },
  { value: 'prices', label: 'Prices and energy' },
  { value: 'doctor', label: 'This machine' },
  { value: 'data', label: 'Data' },
  { value: 'secrets', label: 'Secrets' },
  { value: 'events', label: 'Events' },
  { value: 'log', label: 'Log' },
  { value: 'about', label: 'About' },
] as const;

export type SettingsTab = (typeof SETTINGS_TABS)[number]['value'];
