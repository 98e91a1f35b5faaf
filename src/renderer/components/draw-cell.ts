// What a cell of a table shows, for the rows that draw their cells themselves.
import { Fragment, h, type VNode } from 'vue';
import { cellText, type CellSlots, type DataColumn } from './data-column.js';

/** By the column's slot, else its text. */
export function drawCell<Row>(cells: CellSlots<Row>, column: DataColumn<Row>, row: Row, isCurrent: boolean): VNode {
  const draw = cells[`cell-${column.id}`];
  if (draw) return h(Fragment, draw({ row, isCurrent }));
  const text = cellText(column, row);
  return h('span', { title: text }, text);
}

/** Of a row that is not there yet: a bar in each column that has a name. */
export function drawBar<Row>({ header, isHeaderHidden, align }: DataColumn<Row>): VNode | null {
  if (header === '' || isHeaderHidden) return null;
  return h('span', { class: ['block h-2.5 w-3/5 rounded-sm bg-line', { 'ml-auto': align === 'end' }] });
}
