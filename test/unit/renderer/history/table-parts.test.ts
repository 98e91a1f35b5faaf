import { describe, expect, it } from 'vitest';
import { fitColumns } from '../../../../src/renderer/components/fit-columns.js';
import { withRow, withRows } from '../../../../src/renderer/components/row-selection.js';
import { layOutLines } from '../../../../src/renderer/components/table-lines.js';

interface Row {
  id: string;
  group: string;
}

const row = (id: string, group = 'a'): Row => ({ id, group });
const lay = (rows: (Row | undefined)[], options: { isGrouped?: boolean; closed?: string[]; open?: string[] } = {}): string[] =>
  layOutLines<Row>({
    rows,
    rowKey: ({ id }) => id,
    groupOf: options.isGrouped ? ({ group }) => ({ key: group, label: group.toUpperCase() }) : null,
    closedGroups: new Set(options.closed),
    openRows: new Set(options.open),
  }).map((line) =>
    line.kind === 'group' ? `${line.label} ${line.count}` : `${line.kind} ${line.kind === 'row' ? line.position : line.key}`,
  );

describe('layOutLines', () => {
  it('keeps rows in their order, each with its detail below it when it is open', () => {
    expect(lay([row('x'), row('y')], { open: ['x'] })).toEqual(['row 0', 'detail x', 'row 1']);
  });

  it('groups rows in the order of the first of each group, and counts the closed ones', () => {
    const rows = [row('x', 'b'), row('y', 'a'), row('z', 'b')];
    expect(lay(rows, { isGrouped: true })).toEqual(['B 2', 'row 0', 'row 2', 'A 1', 'row 1']);
    expect(lay(rows, { isGrouped: true, closed: ['b'] })).toEqual(['B 2', 'A 1', 'row 1']);
  });

  it('has rows that are not loaded yet in place, and behind the groups', () => {
    expect(lay([row('x'), undefined])).toEqual(['row 0', 'row 1']);
    expect(lay([undefined, row('x')], { isGrouped: true })).toEqual(['A 1', 'row 1', 'row 0']);
  });
});

describe('fitColumns', () => {
  const columns = [
    { id: 'name', minWidthPx: 200 },
    { id: 'late', widthPx: 100, hideOrder: 2 },
    { id: 'early', widthPx: 100, hideOrder: 1 },
    { id: 'total', widthPx: 100 },
  ];
  const idsAt = (widthPx: number): string[] => fitColumns(columns, widthPx).shown.map(({ id }) => id);

  it('shows all where there is room', () => {
    expect(idsAt(500)).toEqual(['name', 'late', 'early', 'total']);
  });

  it('lets those with the lowest number go first, and never those without one', () => {
    expect(idsAt(499)).toEqual(['name', 'late', 'total']);
    expect(idsAt(399)).toEqual(['name', 'total']);
    expect(idsAt(10)).toEqual(['name', 'total']);
    expect(fitColumns(columns, 10).hidden.map(({ id }) => id)).toEqual(['late', 'early']);
  });
});

describe('the selection of rows', () => {
  it('adds and removes rows by their keys and leaves the one before as it was', () => {
    const before = withRow<Row>(new Map(), 'x', row('x'), true);
    const after = withRows(before, [row('y'), row('x')], ({ id }) => id);
    expect([...after.keys()]).toEqual(['x', 'y']);
    expect([...withRow(after, 'x', row('x'), false).keys()]).toEqual(['y']);
    expect([...before.keys()]).toEqual(['x']);
  });
});
