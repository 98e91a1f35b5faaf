// What `ssh -G` says of a host, in this program's words. Pure; which options are obeyed is the table in ssh-options.ts.
import { addNodeInput } from '../../../shared/api/inputs.js';
import { AppError } from '../../../shared/errors.js';
import { DEFAULT_HOST_KEY_RULES, type HostKeyRules, type SshHost } from '../../../shared/testbed.js';
import { listUnsupported } from './ssh-options.js';
import { expandPath, hasSameSetting, type LocalUser, onlySetting, readSshSettings, splitPaths, type SshSettings } from './ssh-settings.js';

export interface ResolvedHost {
  host: SshHost;
  /** The list after ProxyJump; null where there is none. */
  proxyJump: string | null;
}

/** The output of `ssh -G`. */
export interface SshConfigOutput {
  /** With the configuration. */
  configured: string;
  /** Without any, of the same client: OpenSSH's defaults differ between versions. */
  defaults: string;
}

const addressSchema = addNodeInput.pick({ host: true, port: true, user: true });
const STRICTNESS: Readonly<Record<string, HostKeyRules['unknownKey']>> = {
  ...{ yes: 'refuse', true: 'refuse' },
  ask: 'ask',
  ...{ 'accept-new': 'accept', no: 'accept', off: 'accept', false: 'accept' },
};

/** Throws `unsupported` for a ProxyCommand and a file that can't be determined, and `invalid-input` for an address that is none. */
export function parseResolvedHost(output: SshConfigOutput, alias: string, local: LocalUser): ResolvedHost {
  const settings = readSshSettings(output.configured);
  const defaults = readSshSettings(output.defaults);
  const only = (keyword: string): string | null => onlySetting(settings, keyword);
  refuseUnreachable(settings, alias);
  const address = addressSchema.safeParse({ host: only('hostname'), port: Number(only('port')), user: only('user') });
  if (!address.success) {
    throw new AppError(
      'invalid-input',
      `SSH's configuration of "${alias}" gives no usable address: ${address.error.issues[0]?.message ?? 'nothing'}.`,
      `Look at the output of "ssh -G ${alias}".`,
    );
  }
  const { host, port, user } = address.data;
  const expand = (path: string): string | null => expandPath(path, local, { h: host, n: alias, r: user, p: String(port) });
  return {
    host: {
      alias,
      host,
      port,
      user,
      identityFiles: (settings.get('identityfile') ?? []).flatMap((path) => expand(path) ?? []),
      identitiesOnly: only('identitiesonly') === 'yes',
      identityAgent: readIdentityAgent(settings.get('identityagent')?.[0] ?? null, alias, expand),
      hostKeyAlias: only('hostkeyalias'),
      hostKeyRules: readHostKeyRules(settings, defaults, alias, expand),
      remarks: [...listUnsupported(settings, defaults), ...remarksOfStrictness(settings)],
    },
    proxyJump: only('proxyjump'),
  };
}

function refuseUnreachable(settings: SshSettings, alias: string): void {
  if (onlySetting(settings, 'proxycommand')) {
    throw new AppError(
      'unsupported',
      `The configuration of SSH reaches "${alias}" by a ProxyCommand, which this program does not run.`,
      'Use ProxyJump for this host in ~/.ssh/config, or add the node by its address.',
    );
  }
  const refusal = onlySetting(settings, 'refuseconnection');
  if (refusal !== null) {
    throw new AppError(
      'unsupported',
      `The configuration of SSH refuses to connect to "${alias}": ${refusal}`,
      'Take RefuseConnection out of ~/.ssh/config for this host.',
    );
  }
}

type Expand = (path: string) => string | null;

/** A path, `none` or `$NAME` as written, or null for SSH_AUTH_SOCK. */
function readIdentityAgent(value: string | null, alias: string, expand: Expand): string | null {
  if (value === null || value === 'SSH_AUTH_SOCK' || value === '$SSH_AUTH_SOCK') return null;
  if (value === 'none' || /^\$\w+$/.test(value)) return value;
  return expand(value) ?? untold('IdentityAgent', value, alias);
}

function readHostKeyRules(settings: SshSettings, defaults: SshSettings, alias: string, expand: Expand): HostKeyRules {
  const pathsOf = (keyword: string, name: string): string[] =>
    (settings.get(keyword) ?? [])
      .flatMap(splitPaths)
      .filter((path) => path !== 'none')
      .map((path) => expand(path) ?? untold(name, path, alias));
  const areUsual = ['userknownhostsfile', 'globalknownhostsfile'].every((keyword) => hasSameSetting(settings, defaults, keyword));
  const strictness = onlySetting(settings, 'stricthostkeychecking') ?? 'ask';
  return {
    ...DEFAULT_HOST_KEY_RULES,
    knownHostsFiles: areUsual
      ? null
      : [...pathsOf('userknownhostsfile', 'UserKnownHostsFile'), ...pathsOf('globalknownhostsfile', 'GlobalKnownHostsFile')],
    revokedKeysFiles: pathsOf('revokedhostkeys', 'RevokedHostKeys'),
    // A word of a later OpenSSH is taken as its strictest.
    unknownKey: STRICTNESS[strictness.toLowerCase()] ?? 'refuse',
  };
}

function remarksOfStrictness(settings: SshSettings): string[] {
  if (!/^(no|off|false)$/.test(settings.get('stricthostkeychecking')?.[0] ?? '')) return [];
  return ['StrictHostKeyChecking no accepts a new host key here as well, but one that has changed is refused all the same.'];
}

/** A file that says whom to trust can't be left out because its name is not understood. */
function untold(option: string, value: string, alias: string): never {
  throw new AppError(
    'unsupported',
    `The ${option} of "${alias}" is "${value}", which this program can't make an absolute path of.`,
    `Write an absolute path after ${option} in ~/.ssh/config.`,
  );
}
