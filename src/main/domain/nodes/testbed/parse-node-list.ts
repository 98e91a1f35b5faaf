// Text with hosts in it, as people have them at hand: one a line as `user@host:port name`, `host user port` (spaces, commas or tabs), an ssh
// command or a line of an Ansible inventory, and blocks of ~/.ssh/config. Pure; nothing of it is ever run or looked up.
import type { ListLine, NamedHost } from './list-line.js';
import { parseConfigBlocks } from './parse-config-blocks.js';

type Finding = Omit<ListLine, 'line' | 'text'>;

const PASSWORD_SETTING = /\b((?:ansible_)?(?:ssh_|become_|sudo_|su_)?pass(?:word|wd)?)=(?:"[^"]*"|'[^']*'|\S+)/gi;
/** Settings after -o that change where the connection goes. */
const WAY_SETTING = /^(proxy\w*|hostname|hostkeyalias|port|user|identityfile)\b/i;

/** Empty lines are left out. */
export function parseNodeList(text: string): ListLine[] {
  const lines = text.split(/\r?\n/);
  const { hosts, taken } = parseConfigBlocks(lines);
  const found = lines.flatMap((raw, index): ListLine[] => {
    const content = raw.trim();
    if (content === '' || taken.has(index)) return [];
    return [{ line: index + 1, text: withoutPasswords(content), ...readLine(content) }];
  });
  return [...found, ...hosts].sort((one, other) => one.line - other.line);
}

function readLine(content: string): Finding {
  if (/^[#;]/.test(content)) return ignored('A comment.');
  if (/^\[[^\]:]+(:\w+)?\]$/.test(content) && !/^\[[0-9a-f]*:/i.test(content)) return ignored('A heading of an Ansible inventory.');
  const words = content.split(content.includes(',') ? /\s*,\s*/ : /[\s;]+/).filter((word) => word !== '');
  if (words[0] === 'ssh') return readSshCommand(words.slice(1));
  if (words.some((word) => /^ansible_\w+=/.test(word))) return readAnsibleLine(words);
  if (/^\w+=/.test(content)) return ignored('A variable of an Ansible inventory: name the user for all lines instead.');
  return readAddress(words);
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

/** `ssh [-p port] [-l user] [-i file] [user@]host`; other options are left out, as far as they change nothing about the way. */
function readSshCommand(words: readonly string[]): Finding {
  const named: Partial<NamedHost> = {};
  let target: NamedHost | null = null;
  const waiting = [...words];
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    const option = /^-([a-zA-Z0-9])(.*)$/.exec(word);
    if (!option) {
      if (target) break;
      target = parseAddress(word);
      if (!target) return wrong(`"${word}" is not a valid host.`);
      continue;
    }
    const [, letter = '', attached = ''] = option;
    const value = attached || (/[pliEbcemOBIQoJFWSwDLR]/.test(letter) ? (waiting.shift() ?? '') : '');
    if (/[JFW]/.test(letter) || (letter === 'o' && WAY_SETTING.test(value))) {
      return wrong(`The option -${letter} is not read: put the host into ~/.ssh/config and add it from there.`);
    }
    if (letter === 'p') named.port = Number(value);
    if (letter === 'l') named.user = value;
    if (letter === 'i') named.keyFile = value;
  }
  return target ? found({ ...target, ...named }) : wrong('The ssh command names no host.');
}

/** `name ansible_host=... ansible_user=... ansible_port=... ansible_ssh_private_key_file=...` */
function readAnsibleLine([name = '', ...settings]: readonly string[]): Finding {
  const values = new Map(
    settings.flatMap((setting): [string, string][] => {
      const [, key, value] = /^(\w+)=["']?(.*?)["']?$/.exec(setting) ?? [];
      return key && value !== undefined ? [[key.replace(/^ansible_ssh_(?=host|user|port)/, 'ansible_'), value]] : [];
    }),
  );
  if (/ProxyJump|ProxyCommand|-J/.test(values.get('ansible_ssh_common_args') ?? '')) {
    return wrong('Hosts on the way are not read: put the host into ~/.ssh/config and add it from there.');
  }
  const port = values.get('ansible_port');
  const remark = settings.some((setting) => setting.search(PASSWORD_SETTING) >= 0)
    ? 'The password was left out: enter it as a secret.'
    : null;
  return found(
    {
      name,
      host: values.get('ansible_host') ?? name,
      user: values.get('ansible_user') ?? null,
      port: port === undefined ? null : Number(port),
      keyFile: values.get('ansible_ssh_private_key_file') ?? null,
    },
    remark,
  );
}

/** `[ssh://][user@]host[:port]`, an IPv6 address with a port in brackets; null for anything else. */
function parseAddress(word: string): NamedHost | null {
  const match = /^(?:ssh:\/\/)?(?:([^@\s]+)@)?(?:\[([0-9a-f:.]+)\](?::(\d+))?|([^:\s@[\]]+)(?::(\d+))?|([0-9a-f]*:[0-9a-f:.]+))\/?$/i.exec(
    word,
  );
  const host = match?.[2] ?? match?.[4] ?? match?.[6];
  if (!match || host === undefined) return null;
  const port = match[3] ?? match[5];
  return { name: null, host, user: match[1] ?? null, port: port === undefined ? null : Number(port), keyFile: null };
}

function withoutPasswords(content: string): string {
  return content.replace(PASSWORD_SETTING, '$1=(left out)');
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
