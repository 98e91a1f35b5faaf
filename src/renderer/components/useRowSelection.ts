// Selecting rows of a table one by one, and from one to another with Shift.
import type { Ref } from 'vue';
import { withRow, withRows, type RowSelection } from './row-selection.js';
import type { TableLines } from './useTableLines.js';

interface RowSelectionOptions<Row> {
  selected: Ref<RowSelection<Row>>;
  table: TableLines<Row>;
  rowKey: (row: Row) => string;
  currentIndex: () => number;
}

export interface RowSelecting<Row> {
  isSelected: (row: Row) => boolean;
  set: (index: number, isSelected: boolean) => void;
  /** Where a selection by Shift will start; null: at the line that comes next. */
  startAt: (index: number | null) => void;
  /** Selects everything from the start to this line. */
  extendTo: (index: number) => void;
}

export function useRowSelection<Row>({ selected, table, rowKey, currentIndex }: RowSelectionOptions<Row>): RowSelecting<Row> {
  let start: number | null = null;
  return {
    isSelected: (row) => selected.value.has(rowKey(row)),
    set(index, isSelected) {
      const row = table.rowAt(index);
      if (row === undefined) return;
      start = index;
      selected.value = withRow(selected.value, rowKey(row), row, isSelected);
    },
    startAt(index) {
      if (index === null) start = null;
      else start ??= index;
    },
    extendTo(index) {
      start ??= currentIndex();
      const between = table.lines.value.slice(Math.min(start, index), Math.max(start, index) + 1);
      const rows = between.flatMap((line) => (line.kind === 'row' && line.row !== undefined ? [line.row] : []));
      selected.value = withRows(selected.value, rows, rowKey);
    },
  };
}
