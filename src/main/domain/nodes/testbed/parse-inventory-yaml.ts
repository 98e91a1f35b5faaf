// An Ansible inventory in YAML: `all: { hosts, vars, children }`. Pure; tags such as !vault are values that are not read.
import type { Document, Pair, YAMLMap } from 'yaml';
import type { ListLine } from './list-line.js';
import { withoutPasswords } from './list-passwords.js';
import { loadYaml } from './load-yaml.js';
import { expandRange } from './parse-inventory-ini.js';
import { groupOf, type Inventory, type InventoryVariables, resolveInventory } from './resolve-inventory.js';

const DEEPEST_GROUP = 20;

/** Whether the text is meant as one: it has a key of a group at the end of a line. */
export function isInventoryYaml(text: string): boolean {
  return /^\s*(?:hosts|children)\s*:\s*(?:\{.*)?(?:#.*)?$/m.test(text) && /^\s*["']?[\w.-]+["']?\s*:/m.test(text);
}

/** Never throws: what can't be read is a line that is wrong. */
export function parseInventoryYaml(text: string): ListLine[] {
  const { parseDocument, LineCounter, isMap } = loadYaml();
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, logLevel: 'silent', uniqueKeys: false });
  const lineOf = (offset: number | undefined): number => (offset === undefined ? 1 : lineCounter.linePos(offset).line);
  const lines = text.split(/\r?\n/);
  const [error] = document.errors;
  if (error) return [wrongAt(lines, lineOf(error.pos[0]), `It is no YAML: ${error.message.split('\n')[0] ?? ''}`)];
  if (!isMap(document.contents)) return [wrongAt(lines, 1, 'It is no inventory: groups with their hosts are expected.')];
  const reader = new YamlReader(document, lines, lineOf);
  for (const pair of document.contents.items) reader.readGroup(pair, 0);
  return [...reader.remarks, ...resolveInventory(reader.inventory)];
}

class YamlReader {
  readonly inventory: Inventory = { hosts: new Map(), groups: new Map() };
  readonly remarks: ListLine[] = [];
  readonly #document: Document;
  readonly #lines: readonly string[];
  readonly #handlerOf: (offset: number | undefined) => number;

  constructor(document: Document, lines: readonly string[], lineOf: (offset: number | undefined) => number) {
    this.#document = document;
    this.#lines = lines;
    this.#handlerOf = lineOf;
  }

  readGroup(pair: Pair, depth: number): string | null {
    const name = keyOf(pair);
    const group = groupOf(this.inventory, name);
    const content = this.#mapOf(pair.value);
    if (!content || depth > DEEPEST_GROUP) {
      if (pair.value !== null && !isNull(pair.value))
        this.#refuse(pair, `The group "${name}" is none: hosts, vars or children are expected.`);
      return name;
    }
    for (const part of content.items) {
      const key = keyOf(part);
      const items = this.#mapOf(part.value)?.items ?? [];
      if (key === 'hosts') for (const host of items) this.#addHosts(name, host);
      else if (key === 'vars') for (const variable of items) this.#readVariable(variable, group.variables);
      else if (key === 'children') {
        for (const child of items) {
          const childName = this.readGroup(child, depth + 1);
          if (childName !== null) group.children.add(childName);
        }
      } else this.#refuse(part, `"${key}" is no part of a group: hosts, vars or children are expected.`);
    }
    return name;
  }

  #addHosts(group: string, pair: Pair): void {
    const variables = this.#mapOf(pair.value)?.items ?? [];
    const line = this.#handlerOf(offsetOf(pair));
    for (const name of expandRange(keyOf(pair))) {
      const known = this.inventory.hosts.get(name);
      const host = known ?? { name, line, text: name, variables: new Map<string, string>() };
      this.inventory.hosts.set(name, host);
      groupOf(this.inventory, group).hosts.add(name);
      for (const variable of variables) this.#readVariable(variable, host.variables);
    }
  }

  /** What is tagged (!vault) or no plain value is there, and empty. */
  #readVariable(pair: Pair, variables: InventoryVariables): void {
    const { isScalar } = loadYaml();
    const { value } = pair;
    const plain: unknown = isScalar(value) && !value.tag?.startsWith('!') ? value.value : null;
    variables.set(keyOf(pair), typeof plain === 'string' || typeof plain === 'number' ? String(plain) : '');
  }

  #mapOf(value: unknown): YAMLMap | null {
    const { isAlias, isMap } = loadYaml();
    const resolved = isAlias(value) ? value.resolve(this.#document) : value;
    return isMap(resolved) ? resolved : null;
  }

  #refuse(pair: Pair, remark: string): void {
    this.remarks.push(wrongAt(this.#lines, this.#handlerOf(offsetOf(pair)), remark));
  }
}

function keyOf({ key }: Pair): string {
  const value = loadYaml().isScalar(key) ? key.value : key;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function offsetOf({ key }: Pair): number | undefined {
  return loadYaml().isScalar(key) ? key.range?.[0] : undefined;
}

function isNull(value: unknown): boolean {
  return loadYaml().isScalar(value) && value.value === null;
}

function wrongAt(lines: readonly string[], line: number, remark: string): ListLine {
  return { line, text: withoutPasswords((lines[line - 1] ?? '').trim()), found: null, remark, isWrong: true };
}
