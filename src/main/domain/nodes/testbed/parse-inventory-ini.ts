// An Ansible inventory in its INI form, within pasted text: hosts under [group], variables under [group:vars], groups under [group:children]. Pure.
import type { ListLine } from './list-line.js';
import { withoutPasswords } from './list-passwords.js';
import { ALL, groupOf, type Inventory, resolveInventory } from './resolve-inventory.js';

const HEADING = /^\[([^\]:\s]+)(?::(\w+))?\]\s*(?:[#;].*)?$/;
/** A heading could be an IPv6 address in brackets. */
const IPV6 = /^\[[0-9a-f]*:[0-9a-f:.]*\]/i;
const MAX_OF_A_RANGE = 1000;

/**
 * The hosts of all groups, remarks for headings and variables, and the indices of the lines that they take: nothing where there is neither a
 * heading nor a line with a variable. `isTaken`: lines that belong to something else.
 */
export function parseInventoryIni(
  lines: readonly string[],
  isTaken: (index: number) => boolean,
): { lines: ListLine[]; taken: Set<number> } {
  const inventory: Inventory = { hosts: new Map(), groups: new Map() };
  const remarks: ListLine[] = [];
  const taken = new Set<number>();
  let section: { group: string; kind: string } | null = null;
  for (const [index, raw] of lines.entries()) {
    const content = raw.trim();
    if (content === '' || isTaken(index)) continue;
    const remark = (text: string, isWrong = false): void => {
      taken.add(index);
      remarks.push({ line: index + 1, text: withoutPasswords(content), found: null, remark: text, isWrong });
    };
    const heading = IPV6.test(content) ? null : HEADING.exec(content);
    if (heading) {
      section = { group: heading[1] ?? '', kind: heading[2] ?? 'hosts' };
      groupOf(inventory, section.group);
      if (/^(?:hosts|vars|children)$/.test(section.kind)) remark('A heading of an Ansible inventory.');
      else remark(`"${section.kind}" is no section of an Ansible inventory.`, true);
      continue;
    }
    if (/^[#;]/.test(content)) continue;
    if (section?.kind === 'vars') {
      readVariable(content, groupOf(inventory, section.group).variables);
      remark(`A variable of the group "${section.group}": it holds for its hosts.`);
    } else if (section?.kind === 'children') {
      groupOf(inventory, section.group).children.add(content.split(/\s/)[0] ?? '');
      remark(`A group within the group "${section.group}".`);
    } else if (isHostLine(content, section !== null)) {
      taken.add(index);
      addHosts(inventory, section?.group ?? ALL, { content, line: index + 1 });
    }
  }
  return { lines: [...remarks, ...resolveInventory(inventory)], taken };
}

/** Within a group a host may be alone; what has several words is the inventory's only with variables. */
function isHostLine(content: string, isInGroup: boolean): boolean {
  const [first = '', ...settings] = splitSettings(content);
  if (settings.length === 0) return isInGroup && !first.includes('=');
  return settings.every((setting) => /^\w+=/.test(setting)) && (isInGroup || settings.some((setting) => /^ansible_\w+=/.test(setting)));
}

function addHosts(inventory: Inventory, group: string, { content, line }: { content: string; line: number }): void {
  const [pattern = '', ...settings] = splitSettings(content);
  for (const name of expandRange(pattern)) {
    const host = inventory.hosts.get(name) ?? { name, line, text: withoutPasswords(content), variables: new Map<string, string>() };
    inventory.hosts.set(name, host);
    groupOf(inventory, group).hosts.add(name);
    for (const setting of settings) readVariable(setting, host.variables);
  }
}

function readVariable(setting: string, variables: Map<string, string>): void {
  const [, name, value = ''] = /^(\w+)\s*=\s*(.*?)\s*$/.exec(setting) ?? [];
  if (name !== undefined) variables.set(name, value.replace(/^(["'])(.*)\1$/, '$2'));
}

/** Words, where what is in quotes is one; a comment ends the line. */
function splitSettings(content: string): string[] {
  const words = [...content.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) => word);
  const comment = words.findIndex((word) => word.startsWith('#'));
  return comment < 0 ? words : words.slice(0, comment);
}

/** `orin[01:12]` and `orin[a:c]`, also with a step; several in one name. */
export function expandRange(pattern: string): string[] {
  const [whole, from = '', to = '', step = '1'] = /\[([0-9]+|[A-Za-z]):([0-9]+|[A-Za-z])(?::([1-9][0-9]*))?\]/.exec(pattern) ?? [];
  if (whole === undefined || IPV6.test(pattern)) return [pattern];
  const isNumber = /^\d/.test(from);
  const [first, last] = [from, to].map((end) => (isNumber ? Number(end) : end.charCodeAt(0)));
  if (first === undefined || last === undefined || Number.isNaN(last) || last - first > MAX_OF_A_RANGE * Number(step)) return [pattern];
  const names: string[] = [];
  for (let value = first; value <= last; value += Number(step)) {
    const shown = isNumber ? String(value).padStart(from.length, '0') : String.fromCharCode(value);
    names.push(...expandRange(pattern.replace(whole, () => shown)));
  }
  return names;
}
