// What can be done to records, one or many at once, wherever they are shown. Whatever takes something away can be undone.
import { useApi } from '../../composables/useApi.js';
import { inChunks, useBin } from '../../composables/useBin.js';
import { useMutation, type Mutation } from '../../composables/useMutation.js';
import { useToasts } from '../../composables/useToasts.js';
import { useUndo } from '../../composables/useUndo.js';
import { itemOf, nameSubject, type MarkedRecord } from './describe-history.js';

type Records = readonly MarkedRecord[];

export interface HistoryActions {
  star: (entries: Records, isStarred: boolean) => Promise<void>;
  tag: (entries: Records, add: readonly string[], remove: readonly string[]) => Promise<boolean>;
  note: Mutation<[entry: MarkedRecord, markdown: string], true>;
  /** Says whether they are there now. */
  moveToBin: (entries: Records) => Promise<boolean>;
}

/** `changed` is called when there is something new to load. */
export function useHistoryActions(changed: () => void): HistoryActions {
  const api = useApi();
  const toasts = useToasts();
  const undo = useUndo();
  const bin = useBin(changed);

  /** A failure has no place of its own where one command is about many rows. */
  async function attempt(act: () => Promise<unknown>): Promise<boolean> {
    const mutation = useMutation(act, { onSuccess: changed });
    await mutation.run();
    if (mutation.error.value) toasts.reportError(mutation.error.value);
    return mutation.error.value === null;
  }

  async function setNote(entry: MarkedRecord, markdown: string): Promise<true> {
    await api.history.note.mutate({ item: itemOf(entry), markdown });
    const before = entry.note ?? '';
    if (before !== '') {
      undo.offer(markdown === '' ? `Note of ${entry.name} removed.` : `Note of ${entry.name} changed.`, async () => {
        await api.history.note.mutate({ item: itemOf(entry), markdown: before });
        changed();
      });
    }
    return true;
  }

  return {
    star: async (entries, isStarred) => {
      await attempt(() => inChunks(entries.map(itemOf), (items) => api.history.star.mutate({ items, isStarred })));
    },
    tag: (entries, add, remove) =>
      undo.during(async () => {
        const isDone = await attempt(() =>
          inChunks(entries.map(itemOf), (items) => api.history.tag.mutate({ items, add: [...add], remove: [...remove] })),
        );
        const had = entries.filter(({ tags }) => remove.some((tag) => tags.includes(tag)));
        if (isDone && had.length > 0) {
          undo.offer(`${remove.map((tag) => `#${tag}`).join(', ')} removed from ${nameSubject(had)}.`, async () => {
            for (const entry of had) {
              const lost = remove.filter((tag) => entry.tags.includes(tag));
              await api.history.tag.mutate({ items: [itemOf(entry)], add: lost, remove: [] });
            }
            changed();
          });
        }
        return isDone;
      }),
    note: useMutation((entry: MarkedRecord, markdown: string) => undo.during(() => setNote(entry, markdown)), { onSuccess: changed }),
    moveToBin: (entries) => bin.move(entries.map(itemOf), nameSubject(entries)),
  };
}
