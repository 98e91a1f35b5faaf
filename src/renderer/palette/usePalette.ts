// What the palette shows for what is typed: the commands that are there now, pages that were open, views and settings, and names of the core.
import { computed, type ComputedRef, type Ref } from 'vue';
import { useRouter, type RouteLocationRaw } from 'vue-router';
import { isThere, reasonOf, type Command } from '../commands/command.js';
import { useCommandRegistry } from '../commands/command-registry.js';
import { useApi } from '../composables/useApi.js';
import { useQuery } from '../composables/useQuery.js';
import { useToasts } from '../composables/useToasts.js';
import type { AppErrorShape } from '../../shared/errors.js';
import type { NamedKind } from '../../shared/found-name.js';
import { SETTINGS } from '../views/settings/setting-list.js';
import { SETTINGS_TABS } from '../views/settings/settings-tabs.js';
import { gatherEntries, type SectionOfEntries } from './gather-entries.js';
import { entryOfName, type NameTools } from './name-entries.js';
import type { PaletteEntry, PaletteSection } from './palette-entry.js';
import { entriesOfSettings, withSetting } from './setting-entries.js';
import { readRequest, type PaletteRequest } from './read-request.js';
import type { RecentPage } from './recent-pages.js';

export interface Palette {
  sections: ComputedRef<readonly SectionOfEntries[]>;
  /** Whether the names are those of what is typed now. */
  isSettled: ComputedRef<boolean>;
  error: ComputedRef<AppErrorShape | null>;
  openInNewWindow: (to: RouteLocationRaw) => void;
}

const KINDS: Readonly<Record<PaletteRequest['what'], readonly NamedKind[] | null>> = {
  all: [],
  nodes: ['node'],
  tags: ['tag'],
  commands: null,
  query: null,
};
const MAX_NAMES = 30;
/** Without words the newest names are a hint, no list. */
const MAX_NAMES_UNASKED = 8;

export function usePalette(
  typed: Readonly<Ref<string>>,
  isOpen: Readonly<Ref<boolean>>,
  recent: ComputedRef<readonly RecentPage[]>,
): Palette {
  const api = useApi();
  const router = useRouter();
  const toasts = useToasts();
  const registry = useCommandRegistry();
  const request = computed(() => readRequest(typed.value));

  const asked = computed(() => {
    const kinds = KINDS[request.value.what];
    if (!isOpen.value || kinds === null) return undefined;
    const limit = request.value.words.length === 0 && request.value.what === 'all' ? MAX_NAMES_UNASKED : MAX_NAMES;
    return { words: request.value.words.join(' '), limit, ...(kinds.length > 0 && { kinds: [...kinds] }) };
  });
  const names = useQuery(
    'names.find',
    async (signal) => {
      const input = asked.value;
      return input ? { input: JSON.stringify(input), found: await api.names.find.query(input, { signal }) } : undefined;
    },
    { key: () => asked.value, isKeptWhileLoading: true },
  );
  const isSettled = computed(
    () => asked.value === undefined || names.error.value !== null || names.data.value?.input === JSON.stringify(asked.value),
  );

  const openInNewWindow = (to: RouteLocationRaw): void => void window.open(router.resolve(to).href, '_blank', 'noopener');
  const tools: NameTools = {
    pathOf: (to) => router.resolve(to).path,
    openInNewWindow,
    copy: (text) => {
      navigator.clipboard.writeText(text).then(
        () => toasts.announce('Copied.'),
        () => toasts.reportError({ code: 'unsupported', message: 'The text could not be copied.', hint: text }),
      );
    },
  };
  const found = computed(() => (asked.value === undefined ? [] : (names.data.value?.found ?? []).map((name) => entryOfName(name, tools))));

  const pool = computed<PaletteEntry[]>(() => [
    ...recent.value.map(({ path, title, kind }): PaletteEntry => {
      const known = found.value.find(({ key }) => key === path);
      const actions = known?.actions ?? [{ label: 'Open', to: path }];
      return { key: path, section: 'recent', label: title, detail: known?.detail ?? kind, reason: null, to: path, actions };
    }),
    ...listOfView().map((command) => entryOfCommand(command, 'page')),
    ...found.value,
    ...registry.ofWindow.value
      .filter((command) => isThere(command) && command.id !== 'palette' && !isDoneByView(command))
      .map((command) => withSetting(entryOfCommand(command, isOfGoing(command) ? 'go' : 'help'), command.id, SETTINGS)),
    ...SETTINGS_TABS.map(({ value, label }): PaletteEntry => ({
      ...{ key: `settings:${value}`, section: 'go', label: `Settings: ${label}`, detail: '', reason: null, actions: [] },
      to: { name: 'settings', query: { tab: value } },
    })),
    // Without words they would be more than all else.
    ...entriesOfSettings(request.value.words.length === 0 ? [] : SETTINGS, (id) => registry.ofWindow.value.some((each) => each.id === id)),
  ]);

  /** Of two with the same name the first: a shortcut of the view and the button that does the same. */
  function listOfView(): Command[] {
    const there = registry.ofView.value.filter(isThere);
    return there.filter(({ label }, index) => there.findIndex((other) => other.label === label) === index);
  }

  /** The view has one of the same name, which knows more: a new run of the open testbed. */
  function isDoneByView({ label }: Command): boolean {
    return registry.ofView.value.some((command) => command.label === label && isThere(command) && reasonOf(command) === null);
  }

  const sections = computed<readonly SectionOfEntries[]>(() => {
    const recentKeys = recent.value.map(({ path }) => path);
    const gathered = gatherEntries(pool.value, request.value, recentKeys);
    const { what, text } = request.value;
    if (text === '' || what === 'commands' || what === 'nodes' || what === 'tags') return gathered;
    const inRuns: PaletteEntry = {
      ...{ key: 'search-runs', section: 'search', label: `Search Runs for “${text}”`, detail: '', reason: null, actions: [] },
      to: { name: 'runs', query: { q: text } },
    };
    return [...gathered, { section: 'search', entries: [inRuns] }];
  });

  return { sections, isSettled, error: computed(() => names.error.value), openInNewWindow };
}

const isOfGoing = ({ id }: Command): boolean => id.startsWith('go.') || id.startsWith('open-');

function entryOfCommand(command: Command, section: PaletteSection): PaletteEntry {
  const { id, label, keys, run } = command;
  return { key: `command:${id}`, section, label, detail: '', ...(keys && { keys }), reason: reasonOf(command), run, actions: [] };
}
