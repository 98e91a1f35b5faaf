// Lets waiting runs and series change places on their testbed: by buttons, by keys, and by dragging one onto another.
import { ref, shallowRef, type Ref } from 'vue';
import { useApi } from '../../composables/useApi.js';
import { useMutation } from '../../composables/useMutation.js';
import { useToasts } from '../../composables/useToasts.js';
import type { ActivityEntry } from '../../../shared/activity-entry.js';
import { moveByOne, moveOnto, type QueueMove, type QueuePlace } from './queue-places.js';

export interface QueueMoves {
  byOne: (entry: ActivityEntry, to: QueueMove['to']) => void;
  /** What screen readers hear after a move. */
  said: Readonly<Ref<string>>;
  /** The id of the row that the dragged one would be dropped on. */
  targetId: Readonly<Ref<string | null>>;
  /** Listeners of a row; none of one that has no place to change. */
  dragListeners: (entry: ActivityEntry) => Record<string, (event: DragEvent) => void>;
}

/** `moving` is called before the list says so: who moved it is to keep the focus. */
export function useQueueMoves(
  places: Readonly<Ref<ReadonlyMap<string, QueuePlace>>>,
  moving: (id: string, to: QueueMove['to']) => void,
): QueueMoves {
  const api = useApi();
  const toasts = useToasts();
  const said = ref('');
  const dragged = shallowRef<ActivityEntry | null>(null);
  const targetId = ref<string | null>(null);
  const act = useMutation(async ({ kind, id }: ActivityEntry, { to, places: count }: QueueMove) => {
    if (kind === 'series') await api.series.move.mutate({ id, to, places: count });
    else await api.runs.move.mutate({ id, to, places: count });
  });

  async function move(entry: ActivityEntry, wish: QueueMove | null): Promise<void> {
    const place = places.value.get(entry.id);
    if (!wish || !place) return;
    moving(entry.id, wish.to);
    await act.run(entry, wish);
    if (act.error.value) {
      toasts.reportError(act.error.value);
      return;
    }
    const now = place.index + (wish.to === 'earlier' ? -wish.places : wish.places);
    said.value = `${entry.subject.name} is now ${now + 1} of ${place.queue.length} that wait.`;
  }

  function drop(target: ActivityEntry): void {
    const entry = dragged.value;
    dragged.value = targetId.value = null;
    if (entry) void move(entry, moveOnto(places.value, entry.id, target.id));
  }

  return {
    byOne(entry, to) {
      const place = places.value.get(entry.id);
      if (place) void move(entry, moveByOne(place, to));
    },
    said,
    targetId,
    dragListeners: (entry): Record<string, (event: DragEvent) => void> => {
      if (!places.value.has(entry.id)) return {};
      return {
        dragstart(event) {
          dragged.value = entry;
          event.dataTransfer?.setData('text/plain', entry.subject.name);
        },
        dragover(event) {
          if (!dragged.value || !moveOnto(places.value, dragged.value.id, entry.id)) return;
          event.preventDefault();
          targetId.value = entry.id;
        },
        drop(event) {
          event.preventDefault();
          drop(entry);
        },
        dragend: () => void (dragged.value = targetId.value = null),
      };
    },
  };
}
