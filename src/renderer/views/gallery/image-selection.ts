// Images that are selected: some by their tasks, or all that are listed but for some. A selection of 50,000 is no list of 50,000. Pure.
import type { GallerySelection } from '../../../shared/api/gallery-inputs.js';

export interface ImageSelection {
  isAll: boolean;
  /** Tasks that are selected; where all are, those that are not. */
  taskIds: ReadonlySet<string>;
}

export const NOTHING_SELECTED: ImageSelection = { isAll: false, taskIds: new Set() };
export const ALL_SELECTED: ImageSelection = { isAll: true, taskIds: new Set() };

export function hasImage({ isAll, taskIds }: ImageSelection, taskId: string): boolean {
  return taskIds.has(taskId) !== isAll;
}

export function countSelected({ isAll, taskIds }: ImageSelection, total: number): number {
  return isAll ? Math.max(0, total - taskIds.size) : taskIds.size;
}

export function withImages(selection: ImageSelection, taskIds: readonly string[], isSelected: boolean): ImageSelection {
  const next = new Set(selection.taskIds);
  for (const taskId of taskIds) {
    if (isSelected === selection.isAll) next.delete(taskId);
    else next.add(taskId);
  }
  return { isAll: selection.isAll, taskIds: next };
}

/** As the API takes it: of the images of a question. */
export function toGallerySelection(
  { isAll, taskIds }: ImageSelection,
  question: Pick<GallerySelection, 'query' | 'runId' | 'sort' | 'asOf'>,
): GallerySelection {
  return { ...question, only: isAll ? null : [...taskIds], except: isAll ? [...taskIds] : [] };
}
