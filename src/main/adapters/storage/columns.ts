// Which field of a record lies in which column, said once for both ways: SELECT lists, INSERTs, and rows to records and back come from it.
import type { z } from 'zod';
import { wholeMs } from './whole-ms.js';

/** What SQLite takes and gives here: no table has a BLOB. */
export type SqlValue = string | number | null;
/** As it is written: by the names of its columns. */
export type Row = Record<string, SqlValue>;
/** As it is read: in the order of its SELECT, which takes half the time of names. */
export type RawRow = readonly SqlValue[];

/** Where a value lies: in one column or, for a part of a record that has a shape of its own, in several. */
export interface Mapping<Value> {
  /** The columns, in the order of a SELECT. */
  readonly names: readonly string[];
  write(value: Value, row: Row): void;
  /** Its columns start at index `at`. Throws what the schema of a JSON column throws; what a CHECK of the table holds is taken as it is. */
  read(row: RawRow, at: number): Value;
}

/** As it is. */
export function column<Value extends SqlValue>(name: string): Mapping<Value> {
  return {
    names: [name],
    write: (value, row) => (row[name] = value),
    read: (row, at) => row[at] as Value,
  };
}

/** A boolean as 1 or 0. */
export function flag(name: string): Mapping<boolean> {
  return {
    names: [name],
    write: (value, row) => (row[name] = value ? 1 : 0),
    read: (row, at) => row[at] === 1,
  };
}

/** As `flag`, and absent where it is not set: what most rows do not have. */
export function rareFlag(name: string): Mapping<boolean | undefined> {
  return {
    names: [name],
    write: (value, row) => (row[name] = value === true ? 1 : 0),
    read: (row, at) => (row[at] === 1 ? true : undefined),
  };
}

/** As it is, and absent for NULL. */
export function rareColumn<Value extends SqlValue>(name: string): Mapping<Value | null | undefined> {
  return {
    names: [name],
    write: (value, row) => (row[name] = value ?? null),
    read: (row, at) => (row[at] as Value | null) ?? undefined,
  };
}

/** Text or a number that only the program knows to be right, not the table. */
export function parsed<Value extends SqlValue>(name: string, schema: z.ZodType<Value>): Mapping<Value> {
  return { ...column<Value>(name), read: (row, at) => schema.parse(row[at]) };
}

/** Epoch ms, rounded to whole ones as the tables want them. */
export function instant<Value extends number | null = number>(name: string): Mapping<Value> {
  return { ...column<Value>(name), write: (value, row) => (row[name] = wholeMs(value)) };
}

/** A value as JSON text. */
export function json<Value>(name: string, schema: z.ZodType<Value>): Mapping<Value> {
  return {
    names: [name],
    write: (value, row) => (row[name] = JSON.stringify(value)),
    read: (row, at) => schema.parse(JSON.parse(row[at] as string)),
  };
}

/** NULL for null, otherwise as JSON text. */
export function nullableJson<Value>(name: string, schema: z.ZodType<Value>): Mapping<Value | null> {
  const mapping = json(name, schema);
  return {
    names: [name],
    write: (value, row) => {
      if (value === null) row[name] = null;
      else mapping.write(value, row);
    },
    read: (row, at) => (row[at] === null ? null : mapping.read(row, at)),
  };
}

/** As `nullableJson`, and absent for NULL: what most rows do not have. */
export function rareJson<Value>(name: string, schema: z.ZodType<Value>): Mapping<Value | undefined> {
  const mapping = nullableJson(name, schema);
  return {
    ...mapping,
    write: (value, row) => mapping.write(value ?? null, row),
    read: (row, at) => mapping.read(row, at) ?? undefined,
  };
}

type Mappings<T> = { readonly [Field in keyof T]-?: Mapping<T[Field]> };

/** The columns of a record, or of a part of one. */
export class Columns<T extends object> implements Mapping<T> {
  readonly names: readonly string[];
  readonly #mappings: Mappings<T>;
  readonly #fields: { readonly name: keyof T; readonly mapping: Mapping<T[keyof T]>; readonly offset: number }[] = [];

  constructor(mappings: Mappings<T>) {
    this.#mappings = mappings;
    const names: string[] = [];
    for (const name of Object.keys(mappings) as (keyof T)[]) {
      const mapping = mappings[name] as Mapping<T[keyof T]>;
      this.#fields.push({ name, mapping, offset: names.length });
      names.push(...mapping.names);
    }
    this.names = names;
  }

  /** Both of them, in this order, as parts of one record. */
  and<Other extends object>(other: Columns<Other>): Columns<T & Other> {
    return new Columns<T & Other>({ ...this.#mappings, ...other.#mappings } as Mappings<T & Other>);
  }

  /** For a SELECT: `id, name`, or with a table's name `t.id, t.name`. */
  list(table?: string): string {
    return this.names.map((name) => (table === undefined ? name : `${table}.${name}`)).join(', ');
  }

  write(value: T, row: Row): void {
    for (const { name, mapping } of this.#fields) mapping.write(value[name], row);
  }

  read(row: RawRow, at = 0): T {
    const record: Partial<T> = {};
    for (const { name, mapping, offset } of this.#fields) record[name] = mapping.read(row, at + offset);
    return record as T;
  }

  /** The parameters of an INSERT. */
  toRow(value: T): Row {
    const row: Row = {};
    this.write(value, row);
    return row;
  }

  /** The columns of what is given. */
  toChange(change: Partial<T>): Row {
    const row: Row = {};
    for (const { name, mapping } of this.#fields) {
      const value = change[name];
      if (value !== undefined) mapping.write(value, row);
    }
    return row;
  }
}

/** A part that may be absent: all of its columns are NULL then. `required` are those without which it is no part; all of them by default. */
export function optional<T extends object>(columns: Columns<T>, required: readonly string[] = columns.names): Mapping<T | null> {
  const needed = required.map((name) => columns.names.indexOf(name));
  return {
    names: columns.names,
    write: (value, row) => {
      if (value !== null) columns.write(value, row);
      else for (const name of columns.names) row[name] = null;
    },
    read: (row, at) => (needed.some((offset) => row[at + offset] === null) ? null : columns.read(row, at)),
  };
}
