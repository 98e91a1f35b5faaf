import { computed, type ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { useLeaving } from '../../composables/useLeaving.js';
import { readLook, writeLook, type GalleryLook } from './gallery-look.js';

/** The look of the address, and the way to change it: in place, or as a step that Back takes back. */
export function useGalleryLook(): {
  look: ComputedRef<GalleryLook>;
  change: (part: Partial<GalleryLook>, options?: { isStep?: boolean }) => void;
} {
  const route = useRoute();
  const router = useRouter();
  const isLeaving = useLeaving();
  // While another view comes, the address is that one's already: the gallery stays as it is until it is gone.
  const look = computed<GalleryLook>((last) => (route.name === 'gallery' || last === undefined ? readLook(route.query) : last));
  return {
    look,
    change(part, { isStep = false } = {}) {
      // A late change must not bring the gallery back over the view that was gone to meanwhile.
      if (route.name !== 'gallery' || isLeaving()) return;
      const query = writeLook({ ...look.value, ...part });
      void (isStep ? router.push({ query }) : router.replace({ query }));
    },
  };
}
