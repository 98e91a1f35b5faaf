// A command line of OpenSSH's client, pasted: `ssh -p 2222 -J gate -i ~/.ssh/lab lab@10.0.0.7 uptime`. Pure; it is never run.
import type { ListLine, NamedHost } from './list-line.js';
import { hasPassword, PASSWORD_LEFT_OUT } from './list-passwords.js';
import { parseAddress } from './parse-address.js';

type Finding = Omit<ListLine, 'line' | 'text'>;

/** Letters of options that take a value; the others are alone, several in one word. */
const WITH_VALUE = /[BbcDEeFIiJLlmOoPpQRSWw]/;
/** Settings after -o that change whom the connection reaches or whom it trusts, and are not read. */
const REFUSED_SETTING =
  /^(?:proxycommand|hostkeyalias|userknownhostsfile|globalknownhostsfile|revokedhostkeys|identityagent|certificatefile|include)$/;

/** The words after `ssh`, or null where the line is no such command. A prompt and `sshpass` before it are passed over. */
export function sshWords(content: string): string[] | null {
  const words = [...content.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replace(/["']/g, ''));
  if (words[0] === '$') words.shift();
  const start = words[0] === 'sshpass' ? words.indexOf('ssh') : 0;
  return words[start] === 'ssh' ? words.slice(start + 1) : null;
}

/** Options that change nothing about the way are left out. */
export function readSshCommand(words: readonly string[], content: string): Finding {
  const named: Partial<NamedHost> = {};
  let target: NamedHost | null = null;
  const waiting = [...words];
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    if (!/^-[a-zA-Z0-9]/.test(word)) {
      if (target) break;
      target = parseAddress(word);
      if (!target) return wrong(`"${word}" is not a valid host.`);
      continue;
    }
    const letters = word.slice(1);
    const at = letters.search(WITH_VALUE);
    if (at < 0) continue;
    const letter = letters[at] ?? '';
    const value = letters.slice(at + 1) || (waiting.shift() ?? '');
    const refused = take(named, letter, value);
    if (refused !== null) return wrong(refused);
  }
  if (!target) return wrong('The ssh command names no host.');
  const { host = target.host, ...more } = named;
  const remark = hasPassword(content) ? PASSWORD_LEFT_OUT : null;
  return { found: { ...target, ...more, host, name: host === target.host ? null : target.host }, remark, isWrong: false };
}

/** Puts what the option says into `named`; returns why it can't be read, or null. */
function take(named: Partial<NamedHost>, letter: string, value: string): string | null {
  if (letter === 'p') named.port = Number(value);
  if (letter === 'l') named.user = value;
  if (letter === 'i') named.keyFile = value;
  if (letter === 'J') named.proxyJump = value === 'none' ? null : value;
  if (letter === 'F' || letter === 'W') return refusal(`-${letter}`);
  if (letter !== 'o') return null;
  const [, keyword = '', rest = ''] = /^(\w+)(?:\s*=\s*|\s+)(.*)$/.exec(value) ?? [];
  const key = keyword.toLowerCase();
  // Nothing is trusted without a question anyway, which is what these two words are for.
  const isOpen = (key === 'userknownhostsfile' && rest === '/dev/null') || (key === 'proxycommand' && rest === 'none');
  if (!isOpen && (REFUSED_SETTING.test(key) || (key === 'stricthostkeychecking' && /^(?:yes|true)$/i.test(rest)))) return refusal(keyword);
  if (key === 'port') named.port = Number(rest);
  if (key === 'user') named.user = rest;
  if (key === 'hostname') named.host = rest;
  if (key === 'identityfile') named.keyFile = rest;
  if (key === 'proxyjump') named.proxyJump = rest === 'none' ? null : rest;
  return null;
}

function refusal(option: string): string {
  return `The option ${option} is not read: put the host into ~/.ssh/config and add it from there.`;
}

function wrong(remark: string): Finding {
  return { found: null, remark, isWrong: true };
}
