// What OpenSSH's `ssh` is given for the way to a node: a configuration and known hosts of this program's making, and nothing of the user's.
// Pure. It may do less than the user's own `ssh`: the recorded keys alone, no other host, no password, no forwarding, no question.
import type { ResolvedSshHop, ResolvedSshRoute } from './ssh-route.js';

export interface OpenSshSetup {
  /** By their names in the private folder. */
  files: { config: string; known_hosts: string };
  /** The name of the node in the configuration. */
  destination: string;
}

/** The names of what lies in the private folder. */
export const CONFIG_FILE = 'config';
export const KNOWN_HOSTS_FILE = 'known_hosts';
/** The socket of the agent that lends the logins of a host, by its index on the way. */
export const agentSocketName = (index: number): string => `agent-${index}`;

/** What needs no quotes, is no option, and has no token that `ssh` replaces. */
const PLAIN_NAME = /^[A-Za-z0-9_:][A-Za-z0-9_.:@+-]*$/;
const PLAIN_PATH = /^[\p{L}\p{N} _.:@+/-]+$/u;
/** Unix sockets have shorter paths than files: the shortest limit is that of macOS. */
const MAX_SOCKET_PATH_LENGTH = 103;

/** What a server signs with, by the type of the key on record; others are refused. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  'ssh-ed25519': 'ssh-ed25519',
  'ecdsa-sha2-nistp256': 'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384': 'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521': 'ecdsa-sha2-nistp521',
  'ssh-rsa': 'rsa-sha2-512,rsa-sha2-256',
};

/** AES first: processors of desktops and of Jetsons have instructions for it. */
const CIPHERS = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
  'chacha20-poly1305@openssh.com',
];

/** Why `ssh` can't go this way, in words that stand behind "because"; null when it can. */
export function whyNotOpenSsh(route: ResolvedSshRoute, folder: string): string | null {
  if (route.some(({ logins }) => logins.some(({ kind }) => kind === 'password'))) return 'a password is not handed to another program';
  if (route.some(({ host, user }) => !PLAIN_NAME.test(host) || !PLAIN_NAME.test(user))) return 'a name on the way needs quotes';
  if (route.some(({ hostKey }) => !(hostKey.keyType in ALGORITHMS))) return 'a host key on the way is of an unusual type';
  if (!PLAIN_PATH.test(folder)) return 'the folder of temporary files has a name that needs quotes';
  const longest = `${folder}/${agentSocketName(route.length)}`;
  return Buffer.byteLength(longest) > MAX_SOCKET_PATH_LENGTH ? 'the folder of temporary files has too long a name' : null;
}

/** `folder`: absolute, private, where the files and the agents' sockets are. Only for a way that `whyNotOpenSsh` has nothing against. */
export function setUpOpenSsh(route: ResolvedSshRoute, folder: string): OpenSshSetup {
  const lines = [
    ...route.flatMap((hop, index) => hostLines(hop, index, folder)),
    'Host *',
    ...indented([
      'BatchMode yes',
      'StrictHostKeyChecking yes',
      `UserKnownHostsFile "${folder}/${KNOWN_HOSTS_FILE}"`,
      'GlobalKnownHostsFile /dev/null',
      'UpdateHostKeys no',
      'VerifyHostKeyDNS no',
      'CheckHostIP no',
      'PreferredAuthentications publickey',
      // Where none is named, `ssh` looks at those of the user. There is no such file.
      `IdentityFile "${folder}/none"`,
      'ControlPath none',
      'ClearAllForwardings yes',
      'ForwardAgent no',
      'ForwardX11 no',
      'PermitLocalCommand no',
      'Compression no',
      `Ciphers ${CIPHERS.join(',')}`,
      'RequestTTY no',
      'EscapeChar none',
      'ConnectTimeout 10',
      'ServerAliveInterval 5',
      'ServerAliveCountMax 3',
      'LogLevel ERROR',
    ]),
  ];
  const known = route.map(({ hostKey: { keyType, keyBase64 } }, index) => `${nameOf(index)} ${keyType} ${keyBase64}`);
  return { files: { config: text(lines), known_hosts: text(known) }, destination: nameOf(route.length - 1) };
}

function hostLines({ host, port, user, hostKey }: ResolvedSshHop, index: number, folder: string): string[] {
  return [
    `Host ${nameOf(index)}`,
    ...indented([
      `HostName ${host}`,
      `Port ${port}`,
      `User ${user}`,
      `HostKeyAlias ${nameOf(index)}`,
      `HostKeyAlgorithms ${ALGORITHMS[hostKey.keyType] ?? ''}`,
      `IdentityAgent "${folder}/${agentSocketName(index)}"`,
      ...(index > 0 ? [`ProxyJump ${nameOf(index - 1)}`] : []),
    ]),
  ];
}

function nameOf(index: number): string {
  return `dedgeai-${index}`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
