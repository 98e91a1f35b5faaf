// The way to the bin, from any page: at once, with a way back in the toast and by Ctrl+Z.
import type { BinItem } from '../../shared/bin.js';
import { useApi } from './useApi.js';
import { useMutation } from './useMutation.js';
import { useToasts } from './useToasts.js';
import { useUndo } from './useUndo.js';

/** Of one call. */
const MAX_ITEMS = 2000;

export interface Bin {
  /** `subject` is what the toast names: `Training Night`, `3 runs`. Says whether they are in the bin now; a failure is a toast of its own. */
  move: (items: readonly BinItem[], subject: string) => Promise<boolean>;
}

/** `changed` is called when lists are to be loaded again: after the move, and after it was undone. */
export function useBin(changed: () => void): Bin {
  const api = useApi();
  const toasts = useToasts();
  const undo = useUndo();

  return {
    move: (items, subject) =>
      undo.during(async () => {
        const moving = useMutation(() => inChunks(items, (chunk) => api.history.moveToBin.mutate({ items: chunk })), {
          onSuccess: changed,
        });
        await moving.run();
        if (moving.error.value) {
          toasts.reportError(moving.error.value);
          return false;
        }
        undo.offer(`${subject} moved to the bin.`, async () => {
          await inChunks(items, (chunk) => api.history.restore.mutate({ items: chunk }));
          changed();
        });
        return true;
      }),
  };
}

/** One call takes so many; more go one call after the other. */
export async function inChunks<Item>(items: readonly Item[], act: (chunk: Item[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < items.length; start += MAX_ITEMS) await act(items.slice(start, start + MAX_ITEMS));
}
