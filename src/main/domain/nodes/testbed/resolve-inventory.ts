// An Ansible inventory, once it is read: groups with variables, hosts and groups within them; and the hosts that come of it. Pure.
import type { ListLine } from './list-line.js';
import { isPasswordName, PASSWORD_LEFT_OUT } from './list-passwords.js';
import { parseAddress } from './parse-address.js';

export type InventoryVariables = Map<string, string>;

export interface InventoryHost {
  name: string;
  /** Where it is named first, from 1. */
  line: number;
  text: string;
  variables: InventoryVariables;
}

export interface InventoryGroup {
  variables: InventoryVariables;
  /** By name; of hosts that may be in other groups as well. */
  hosts: Set<string>;
  children: Set<string>;
}

export interface Inventory {
  hosts: Map<string, InventoryHost>;
  groups: Map<string, InventoryGroup>;
}

/** The group that every host is in. */
export const ALL = 'all';

export function groupOf(inventory: Inventory, name: string): InventoryGroup {
  const known = inventory.groups.get(name);
  if (known) return known;
  const group: InventoryGroup = { variables: new Map(), hosts: new Set(), children: new Set() };
  inventory.groups.set(name, group);
  return group;
}

/** As in Ansible a host is one wherever it is named, a nearer group goes before one around it, and the host's own variables go before all. */
export function resolveInventory(inventory: Inventory): ListLine[] {
  const depths = measureDepths(inventory);
  return [...inventory.hosts.values()].map((host): ListLine => {
    const variables: InventoryVariables = new Map();
    const around = [...groupsAround(inventory, host.name)].sort(
      (one, other) => (depths.get(one) ?? 1) - (depths.get(other) ?? 1) || (one < other ? -1 : 1),
    );
    for (const name of around) for (const [key, value] of groupOf(inventory, name).variables) variables.set(key, value);
    for (const [key, value] of host.variables) variables.set(key, value);
    return { line: host.line, text: host.text, ...toFinding(host.name, variables) };
  });
}

/** The longest way from the outermost group; a circle ends. */
function measureDepths(inventory: Inventory): Map<string, number> {
  const depths = new Map<string, number>([[ALL, 0]]);
  const visit = (name: string, depth: number): void => {
    if (depth > inventory.groups.size + 1 || (depths.get(name) ?? -1) >= depth) return;
    depths.set(name, depth);
    for (const child of inventory.groups.get(name)?.children ?? []) visit(child, depth + 1);
  };
  for (const name of inventory.groups.keys()) if (name !== ALL) visit(name, 1);
  return depths;
}

function groupsAround(inventory: Inventory, host: string): Set<string> {
  const around = new Set<string>([ALL]);
  const add = (name: string): void => {
    if (around.has(name)) return;
    around.add(name);
    for (const [parent, { children }] of inventory.groups) if (children.has(name)) add(parent);
  };
  for (const [name, { hosts }] of inventory.groups) if (hosts.has(host)) add(name);
  return around;
}

function toFinding(name: string, variables: InventoryVariables): Omit<ListLine, 'line' | 'text'> {
  const of = (...names: string[]): string | null => names.map((key) => variables.get(`ansible_${key}`)).find((value) => value) ?? null;
  const wrong = (remark: string): Omit<ListLine, 'line' | 'text'> => ({ found: null, remark, isWrong: true });
  const connection = of('connection') ?? 'ssh';
  if (connection === 'local') return { found: null, remark: 'This computer itself (ansible_connection=local).', isWrong: false };
  if (!/^(?:ssh|smart|paramiko|paramiko_ssh)$/.test(connection))
    return wrong(`It is not reached by SSH (ansible_connection=${connection}).`);
  const settings = { host: of('host', 'ssh_host'), user: of('user', 'ssh_user'), port: of('port', 'ssh_port') };
  const keyFile = of('ssh_private_key_file', 'private_key_file');
  const template = [...Object.values(settings), keyFile].find((value) => value?.includes('{{'));
  if (template != null) return wrong(`"${template}" is a template, which only Ansible can fill.`);
  const way = `${of('ssh_common_args') ?? ''} ${of('ssh_extra_args') ?? ''}`;
  const proxyJump = /(?:-J\s*|ProxyJump[= ]\s*)["']?([^\s"']+)/.exec(way)?.[1] ?? null;
  if (/ProxyCommand|-W\b/i.test(way)) {
    return wrong('Its ProxyCommand is not read: put the host into ~/.ssh/config and add it from there.');
  }
  // Without a variable the name of a host may be an address itself.
  const address = parseAddress(name);
  if (!address && settings.host === null) return wrong(`"${name}" is not a valid host.`);
  const hasPassword = [...variables.keys()].some(isPasswordName);
  return {
    found: {
      name: settings.host === null ? null : name,
      host: settings.host ?? address?.host ?? name,
      user: settings.user ?? address?.user ?? null,
      port: settings.port === null ? (address?.port ?? null) : Number(settings.port),
      keyFile,
      proxyJump,
    },
    remark: hasPassword ? PASSWORD_LEFT_OUT : null,
    isWrong: false,
  };
}
