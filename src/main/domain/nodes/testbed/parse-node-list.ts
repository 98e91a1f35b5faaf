// Text with hosts in it, as people have them at hand: one a line as `user@host:port name`, `host user port` (spaces, commas or tabs) or an ssh
// command, blocks of ~/.ssh/config, and inventories of Ansible (INI or YAML). Pure; nothing of it is ever run or looked up.
import type { ListLine, NamedHost } from './list-line.js';
import { withoutPasswords } from './list-passwords.js';
import { parseAddress } from './parse-address.js';
import { parseConfigBlocks } from './parse-config-blocks.js';
import { parseInventoryIni } from './parse-inventory-ini.js';
import { isInventoryYaml, parseInventoryYaml } from './parse-inventory-yaml.js';
import { readSshCommand, sshWords } from './parse-ssh-command.js';

type Finding = Omit<ListLine, 'line' | 'text'>;

/** Empty lines are left out. */
export function parseNodeList(text: string): ListLine[] {
  if (isInventoryYaml(text)) return inOrder(parseInventoryYaml(text));
  const lines = text.split(/\r?\n/);
  const { hosts, taken } = parseConfigBlocks(lines);
  const isCommand = (index: number): boolean => sshWords((lines[index] ?? '').trim()) !== null;
  const inventory = parseInventoryIni(lines, (index) => taken.has(index) || isCommand(index));
  const found = lines.flatMap((raw, index): ListLine[] => {
    const content = raw.trim();
    if (content === '' || taken.has(index) || inventory.taken.has(index)) return [];
    return [{ line: index + 1, text: withoutPasswords(content), ...readLine(content) }];
  });
  return inOrder([...found, ...hosts, ...inventory.lines]);
}

function inOrder(lines: ListLine[]): ListLine[] {
  return lines.sort((one, other) => one.line - other.line);
}

function readLine(content: string): Finding {
  if (/^[#;]/.test(content)) return ignored('A comment.');
  const command = sshWords(content);
  if (command) return readSshCommand(command, content);
  if (/^\w+=/.test(content)) return ignored('A variable of an Ansible inventory: name the user for all lines instead.');
  return readAddress(content.split(content.includes(',') ? /\s*,\s*/ : /[\s;]+/).filter((word) => word !== ''));
}

/** `user@host:port name ...` or `host user port`. */
function readAddress(words: readonly string[]): Finding {
  const [first = '', second, third, ...rest] = words;
  const address = parseAddress(first);
  if (!address) return wrong(`"${first}" is not a valid host.`);
  if (address.user !== null || address.port !== null) return found({ ...address, name: words.slice(1).join(' ') || null });
  if (rest.length > 0 || (third !== undefined && !/^\d+$/.test(third)))
    return wrong('Not recognized. Use user@host:port or an ssh command.');
  return found({ ...address, user: second ?? null, port: third === undefined ? null : Number(third) });
}

function found(host: NamedHost, remark: string | null = null): Finding {
  return { found: host, remark, isWrong: false };
}

function ignored(remark: string): Finding {
  return { found: null, remark, isWrong: false };
}

function wrong(remark: string): Finding {
  return { found: null, remark, isWrong: true };
}
