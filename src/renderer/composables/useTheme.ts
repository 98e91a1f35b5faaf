import { computed, inject, shallowRef, watch, type ComputedRef, type InjectionKey, type Ref } from 'vue';
import type { ThemeChoice } from '../../shared/api/shell-protocol.js';

export type { ThemeChoice } from '../../shared/api/shell-protocol.js';

export interface Theme {
  choice: Ref<ThemeChoice>;
  /** What is on screen now; charts redraw when it changes. */
  applied: ComputedRef<'light' | 'dark'>;
}

export const THEME_KEY: InjectionKey<Theme> = Symbol('theme');

const STORAGE_KEY = 'dedgeai.theme';

/**
 * Reads the stored choice, follows the system where it says so, and keeps `data-theme` on the document. Once per page. `notifyWindow` hears
 * every choice, the stored one first: the native window has a background, menus and dialogs of its own.
 */
export function createTheme(notifyWindow: (choice: ThemeChoice) => void = () => undefined): Theme {
  const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)');
  const isSystemDark = shallowRef(systemIsDark.matches);
  systemIsDark.addEventListener('change', (event) => (isSystemDark.value = event.matches));
  const choice = shallowRef<ThemeChoice>(readStoredChoice());
  const applied = computed(() => (choice.value === 'system' ? (isSystemDark.value ? 'dark' : 'light') : choice.value));
  watch(applied, (theme) => (document.documentElement.dataset['theme'] = theme), { immediate: true, flush: 'sync' });
  watch(choice, (value) => localStorage.setItem(STORAGE_KEY, value));
  watch(choice, notifyWindow, { immediate: true });
  return { choice, applied };
}

export function useTheme(): Theme {
  const theme = inject(THEME_KEY);
  if (!theme) throw new Error('No theme was provided to the application');
  return theme;
}

function readStoredChoice(): ThemeChoice {
  const stored = localStorage.getItem(STORAGE_KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}
