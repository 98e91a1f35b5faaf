import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import type { GalleryImage } from '../../../shared/gallery.js';
import { countSelected, hasImage, NOTHING_SELECTED, withImages, type ImageSelection } from './image-selection.js';
import type { GalleryList } from './useGalleryList.js';

interface SelectionOfList {
  selection: ShallowRef<ImageSelection>;
  count: ComputedRef<number>;
  has: (taskId: string) => boolean;
  select: (image: GalleryImage, isSelected: boolean) => void;
  /** Selects a stretch of the list, both ends included, in any order. */
  extend: (from: number, to: number) => Promise<void>;
  /** The first of the selected tasks, in the order of the list where all are selected. */
  ids: (limit: number) => Promise<string[]>;
}

/** What of a list is selected. */
export function useImageSelection({ total, taskIdsOf }: Pick<GalleryList, 'total' | 'taskIdsOf'>): SelectionOfList {
  const selection = shallowRef(NOTHING_SELECTED);
  const has = (taskId: string): boolean => hasImage(selection.value, taskId);
  return {
    selection,
    count: computed(() => countSelected(selection.value, total.value)),
    has,
    select({ taskId }, isSelected) {
      selection.value = withImages(selection.value, [taskId], isSelected);
    },
    async extend(from, to) {
      const taskIds = await taskIdsOf(Math.min(from, to), Math.max(from, to));
      selection.value = withImages(selection.value, taskIds, true);
    },
    async ids(limit) {
      const { isAll, taskIds } = selection.value;
      if (!isAll) return [...taskIds].slice(0, limit);
      const all = await taskIdsOf(0, Math.min(total.value - 1, limit + taskIds.size));
      return all.filter(has).slice(0, limit);
    },
  };
}
