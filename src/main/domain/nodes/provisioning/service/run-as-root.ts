// Commands on a node as root: directly, or by sudo with its password on standard input and nowhere else.
import { AppError } from '../../../../../shared/errors.js';
import { redactAll } from '../../../../adapters/log/redact-all.js';
import { shellQuote } from '../../../../adapters/ssh/shell-quote.js';
import { printable } from '../../../../adapters/ssh/ssh-errors.js';
import type { ExecResult } from '../../../../adapters/ssh/ssh-exec.js';
import type { NodeSession } from '../node-session.js';
import type { RootAccess } from './find-service.js';
import { SUDO_IN_ENGLISH, TERMINAL_SHELL_FUNCTION, WANTS_TERMINAL } from './terminal-for-sudo.js';

/** Of what gives sudo a terminal, where it can't. */
const NO_TERMINAL_STATUS = 125;

/** The first that root's shell says: without it, sudo has not started one. Its own words are another in every version and language. */
const ROOT_MARK = 'dedgeai-root\n';

/** How the user gives what sudo asks for. */
export const GIVE_SUDO_PASSWORD =
  'Enter it: Login and secrets of the node in the window, "npm run cli -- node login NODE --sudo-password-stdin" in a script.';

/**
 * Resolves with any exit status of the script. `what`: in words that follow "could not". Throws `ssh-auth-failed` when sudo does not let the user,
 * `unsupported` without a password, or where there is no sudo.
 */
export async function attemptAsRoot(session: NodeSession, access: RootAccess, what: string, script: string): Promise<ExecResult> {
  // The script must not read what is meant for sudo, nor a password that sudo did not ask for.
  const command = `/bin/sh -c ${shellQuote(`exec </dev/null\necho ${ROOT_MARK.trim()}\n${script}`)}`;
  if (access === 'root') return asRootSaid(await session.attempt(command));
  const { name, id, user } = session.node;
  if (access === 'none') {
    throw new AppError(
      'unsupported',
      `Node "${name}" has no sudo, and ${user} can't ${what} there without it.`,
      `Have root install sudo there and let ${user} use it, or log in to the node as root.`,
    );
  }
  const password = access === 'password' ? await session.tools.secrets.sudoPassword(id) : null;
  if (access !== 'free' && password === null) {
    throw new AppError(
      'unsupported',
      `Node "${name}" asks for the sudo password of ${user} to ${what}, and it is not known here.`,
      GIVE_SUDO_PASSWORD,
    );
  }
  const sudo = `env ${SUDO_IN_ENGLISH} sudo ${password === null ? '-n' : "-S -p ''"} ${command}`;
  const input = password === null ? {} : { stdin: Buffer.from(`${password}\n`) };
  let result = await session.attempt(sudo, input);
  // sudo says so before it looks at a password: none has been tried yet.
  if (result.code !== 0 && !result.stdout.startsWith(ROOT_MARK) && WANTS_TERMINAL.test(result.stderr)) {
    result = await session.attempt(`${TERMINAL_SHELL_FUNCTION}\nwith_terminal ${sudo}`, input);
    if (result.code === NO_TERMINAL_STATUS && !result.stdout.startsWith(ROOT_MARK)) {
      throw new AppError(
        'unsupported',
        `sudo on node "${name}" lets ${user} ${what} at a terminal only (requiretty), and none could be made there.`,
        `Install perl there, or have root add “Defaults:${user} !requiretty” to its sudoers (visudo).`,
      );
    }
  }
  if (!result.stdout.startsWith(ROOT_MARK) && result.code !== null) {
    const said = printable(redactAll(result.stderr.trim().split('\n').at(-1) ?? ''));
    throw new AppError(
      'ssh-auth-failed',
      `sudo on node "${name}" refused to let ${user} ${what}${said ? ` (${said})` : ''}.`,
      password === null
        ? 'Check “sudo -n true” in an SSH session there.'
        : 'Give the right sudo password for this node, and check that “sudo -v” takes it in an SSH session there.',
    );
  }
  return asRootSaid(result);
}

function asRootSaid(result: ExecResult): ExecResult {
  const { stdout } = result;
  return stdout.startsWith(ROOT_MARK) ? { ...result, stdout: stdout.slice(ROOT_MARK.length) } : result;
}

/** As `attemptAsRoot`, and throws when the script fails. */
export async function runAsRoot(session: NodeSession, access: RootAccess, what: string, script: string): Promise<string> {
  const result = await attemptAsRoot(session, access, what, script);
  if (result.code !== 0) throw await session.commandError(what, result);
  return result.stdout;
}
