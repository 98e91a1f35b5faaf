// What a table with groups and opened rows has from top to bottom, one line after the other.
import type { MaybeLoaded } from './data-column.js';

export interface RowGroup {
  key: string;
  label: string;
}

type GroupLine = RowGroup & { kind: 'group'; count: number; isOpen: boolean };

export type TableLine<Row> =
  | GroupLine
  /** `position` is that in the list of rows, whatever stands between them. */
  | { kind: 'row'; row: MaybeLoaded<Row>; position: number; key: string }
  /** What the columns have no room for, below its row. */
  | { kind: 'detail'; row: Row; key: string };

interface LineOptions<Row> {
  rows: readonly MaybeLoaded<Row>[];
  rowKey: (row: Row) => string;
  /** Null: no groups. Rows that are not loaded yet come after the groups. */
  groupOf: ((row: Row) => RowGroup) | null;
  closedGroups: ReadonlySet<string>;
  openRows: ReadonlySet<string>;
}

/** Groups stand in the order of their first rows, and rows within one in the order that they have. */
export function layOutLines<Row>(options: LineOptions<Row>): TableLine<Row>[] {
  if (!options.groupOf) return options.rows.flatMap((row, position) => linesOf(row, position, options));
  const groups = new Map<string, GroupLine & { members: TableLine<Row>[] }>();
  const rest: TableLine<Row>[] = [];
  for (const [position, row] of options.rows.entries()) {
    const lines = linesOf(row, position, options);
    if (row === undefined) {
      rest.push(...lines);
      continue;
    }
    const { key, label } = options.groupOf(row);
    let group = groups.get(key);
    if (!group) {
      group = { kind: 'group', key, label, count: 0, isOpen: !options.closedGroups.has(key), members: [] };
      groups.set(key, group);
    }
    group.count += 1;
    if (group.isOpen) group.members.push(...lines);
  }
  return [...[...groups.values()].flatMap(({ members, ...group }) => [group, ...members]), ...rest];
}

/** The line of a table that a line is remembered by when what is above it changes. */
export function keyOfLine<Row>(line: TableLine<Row>): string {
  return `${line.kind} ${line.key}`;
}

function linesOf<Row>(row: MaybeLoaded<Row>, position: number, { rowKey, openRows }: LineOptions<Row>): TableLine<Row>[] {
  if (row === undefined) return [{ kind: 'row', row, position, key: `not loaded ${position}` }];
  const key = rowKey(row);
  const line: TableLine<Row> = { kind: 'row', row, position, key };
  return openRows.has(key) ? [line, { kind: 'detail', row, key }] : [line];
}
