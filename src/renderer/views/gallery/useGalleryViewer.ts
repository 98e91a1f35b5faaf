// The viewer: what it shows is in the address, so that Back closes it. Moving in it moves in the grid.
import { computed, nextTick, ref, watch, type ComputedRef } from 'vue';
import { useApi } from '../../composables/useApi.js';
import { useQuery, type Query } from '../../composables/useQuery.js';
import type { GalleryImage } from '../../../shared/gallery.js';
import type { GalleryLook } from './gallery-look.js';
import type { GalleryList } from './useGalleryList.js';

interface ViewerOptions {
  look: ComputedRef<GalleryLook>;
  change: (part: Partial<GalleryLook>, options?: { isStep?: boolean }) => void;
  list: Pick<GalleryList, 'rows' | 'total'>;
  /** Of a task in the list; null where it is not loaded. */
  indexOf: (taskId: string | null) => number | null;
  /** Brings a place of the list into view. */
  reveal: (index: number) => void;
  focus: (index: number) => void;
}

interface Viewer {
  viewed: Query<GalleryImage>;
  /** Compared with it. */
  pinned: Query<GalleryImage>;
  viewedIndex: ComputedRef<number | null>;
  view: (image: Pick<GalleryImage, 'taskId'>) => void;
  stepViewer: (by: 1 | -1) => void;
  pin: (image: GalleryImage | null) => void;
  closeViewer: () => Promise<void>;
}

export function useGalleryViewer({ look, change, list, indexOf, reveal, focus }: ViewerOptions): Viewer {
  const api = useApi();
  const imageOf = (taskId: () => string | null, isKeptWhileLoading: boolean): Query<GalleryImage> =>
    useQuery('gallery.image', (signal) => api.gallery.image.query({ taskId: taskId() ?? '' }, { signal }), {
      key: () => taskId() ?? undefined,
      isKeptWhileLoading,
    });
  const viewed = imageOf(() => look.value.image, true);
  const pinned = imageOf(() => look.value.compare, false);
  const viewedIndex = computed(() => indexOf(look.value.image));

  /** Of a step beyond what is loaded: taken when its page is there. */
  const nextIndex = ref<number | null>(null);
  watch(
    () => (nextIndex.value === null ? undefined : list.rows.value[nextIndex.value]),
    (image) => {
      if (!image) return;
      nextIndex.value = null;
      change({ image: image.taskId, at: image.taskId });
    },
  );
  function stepViewer(by: 1 | -1): void {
    if (viewedIndex.value === null) return;
    const next = viewedIndex.value + by;
    if (next < 0 || next >= list.total.value) return;
    reveal(next);
    nextIndex.value = next;
  }

  return {
    ...{ viewed, pinned, viewedIndex, stepViewer },
    view: ({ taskId }) => change({ image: taskId, compare: null }, { isStep: true }),
    pin(image) {
      if (image === null) {
        change({ compare: null });
        return;
      }
      const next = list.rows.value[(viewedIndex.value ?? 0) + 1] ?? list.rows.value[(viewedIndex.value ?? 0) - 1];
      if (next) change({ compare: image.taskId, image: next.taskId, at: next.taskId });
    },
    async closeViewer() {
      const index = viewedIndex.value;
      change({ image: null, compare: null });
      await nextTick();
      // The dialog gives the focus back to where it came from; it belongs to the image that was looked at last.
      if (index !== null) setTimeout(() => focus(index));
    },
  };
}
