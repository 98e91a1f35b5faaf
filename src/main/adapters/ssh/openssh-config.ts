// The user's SSH configuration, asked of OpenSSH's client: `ssh -G` prints what it would use and connects to nothing. Never in the event
// loop's way: a configuration may run commands of its own (Match exec) and take its time.
import { execFile } from 'node:child_process';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors.js';
import type { SshHost } from '../../../shared/testbed.js';
import { parseResolvedHost, type ResolvedHost } from './parse-resolved-host.js';
import { type HostOverrides, resolveJumps, resolveSshRoute } from './resolve-ssh-route.js';
import { listSshAliases } from './ssh-config-aliases.js';
import { printable } from './ssh-errors.js';

export interface OpenSshConfigOptions {
  /** Name or path of the client; `ssh` when absent. */
  program?: string;
  /** A configuration instead of the user's and the machine's. */
  configPath?: string;
  /** Real milliseconds for one host; 10,000 when absent. */
  timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_OUTPUT_BYTES = 256 * 1024;
/** What may be on the command line as host or user: no option, nothing that a shell would run. A backslash is that of `DOMAIN\user`. */
const ALIAS = /^[\p{L}\p{N}_.:@](?:[\p{L}\p{N}_.:@+\\-]*[\p{L}\p{N}_.:@+-])?$/u;

export class OpenSshConfig {
  readonly #options: OpenSshConfigOptions;

  constructor(options: OpenSshConfigOptions = {}) {
    this.#options = options;
  }

  /** Names to choose from; wildcards are left out, but `resolve` knows what they say. */
  async listAliases(): Promise<string[]> {
    const aliases = await listSshAliases(this.#options.configPath ?? join(homedir(), '.ssh', 'config'), homedir());
    return aliases.filter((alias) => ALIAS.test(alias));
  }

  /** The host behind a name, and the hosts on the way to it, the nearest first. Throws `unsupported` (no OpenSSH, a way this program can't go), `invalid-input` or `io`. */
  resolve(alias: string, overrides: HostOverrides = {}): Promise<{ host: SshHost; hops: SshHost[] }> {
    return resolveSshRoute(alias, overrides, (name, more) => this.#askHost(name, more));
  }

  /** The hosts that a list after ProxyJump means, the nearest first. Throws as `resolve`. */
  resolveHops(proxyJump: string, alias: string): Promise<SshHost[]> {
    return resolveJumps(proxyJump, alias, (name, more) => this.#askHost(name, more));
  }

  async #askHost(name: string, more: HostOverrides): Promise<ResolvedHost> {
    const local = { name: userInfo().username, homeDir: homedir() };
    const { configPath } = this.#options;
    const [configured, defaults] = await Promise.all([this.#ask(name, more, configPath), this.#ask(name, more, 'none')]);
    return parseResolvedHost({ configured, defaults }, name, local);
  }

  /** `configPath`: `none` for no configuration at all; the user's and the machine's when undefined. */
  #ask(alias: string, { user, port }: HostOverrides, configPath: string | undefined): Promise<string> {
    if (!ALIAS.test(alias) || (user !== undefined && !ALIAS.test(user))) {
      throw new AppError(
        'invalid-input',
        `"${printable(alias)}" is not a valid name of an SSH host.`,
        'Use letters, digits, dots, colons and hyphens.',
      );
    }
    const { program = 'ssh', timeoutMs = DEFAULT_TIMEOUT_MS } = this.#options;
    const args = [
      '-G',
      ...(configPath === undefined ? [] : ['-F', configPath]),
      ...(user === undefined ? [] : ['-l', user]),
      ...(port === undefined ? [] : ['-p', String(port)]),
      '--',
      alias,
    ];
    return new Promise((resolve, reject) => {
      execFile(program, args, { timeout: timeoutMs, maxBuffer: MAX_OUTPUT_BYTES, encoding: 'utf8' }, (error, stdout, stderr) => {
        if (error) reject(toConfigError(error, alias, stderr, timeoutMs));
        else resolve(stdout);
      }).stdin?.end();
    });
  }
}

function toConfigError(error: Error & { code?: unknown; killed?: boolean }, alias: string, stderr: string, timeoutMs: number): AppError {
  if (error.code === 'ENOENT') {
    return new AppError(
      'unsupported',
      `There is no OpenSSH client on this machine, so no one can say what ~/.ssh/config means for "${alias}".`,
      'Install OpenSSH, or add the node by its address, port and user.',
    );
  }
  if (error.killed) {
    return new AppError(
      'io',
      `"ssh -G ${alias}" did not end within ${timeoutMs / 1000} s.`,
      'Look for "Match exec" in the SSH configuration: its command hangs.',
    );
  }
  return new AppError(
    'invalid-input',
    `OpenSSH refuses its configuration for "${alias}": ${printable(stderr) || printable(error.message)}`,
    `Put it right, then check it with "ssh -G ${alias}".`,
  );
}
