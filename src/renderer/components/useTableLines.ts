// The lines of a table with groups and opened rows, and what of it is open.
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import type { MaybeLoaded } from './data-column.js';
import { keyOfLine, layOutLines, type RowGroup, type TableLine } from './table-lines.js';

interface TableLinesOptions<Row> {
  rows: () => readonly MaybeLoaded<Row>[];
  rowKey: (row: Row) => string;
  groupOf: () => ((row: Row) => RowGroup) | null;
  /** Whether rows have something to open. */
  canOpen: () => boolean;
}

export interface TableLines<Row> {
  lines: ComputedRef<TableLine<Row>[]>;
  keys: ComputedRef<string[]>;
  /** Undefined of a line that is no row, or is not loaded. */
  rowAt: (index: number) => MaybeLoaded<Row>;
  isOpen: (row: Row) => boolean;
  /** Opens or closes the group or the row of a line; false where there is nothing to open. */
  setOpen: (index: number, isOpen: boolean) => boolean;
}

export function useTableLines<Row>(options: TableLinesOptions<Row>): TableLines<Row> {
  const closedGroups = shallowRef<ReadonlySet<string>>(new Set());
  const openRows = shallowRef<ReadonlySet<string>>(new Set());
  const lines = computed(() =>
    layOutLines<Row>({
      rows: options.rows(),
      rowKey: options.rowKey,
      groupOf: options.groupOf(),
      closedGroups: closedGroups.value,
      openRows: options.canOpen() ? openRows.value : new Set(),
    }),
  );

  function put(set: ShallowRef<ReadonlySet<string>>, key: string, isIn: boolean): void {
    const next = new Set(set.value);
    if (isIn) next.add(key);
    else next.delete(key);
    set.value = next;
  }

  return {
    lines,
    keys: computed(() => lines.value.map(keyOfLine)),
    rowAt(index) {
      const line = lines.value[index];
      return line?.kind === 'row' ? line.row : undefined;
    },
    isOpen: (row) => openRows.value.has(options.rowKey(row)),
    setOpen(index, isOpen) {
      const line = lines.value[index];
      if (line?.kind === 'group') put(closedGroups, line.key, !isOpen);
      else if (line?.kind === 'row' && line.row !== undefined && options.canOpen()) put(openRows, line.key, isOpen);
      else return false;
      return true;
    },
  };
}
