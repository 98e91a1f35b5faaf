// The pages that were open last, for the palette; kept in this browser.
import { useLocalStorage } from '@vueuse/core';
import { computed, watch, type ComputedRef } from 'vue';
import { useRoute } from 'vue-router';
import { z } from 'zod';
import { usePage } from '../composables/usePage.js';

const recentPagesSchema = z.array(z.object({ path: z.string().max(500), title: z.string().max(500), kind: z.string().max(50) }));
export type RecentPage = z.infer<typeof recentPagesSchema>[number];

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
    return recentPagesSchema.parse(JSON.parse(text));
  } catch {
    // Of another version, or not ours: it starts over.
    return [];
  }
}
