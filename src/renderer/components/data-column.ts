import type { VNode } from 'vue';

/** One column of a DataTable. A slot `cell-<id>` ({ row }) replaces the plain text. */
export interface DataColumn<Row> {
  id: string;
  header: string;
  /** Its name is for screen readers alone, as of a column of buttons that say what they do. */
  isHeaderHidden?: boolean;
  /** What sorting compares and, without `text` and slot, what is shown. Null sorts last. */
  value: (row: Row) => string | number | boolean | null;
  text?: (row: Row) => string;
  align?: 'start' | 'end';
  /** Fixed width in px; columns without one share the rest. */
  widthPx?: number;
  /** What a column without a fixed width keeps in a narrow window, in px; 140 by default. */
  minWidthPx?: number;
  isSortable?: boolean;
  /** Where the table is too narrow for all, the column with the lowest number goes first; one without a number stays. */
  hideOrder?: number;
  /** Explains the header in a tooltip. */
  hint?: string;
}

/** What draws the cells of columns that are more than text, by `cell-<id>`. */
export type CellSlots<Row> = Readonly<Record<string, ((scope: { row: Row; isCurrent: boolean }) => VNode[]) | undefined>>;

/** What a cell says that no slot draws. */
export function cellText<Row>(column: DataColumn<Row>, row: Row): string {
  return column.text ? column.text(row) : String(column.value(row) ?? '–');
}

/** A row of a list that is loaded page by page; undefined until its page is there. */
export type MaybeLoaded<Row> = Row | undefined;

export interface TableSort {
  columnId: string;
  isDescending: boolean;
}

/** Order of two cell values: numbers by size, text by language with numbers inside it by size, null last in both directions. */
export function compareCells(
  left: string | number | boolean | null,
  right: string | number | boolean | null,
  isDescending: boolean,
): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
  const order = typeof left === 'string' && typeof right === 'string' ? collator.compare(left, right) : Number(left) - Number(right);
  return isDescending ? -order : order;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
