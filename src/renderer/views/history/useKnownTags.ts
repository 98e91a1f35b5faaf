import { computed, type ComputedRef } from 'vue';
import { useApi } from '../../composables/useApi.js';
import { useQuery } from '../../composables/useQuery.js';

/** Tags that records have, the completions of `tag:`; none while no one asks. */
export function useKnownTags(isAsked: () => boolean): ComputedRef<string[]> {
  const api = useApi();
  const completion = useQuery('tags', (signal) => api.history.complete.query({ query: 'tag:', cursor: 4 }, { signal }), {
    key: () => (isAsked() ? 'all' : undefined),
  });
  return computed(() => (completion.data.value?.suggestions ?? []).map(({ text }) => text));
}
