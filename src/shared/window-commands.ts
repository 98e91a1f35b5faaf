// What the window can be asked for whatever view is open, and by which keys: its palette, its help, the desktop's menu bar and
// docs/window.md are made of this. What a view adds is with the view.

/** Keys pressed one after another, as they are printed: a letter, a name of a key, or one with Ctrl (⌘ on a Mac) or Shift before it. */
export type KeySequence = readonly string[];

/** A view of the navigation. */
export interface WindowView {
  /** Of its route. */
  name: string;
  path: string;
  label: string;
  group: 'none' | 'Lab' | 'Experiments' | 'Results' | 'end';
  /** After `g`. */
  key: string;
}

export const WINDOW_VIEWS = [
  { name: 'overview', path: '/', label: 'Overview', group: 'none', key: 'o' },
  { name: 'testbeds', path: '/testbeds', label: 'Testbeds', group: 'Lab', key: 't' },
  { name: 'models', path: '/models', label: 'Models', group: 'Lab', key: 'm' },
  { name: 'datasets', path: '/datasets', label: 'Datasets', group: 'Lab', key: 'd' },
  { name: 'runs', path: '/runs', label: 'Runs', group: 'Experiments', key: 'r' },
  { name: 'train', path: '/train', label: 'Train', group: 'Experiments', key: 'l' },
  { name: 'gallery', path: '/gallery', label: 'Gallery', group: 'Experiments', key: 'g' },
  { name: 'jobs', path: '/jobs', label: 'Jobs', group: 'Experiments', key: 'j' },
  { name: 'compare', path: '/compare', label: 'Compare', group: 'Results', key: 'c' },
  { name: 'table-v', path: '/table-v', label: 'Table V', group: 'Results', key: 'v' },
  { name: 'reports', path: '/reports', label: 'Reports', group: 'Results', key: 'p' },
  { name: 'settings', path: '/settings', label: 'Settings', group: 'end', key: 's' },
] as const satisfies readonly WindowView[];

export interface WindowCommand {
  id: string;
  label: string;
  keys?: KeySequence;
  /** Which do the same. */
  otherKeys?: KeySequence;
  /** Works while the focus is in a field too. */
  isInFieldsToo?: boolean;
  /** The page that it opens; of others the window knows what they do. */
  path?: string;
  /** Its place in the desktop's menu bar; none where it is left out. */
  menu?: 'file' | 'edit' | 'view' | 'go' | 'help';
}

export const WINDOW_COMMANDS = [
  ...WINDOW_VIEWS.map(({ name, path, label, key }): WindowCommand => ({
    id: `go.${name}`,
    label: `Go to ${label}`,
    keys: ['g', key],
    path,
    menu: 'go',
  })),
  { id: 'new-run', label: 'New run', keys: ['n'], path: '/runs/new', menu: 'file' },
  { id: 'new-series', label: 'New series', keys: ['N'], path: '/runs/new?as=series', menu: 'file' },
  { id: 'new-training', label: 'New training', path: '/train/new', menu: 'file' },
  { id: 'open-series', label: 'All series', path: '/series' },
  { id: 'open-studies', label: 'Studies', path: '/train/studies' },
  { id: 'open-bin', label: 'Bin', path: '/runs/bin', menu: 'go' },
  { id: 'palette', label: 'Search or run a command', keys: ['Ctrl+K'], isInFieldsToo: true, menu: 'view' },
  { id: 'search', label: 'Search in this view', keys: ['/'], otherKeys: ['Ctrl+F'], isInFieldsToo: true },
  { id: 'activity', label: 'Show or hide jobs and notifications', keys: ['Ctrl+J'], isInFieldsToo: true, menu: 'view' },
  { id: 'navigation', label: 'Fold or unfold the navigation', keys: ['Ctrl+B'], isInFieldsToo: true, menu: 'view' },
  { id: 'undo', label: 'Undo the last removal or change', keys: ['Ctrl+Z'] },
  { id: 'next-region', label: 'Next region: navigation, top bar, view, status bar', keys: ['F6'], isInFieldsToo: true },
  { id: 'previous-region', label: 'Previous region', keys: ['Shift+F6'], isInFieldsToo: true },
  { id: 'newest-toast', label: 'Newest message', keys: ['F8'], isInFieldsToo: true },
  { id: 'help', label: 'Help and shortcuts', keys: ['?'], menu: 'help' },
  { id: 'guide', label: 'User guide', path: '/guide', menu: 'help' },
  { id: 'tour', label: 'Tour in three steps', menu: 'help' },
  { id: 'setup', label: 'Setup steps, from unboxed nodes to Table V', path: '/?steps=all', menu: 'help' },
  { id: 'theme.system', label: 'Theme: same as the system' },
  { id: 'theme.light', label: 'Theme: light' },
  { id: 'theme.dark', label: 'Theme: dark' },
  { id: 'single-keys', label: 'Turn single-key shortcuts on or off' },
] as const satisfies readonly WindowCommand[];

/** Keys that lists and layers handle themselves, the same in every view. */
export const COMMON_KEYS: readonly { keys: KeySequence; label: string }[] = [
  { keys: ['↑', '↓', 'Home', 'End', 'Page Up', 'Page Down'], label: 'Move in tables and grids' },
  { keys: ['Enter'], label: 'Open' },
  { keys: ['Space'], label: 'Select' },
  { keys: ['Shift+↑', 'Shift+↓'], label: 'Extend the selection' },
  { keys: ['Ctrl+A'], label: 'Select all results' },
  { keys: ['Alt+↑', 'Alt+↓'], label: 'Move a waiting job up or down' },
  { keys: ['[', ']'], label: 'Previous or next run of a series' },
  { keys: ['Esc'], label: 'Close the top layer, then clear the selection' },
];
