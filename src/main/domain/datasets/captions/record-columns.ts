// The fields of JSON records as columns to choose from.
import type { LayoutColumn } from './caption-layout.js';
import { isRecord, textsOf } from './record-texts.js';

const MAX_EXAMPLES = 50;
const MAX_COLUMNS = 200;
const MAX_NAME_LENGTH = 200;

/** Gathers the fields that hold texts, with values of each. A record that is a text itself has them under the empty name. */
export class RecordColumns {
  readonly #columns = new Map<string, string[]>();
  readonly #numberNames = new Set<string>();
  recordCount = 0;

  add(record: unknown): void {
    this.recordCount++;
    if (!isRecord(record)) this.#addField('', record);
    else for (const [field, value] of Object.entries(record)) this.#addField(field, value);
  }

  list(): LayoutColumn[] {
    return Array.from(this.#columns, ([name, examples]) => ({ name, examples }));
  }

  /** Names of fields that hold numbers: an image may be known by one. */
  numberNames(): string[] {
    return [...this.#numberNames];
  }

  #addField(field: string, value: unknown): void {
    if (typeof value === 'number' && this.#numberNames.size < MAX_COLUMNS) this.#numberNames.add(field);
    const texts = textsOf(value)?.filter((text) => text !== null && text.trim() !== '') as string[] | undefined;
    if (!texts || field.length > MAX_NAME_LENGTH) return;
    const examples = this.#columns.get(field);
    if (examples) examples.push(...texts.slice(0, MAX_EXAMPLES - examples.length));
    else if (this.#columns.size < MAX_COLUMNS) this.#columns.set(field, texts.slice(0, MAX_EXAMPLES));
  }
}
