// The pages that were open last, for the palette; kept in this browser.
import { useLocalStorage } from '@vueuse/core';
import { computed, watch, type ComputedRef } from 'vue';
import { useRoute } from 'vue-router';
import { usePage } from '../composables/usePage.js';

export interface RecentPage {
  path: string;
  title: string;
  kind: string;
}

const MAX_KEPT = 30;

/** Once per window. Only pages of things count, which have an id in their address: views are found anyway. */
export function useRecentPages(): ComputedRef<readonly RecentPage[]> {
  const route = useRoute();
  const page = usePage();
  const stored = useLocalStorage('dedgeai.recent-pages', '[]');
  const pages = computed<readonly RecentPage[]>(() => readPages(stored.value));

  watch([() => route.path, () => page.name.value?.title], ([path, title]) => {
    if (title === undefined || !page.hasOwnHeading.value || Object.keys(route.params).length === 0 || route.name === 'unknown') return;
    const newest = { path, title: title.slice(0, 500), kind: route.meta.title };
    stored.value = JSON.stringify([newest, ...pages.value.filter((other) => other.path !== path)].slice(0, MAX_KEPT));
  });
  return pages;
}

function readPages(text: string): readonly RecentPage[] {
  try {
    const pages: unknown = JSON.parse(text);
    // Of another version, or not ours: it starts over.
    return Array.isArray(pages) && pages.every(isRecentPage) ? pages : [];
  } catch {
    return [];
  }
}

/** By hand: a schema would bring its library into what every first view loads. */
function isRecentPage(value: unknown): value is RecentPage {
  if (typeof value !== 'object' || value === null) return false;
  const { path, title, kind } = value as Record<keyof RecentPage, unknown>;
  return isShort(path, 500) && isShort(title, 500) && isShort(kind, 50);
}

function isShort(value: unknown, maxLength: number): boolean {
  return typeof value === 'string' && value.length <= maxLength;
}
