import { computed, type ComputedRef } from 'vue';
import { useRoute, useRouter, type RouteLocationResolved } from 'vue-router';

/** The list that a page is of: `/runs` of `/runs/run-1`. Undefined for a page that is of none. */
export function useParentPage(path?: () => string): ComputedRef<{ label: string; to: string } | undefined> {
  const route = useRoute();
  const router = useRouter();
  return computed(() => {
    const own: RouteLocationResolved = router.resolve(path?.() ?? route.path);
    const { name, path: parent, meta } = router.resolve(own.path.slice(0, own.path.lastIndexOf('/')) || '/');
    const isList = name !== 'unknown' && name !== 'overview' && name !== own.name;
    return isList ? { label: meta.title, to: parent } : undefined;
  });
}
